//! `--against`: both counts of each word are those of two runs, and the measures are those of the formulas.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;

use ngram_count::Format::{Counts, Text, V2, V3};
use ngram_count::write::{self, Column, OutputFormat, OutputOptions};
use ngram_count::{By, Error, Format, Input, Job, Spelling};
use proptest::prelude::*;
use proptest::sample::select;

use crate::common::oracle::{row, write as rows_as};
use crate::common::{Scratch, laws, ways_to_cut};

/// Rows of few words in a format.
fn text(format: Format, rows: &[(String, u64)]) -> Vec<u8> {
    let lines = |line: &dyn Fn(&(String, u64)) -> String| rows.iter().map(line).collect::<String>().into_bytes();
    match format {
        Text => lines(&|(word, count)| format!("{word} ").repeat(usize::try_from(*count).unwrap()) + "\n"),
        Counts => lines(&|(word, count)| format!("{word}\t{count}\n")),
        format => {
            rows_as(format, &rows.iter().map(|(word, count)| row(word, 1990 + count, *count, 1)).collect::<Vec<_>>())
        }
    }
}

fn rows() -> impl Strategy<Value = Vec<(String, u64)>> {
    prop::collection::vec(("[abAB]{1,2}|[ab]{24,26}", 1_u64..9), 0..40)
}

/// G² by the definition: twice the sum of observed * ln(observed / expected).
fn log_likelihood(count: u64, count_there: u64, here: u64, there: u64) -> f64 {
    let [a, b, here, there] = [count, count_there, here, there].map(|number| number as f64);
    let (word, all) = (a + b, here + there);
    let cells =
        [(a, word * here), (b, word * there), (here - a, (all - word) * here), (there - b, (all - word) * there)];
    let terms = cells.iter().filter(|(observed, _)| *observed > 0.0);
    let sum: f64 = terms.map(|(observed, product)| observed * (observed / (product / all)).ln()).sum();
    if a * there < b * here { -2.0 * sum } else { 2.0 * sum }
}

fn counts(job: Job) -> BTreeMap<Vec<u8>, u64> {
    job.run().unwrap().counts.iter().map(|(word, count)| (word.to_vec(), count)).collect()
}

proptest! {
    #![proptest_config(laws::config())]

    #[test]
    fn both_counts_are_those_of_two_runs(
        here in rows(),
        there in rows(),
        format in select(&[Text, Counts, V2, V3][..]),
        ignores_case: bool,
        maps: bool,
        prefix in select(&["", "", "a"][..]),
        threads in 1_usize..5,
        chunk_size in 1_usize..100,
        bound in select(&[None, None, Some(1_u64)][..]),
    ) {
        let input = |name: &str, rows: &[(String, u64)]| Input::from_bytes(name, text(format, rows));
        let (one, other) = (input("here", &here), input("there", &there));
        let set = |job: Job| {
            let job = job.prefix(prefix).headwords([("ab", "b")].into_iter().filter(|_| maps));
            if ignores_case { job.ignore_case(Spelling::Lower) } else { job }
        };
        let expected = [&one, &other].map(|input| counts(set(Job::new().input(input.clone()).format(format))));
        let job = set(Job::new().input(one).against(other).format(format));
        let job = bound.into_iter().fold(job, Job::memory);
        let threads = NonZeroUsize::new(threads).unwrap();
        let outcome = job.threads(threads).chunk_size(NonZeroUsize::new(chunk_size).unwrap()).run().unwrap();
        let mut options = OutputOptions::new(OutputFormat::Tsv);
        options.columns = vec![Column::Word, Column::Count, Column::CountThere, Column::LogLikelihood];
        let mut written = Vec::new();
        write::write(&outcome.counts, &options, &mut written).unwrap();

        let all: BTreeSet<&Vec<u8>> = expected.iter().flat_map(BTreeMap::keys).collect();
        let sum = |rows: &[(String, u64)]| rows.iter().map(|(_, count)| count).sum::<u64>();
        let (here, there) = (sum(&here), sum(&there));
        let mut lines: Vec<(f64, Vec<u8>, u64, u64)> = all
            .into_iter()
            .map(|word| {
                let [one, other] = [0, 1].map(|side| expected[side].get(word).copied().unwrap_or_default());
                let likelihood = if here == 0 || there == 0 { f64::NAN } else { log_likelihood(one, other, here, there) };
                (likelihood, word.clone(), one, other)
            })
            .collect();
        lines.sort_by(|a, b| a.1.cmp(&b.1));
        let mut found = Vec::new();
        let mut last = f64::INFINITY;
        for line in written.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()) {
            let fields: Vec<&[u8]> = line.split(|&byte| byte == b'\t').collect();
            let number = |field: usize| std::str::from_utf8(fields[field]).unwrap();
            let value: f64 = if fields[3].is_empty() { f64::NAN } else { number(3).parse().unwrap() };
            prop_assert!(value.is_nan() || value <= last + 0.002, "the order is by log-likelihood");
            last = if value.is_nan() { last } else { value };
            found.push((value, fields[0].to_vec(), number(1).parse().unwrap(), number(2).parse().unwrap()));
        }
        found.sort_by(|a: &(f64, Vec<u8>, u64, u64), b| a.1.cmp(&b.1));
        prop_assert_eq!(found.len(), lines.len());
        for (found, expected) in found.iter().zip(&lines) {
            prop_assert_eq!((&found.1, found.2, found.3), (&expected.1, expected.2, expected.3));
            prop_assert!(found.0.is_nan() && expected.0.is_nan() || (found.0 - expected.0).abs() < 0.002, "{:?} {:?}", found, expected);
        }
    }
}

