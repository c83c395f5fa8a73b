//! `--map`: forms count as their headwords, which is as if the input had the headwords.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use ngram_count::Format::{Text, V1, V2, V3};
use ngram_count::write::{self, Column, OutputFormat, OutputOptions};
use ngram_count::{By, Error, Input, Job, Spelling};
use proptest::prelude::*;
use proptest::sample::select;

use crate::common::oracle::{Row, folded, gives, row, sums, write as rows_as};
use crate::common::{Scratch, laws, tsv, ways_to_cut};

type Map = BTreeMap<Vec<u8>, Vec<u8>>;

/// What an ngram counts as.
fn headword(map: &Map, ngram: &[u8]) -> Vec<u8> {
    if let Some(next) = map.get(ngram) {
        return headword(map, next);
    }
    let words: Vec<&[u8]> = ngram.split(|&byte| byte == b' ').collect();
    if words.len() == 1 {
        return ngram.to_vec();
    }
    let words = words.into_iter().map(|word| headword(map, word)).collect::<Vec<_>>().join(&b' ');
    if words == ngram { words } else { headword(map, &words) }
}

fn mapped(map: &Map, rows: &[Row]) -> Vec<Row> {
    rows.iter().map(|row| Row { ngram: headword(map, &row.ngram), ..row.clone() }).collect()
}

/// A word or two of few letters, so that forms and headwords meet.
fn ngram() -> impl Strategy<Value = String> {
    prop_oneof![4 => "[abAB]{1,2}", 1 => "[abAB] [ab]", 1 => "(a|b)_NOUN", 1 => "[ab]{24,26}"]
}

/// The whole result, with years if there are any.
fn result(job: Job, by: By) -> Result<Vec<u8>, Error> {
    let outcome = job.by(by).run()?;
    let mut options = OutputOptions::new(OutputFormat::Tsv);
    options.columns = Column::defaults(by);
    let mut text = Vec::new();
    write::write(&outcome.counts, &options, &mut text).unwrap();
    Ok(text)
}

proptest! {
    #![proptest_config(laws::config())]

    #[test]
    fn forms_count_as_if_the_input_had_the_headwords(
        pairs in prop::collection::btree_map(ngram(), ngram(), 0..8),
        ngrams in prop::collection::vec((ngram(), 1990_u64..1993, 1_u64..5), 0..60),
        format in select(&[V1, V2, V3, Text][..]),
        by in select(&[By::Word, By::Word, By::Year, By::Decade][..]),
        ignores_case: bool,
        threads in 1_usize..5,
        chunk_size in 1_usize..200,
        bound in select(&[None, None, Some(1_u64), Some(20_000)][..]),
    ) {
        let fold = |rows: &[Row]| if ignores_case { folded(rows) } else { rows.to_vec() };
        let of_pair = |(form, headword): (&String, &String)| fold(&[row(form, 0, 1, 0), row(headword, 0, 1, 0)]);
        let map = pairs.iter().map(of_pair).map(|pair| (pair[0].ngram.clone(), pair[1].ngram.clone()));
        let map: Map = map.filter(|(form, headword)| form != headword).collect();
        let rows: Vec<Row> = ngrams.iter().map(|(ngram, year, count)| row(ngram, *year, *count, 1)).collect();
        let by = if format == Text { By::Word } else { by };
        let job = |rows: &[Row]| {
            let text = if format == Text { text(rows) } else { rows_as(format, rows) };
            let job = Job::new().input(Input::from_bytes("rows", text)).format(format);
            if ignores_case { job.ignore_case(Spelling::Lower) } else { job }
        };
        let tried = bound.into_iter().fold(job(&rows).headwords(pairs.clone()), Job::memory)
            .threads(NonZeroUsize::new(threads).unwrap())
            .chunk_size(NonZeroUsize::new(chunk_size).unwrap());
        match result(tried, by) {
            Err(Error::InvalidMap(_)) => {}
            Err(error) => return Err(TestCaseError::fail(error.to_string())),
            Ok(written) if format == Text => {
                let words: Vec<Row> = rows.iter().map(|row| Row { ngram: first_word(row), ..row.clone() }).collect();
                prop_assert!(written == tsv(&sums(&mapped(&map, &fold(&words)))));
            }
            Ok(written) => prop_assert!(written == result(job(&mapped(&map, &fold(&rows))), by).unwrap()),
        }
    }
}

fn first_word(row: &Row) -> Vec<u8> {
    row.ngram.split(|&byte| byte == b' ').next().unwrap().to_vec()
}

/// The first word of each row as often as the row counts, a line each.
fn text(rows: &[Row]) -> Vec<u8> {
    let line = |row: &Row| [&first_word(row)[..], b"\n"].concat();
    rows.iter().flat_map(|row| line(row).repeat(usize::try_from(row.matches).unwrap())).collect()
}

fn rows() -> Vec<Row> {
    let forms = ["go", "goes", "went", "Went", "gone_VERB", "he goes", "he go", "wnet", "golf", "N.Y.C.", "to N.Y.C."];
    (0..).zip(forms).flat_map(|(n, form)| [row(form, 1990 + n, n + 1, 1), row(form, 1991, 1, 1)]).collect()
}

const MAP: &[u8] = b"goes\tgo\r\n\nwent\tgo\nwnet\twent\ngone_VERB\tgo_VERB\nN.Y.C.\tNew York\ngo\tgo\n";

fn map() -> Map {
    let lines = [("goes", "go"), ("went", "go"), ("wnet", "went"), ("gone_VERB", "go_VERB"), ("N.Y.C.", "New York")];
    lines.iter().map(|(form, headword)| (form.as_bytes().to_vec(), headword.as_bytes().to_vec())).collect()
}

/// Runs the command with the map, in each format and cut in each way.
#[track_caller]
fn prints(options: &[&str], expected: &str) {
    for format in [V1, V2, V3] {
        let rows = rows_as(format, &rows());
        let scratch = Scratch::with([("rows", &rows[..]), ("map", MAP)]);
        for cut in ways_to_cut() {
            scratch.run(options.iter().chain(&cut).chain(&["rows", "--map", "map"])).gives(expected);
        }
    }
}

#[test]
fn words_that_are_chosen_are_headwords() {
    let count = |word: &str| sums(&mapped(&map(), &rows()))[word.as_bytes()];
    let (go, he_go) = (count("go"), count("he go"));
    prints(&["-w", "go"], &format!("go\t{go}\n"));
    prints(&["-w", "wnet", "-w", "goes", "-w", "golf"], &format!("go\t{go}\ngo\t{go}\ngolf\t{}\n", count("golf")));
    prints(&["-w", "he went"], &format!("he go\t{he_go}\n"));
    prints(&["--prefix", "go", "--exclude", "goes", "--exclude-regex", "_"], &format!("golf\t{}\n", count("golf")));
    prints(&["--regex", "^New", "--by", "year"], "New York\t1991\t1\t1\nNew York\t1999\t10\t1\n");
    prints(&["-w", "GOES", "--ignore-case"], &format!("go\t{}\n", go + count("Went")));
    let scratch = Scratch::with([("map", MAP)]);
    scratch.pipe(b"x", ["-i", "text", "-w", "went", "--map", "map"]).exits(1).writes("go\t0\n");
}

#[test]
fn the_commonest_spelling_of_a_form_is_its_headword() {
    let scratch = Scratch::with([("map", &b"usa\tUnited States\nu.s.a.\tUSA\n"[..])]);
    let run = |text: &[u8], spelling: &str| {
        scratch.pipe(text, ["-i", "text", "--map=map", "--ignore-case", "--spelling", spelling])
    };
    run(b"USA usa U.S.A.", "lower").gives("united states\t3\n");
    run(b"USA usa U.S.A.", "commonest").gives("united states\t3\n");
    run(b"Us US US us", "commonest").gives("US\t4\n");
}

#[test]
fn a_map_is_one_for_all_commands() {
    let scratch = Scratch::with([("rows", &rows_as(V2, &rows())[..]), ("map", MAP), ("more", b"golf\tgo\n")]);
    let count = sums(&mapped(&map(), &rows()))[&b"go"[..]] + sums(&rows())[&b"golf"[..]];
    scratch.run(["rows", "--map=map", "--map=more", "-w=golf"]).gives(format!("go\t{count}\n"));
    let plot = ["plot", "--data", "rows", "--map=map", "-w=goes", "-w=go", "--years=1990-1991"];
    scratch.run(plot).gives("go\t1990\t1\ngo\t1991\t6\n");
    scratch.pipe(MAP, ["rows", "--map", "-", "-w=golf"]).gives(format!("golf\t{}\n", sums(&rows())[&b"golf"[..]]));
}

#[test]
fn what_is_no_map_is_an_error() {
    let maps: [(&[u8], &str); 4] = [
        (b"a b\n", "map:1: expected 2 fields (form, headword), found 1"),
        (b"\na\tb\tc\n", "map:2: expected 2 fields (form, headword), found 3"),
        (b"a\tb\nc\td\na\td\n", r#"map:3: "a" has the headword "d" here, and "b" in map:1"#),
        (b"a\ta a\n", r#"map:1: the headword of "a" leads back to it, or over too many others"#),
    ];
    for (map, message) in maps {
        Scratch::with([("map", map)]).pipe(b"a", ["--map", "map"]).fails(message);
    }
    let scratch = Scratch::with([("map", &b"A\tb\na\tc\n"[..])]);
    scratch.pipe(b"A a", ["-i", "text", "--map", "map"]).gives("b\t1\nc\t1\n");
    let both = r#"map:2: "a" has the headword "c" here, and "b" in map:1"#;
    scratch.pipe(b"a", ["--map", "map", "--ignore-case"]).fails(both);
    scratch.pipe(b"a", ["--map", "no map"]).fails("no map: No such file or directory");
    scratch.pipe(b"a", ["--map", "-"]).fails("standard input (-) is named twice, but can be read only once");
}

#[test]
fn an_empty_map_changes_nothing() {
    let rows = rows();
    gives(&rows, &["--map", "/dev/null"], tsv(&sums(&rows)));
}