const HERE: &[u8] = b"the whale and the whale and a whale\n";
const THERE: &[u8] = b"the\t60\nship\t30\nand\t9\nwhale\t1\n";

/// Runs the command on these inputs, cut in each way.
#[track_caller]
fn gives(options: &[&str], expected: &str) {
    gives_status(0, options, expected);
}

#[track_caller]
fn gives_status(status: i32, options: &[&str], expected: &str) {
    let scratch = Scratch::with([("here.txt", HERE), ("there.tsv", THERE)]);
    for cut in ways_to_cut() {
        let ran = scratch.run(options.iter().chain(&cut).chain(&["here.txt", "--against", "there.tsv"]));
        ran.exits(status).writes(expected).says("");
    }
}

#[test]
fn a_comparison_shows_both_counts_and_how_sure_the_difference_is() {
    gives(&["--top", "1"], "whale\t3\t1\t12.431\t5.229\n");
    gives(&["--top", "2", "--reverse"], "ship\t0\t30\t-5.449\t-2.263\nthe\t2\t60\t-3.741\t-1.263\n");
    // Neither occurs here.
    gives_status(1, &["-w", "ship", "-w", "no"], "ship\t0\t30\t-5.449\t-2.263\nno\t0\t0\t0.0\t\n");
    gives(
        &["--columns", "word,diff,count-there", "--where", "diff>100", "--sort", "diff"],
        "whale\t3650.0\t1\nand\t177.778\t9\n",
    );
    gives(
        &["--sort", "word", "--columns", "word,count,share"],
        "a\t1\t0.125\nand\t2\t0.25\nship\t0\t0.0\nthe\t2\t0.25\nwhale\t3\t0.375\n",
    );
    gives(&["--sort", "count", "--min-count", "3", "--columns=word,rank"], "whale\t1\n");
}

#[test]
fn several_inputs_and_folders_are_one_side() {
    let scratch = Scratch::with([("a", &b"x y"[..]), ("b", b"x"), ("c", b"x z")]);
    std::fs::create_dir(scratch.path("d")).unwrap();
    scratch.write("d/1", "z z");
    let counts = ["--columns=word,count,count-there", "--sort=word"];
    scratch
        .run([&["a", "b", "--against", "c", "--against", "d"], &counts[..]].concat())
        .gives("x\t2\t1\ny\t1\t0\nz\t0\t3\n");
    scratch.pipe(b"z", [&["a", "--against", "-"], &counts[..]].concat()).gives("x\t1\t0\ny\t1\t0\nz\t0\t1\n");
    scratch.pipe(b"z", ["--against", "-"]).fails("standard input (-) is named twice, but can be read only once");
    scratch.run(["a", "--against", "nope"]).fails("nope: No such file or directory");
}

#[test]
fn a_comparison_is_of_words() {
    let scratch = Scratch::with([("a", &b"x\t1999\t1\t1\n"[..]), ("totals", b"\t1999,10,1,1\t\n")]);
    let run = |options: &[&str]| scratch.run([&["a", "--against", "a"], options].concat());
    let why = "a comparison has no years, files, volumes or totals: leave out --years, --by, --totals and columns of years with --against \
               or --rise, and --year-from with --against, and don't combine these";
    for options in [&["--by", "year"][..], &["--by=file"], &["--totals", "totals"], &["--columns=word,volumes"]] {
        run(options).fails(why);
    }
    // Texts of other years are not read, so the numbers of the others would be those of other inputs.
    scratch.write("1999", "x");
    let dated = ["1999", "--against", "1999", "--year-from", "[0-9]+"];
    scratch.run(dated).fails(why);
    scratch.run([&dated[..], &["--years", "1999"]].concat()).fails(why);
    for column in ["first", "per-million", "zipf", "dp"] {
        let message = format!("the column {column} can't be combined with --against or --rise");
        run(&["--columns", &format!("word,{column}")]).fails(&message);
        run(&["--where", &format!("{column}>0")]).fails(&message);
    }
    scratch.run(["a", "--columns", "word,diff"]).fails("the column diff needs --against FILE or --rise A-B,C-D");
    scratch.run(["a", "--sort", "log-ratio"]).fails("the column log-ratio needs --against FILE or --rise A-B,C-D");
    let job = || Job::new().input(Input::from_bytes("a", "x\t1999\t1\t1\n")).against(Input::from_bytes("b", "y\t1\n"));
    assert!(matches!(job().by(By::Year).run(), Err(Error::Comparison)));
    assert!(matches!(job().histories(true).run(), Err(Error::Comparison)));
}
