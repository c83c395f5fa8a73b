//! `--rise`: the counts of two periods, and which words rose or fell most between them.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;

use ngram_count::Format::{Text, V1, V2, V3};
use ngram_count::write::{self, Column, OutputFormat, OutputOptions};
use ngram_count::{By, Error, Input, Job, Outcome, Spelling};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestCaseError;

use crate::common::oracle::{Row, folded, row, write as rows_as};
use crate::common::{Scratch, laws, ways_to_cut};

/// The count in the first and in the second period, and the volumes in both, of each word in 1 volume or more.
fn periods(rows: &[Row], before: [u64; 2], after: [u64; 2]) -> BTreeMap<Vec<u8>, [u64; 3]> {
    let mut all = BTreeMap::<Vec<u8>, [u64; 3]>::new();
    for row in rows {
        for (place, years) in [before, after].iter().enumerate() {
            if (years[0]..=years[1]).contains(&row.year) {
                let sums = all.entry(row.ngram.clone()).or_default();
                sums[place] += row.matches;
                sums[2] += row.volumes;
            }
        }
    }
    all
}

proptest! {
    #![proptest_config(laws::config())]

    #[test]
    fn both_counts_are_those_of_the_periods(
        rows in prop::collection::vec(("[abAB]{1,2}|[ab]{24,26}", 1990_u64..2010, 0_u64..9, 0_u64..4), 0..60),
        before in (1990_u64..1999, 0_u64..3),
        after in (2002_u64..2010, 0_u64..9),
        is_turned: bool,
        floor in 0_u64..6,
        format in select(&[V1, V2, V3][..]),
        ignores_case: bool,
        threads in 1_usize..5,
        chunk_size in 1_usize..100,
        bound in select(&[None, None, Some(1_u64)][..]),
    ) {
        let rows: Vec<Row> = rows.iter().map(|(word, year, count, volumes)| row(word, *year, *count, *volumes)).collect();
        let mut years = [before, after].map(|(first, more)| [first, first + more]);
        if is_turned {
            years.reverse();
        }
        let [one, other] = years.map(|years| format!("{}-{}", years[0], years[1]).parse().unwrap());
        let job = Job::new().input(Input::from_bytes("rows", rows_as(format, &rows))).format(format).rise(one, other, floor);
        let job = if ignores_case { job.ignore_case(Spelling::Lower) } else { job };
        let job = bound.into_iter().fold(job, Job::memory).threads(NonZeroUsize::new(threads).unwrap());
        let outcome = job.chunk_size(NonZeroUsize::new(chunk_size).unwrap()).run().unwrap();
        let rows = if ignores_case { folded(&rows) } else { rows };
        check(&outcome, periods(&rows, years[0], years[1]), floor)?;
    }

    /// Each text is one volume of its year, whatever variants of a word it has.
    #[test]
    fn the_periods_of_dated_texts_are_compared(
        texts in prop::collection::vec((1990_u64..1999, prop::collection::vec("[abAB]{1,2}|[ab]{24,26}", 0..12)), 1..8),
        periods in select(&[[[1990, 1993], [1996, 1998]], [[1995, 1995], [1990, 1991]], [[1960, 1969], [1990, 1998]]][..]),
        floor in 0_u64..4,
        ignores_case: bool,
        words in select(&[None, Some("a"), Some("zz")][..]),
        threads in 1_usize..5,
        chunk_size in 1_usize..50,
        bound in select(&[None, None, Some(1_u64)][..]),
    ) {
        let [before, after] = periods.map(|[first, last]: [u64; 2]| format!("{first}-{last}").parse().unwrap());
        let inputs = texts.iter().enumerate().map(|(number, (year, words))| {
            Input::from_bytes(format!("{year} {number:02}"), words.join(" "))
        });
        let job = Job::new().inputs(inputs).format(Text).year_from("^[0-9]+").unwrap().rise(before, after, floor);
        let job = if ignores_case { job.ignore_case(Spelling::Lower) } else { job };
        let job = words.into_iter().fold(job, Job::word).threads(NonZeroUsize::new(threads).unwrap());
        let job = bound.into_iter().fold(job, Job::memory).chunk_size(NonZeroUsize::new(chunk_size).unwrap());
        let outcome = job.run().unwrap();

        let mut all = BTreeMap::<Vec<u8>, [u64; 3]>::new();
        let mut sums = [0_u128; 2];
        for (year, words) in &texts {
            let Some(side) = periods.iter().position(|[first, last]| (first..=last).contains(&year)) else { continue };
            let fold = |word: &String| if ignores_case { word.to_lowercase() } else { word.clone() };
            let words: Vec<Vec<u8>> = words.iter().map(|word| fold(word).into_bytes()).collect();
            sums[side] += words.len() as u128;
            for word in words.iter().collect::<BTreeSet<_>>() {
                let known = all.entry(word.clone()).or_default();
                known[side] += words.iter().filter(|other| *other == word).count() as u64;
                known[2] += 1;
            }
        }
        prop_assert_eq!(outcome.compared, Some([sums[1], sums[0]]));
        if let Some(word) = words {
            let found = all.get(word.as_bytes()).copied().unwrap_or_default();
            prop_assert_eq!(outcome.stats.counted, u128::from(found[1]));
            prop_assert_eq!(outcome.counts.iter().collect::<Vec<_>>(), [(word.as_bytes(), found[1])]);
            return Ok(());
        }
        prop_assert_eq!(outcome.stats.counted, sums[1]);
        check(&outcome, all, floor)?;
    }
}

/// Checks the lines of a comparison, given the counts before and after and the volumes of all words.
fn check(outcome: &Outcome, all: BTreeMap<Vec<u8>, [u64; 3]>, floor: u64) -> Result<(), TestCaseError> {
    let mut options = OutputOptions::new(OutputFormat::Tsv);
    options.columns = vec![Column::Word, Column::CountThere, Column::Count, Column::Volumes, Column::LogRatio];
    let mut written = Vec::new();
    write::write(&outcome.counts, &options, &mut written).unwrap();
    let sums = [0, 1].map(|place| all.values().map(|sums| sums[place]).sum::<u64>() as f64);
    let expected: BTreeMap<_, _> = all.into_iter().filter(|(_, sums)| sums[2] >= floor.max(1)).collect();
    let mut found = BTreeMap::new();
    let mut last = f64::INFINITY;
    for line in written.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()) {
        let fields: Vec<&[u8]> = line.split(|&byte| byte == b'\t').collect();
        let text = |field: usize| std::str::from_utf8(fields[field]).unwrap();
        let counts = [1, 2, 3].map(|field| text(field).parse::<u64>().unwrap());
        let ratio = |count: u64, all: f64| if count > 0 { count as f64 } else { 0.5 } / all;
        let has_ratio = sums[0] > 0.0 && sums[1] > 0.0 && counts[0] + counts[1] > 0;
        prop_assert_eq!(has_ratio, !fields[4].is_empty());
        if has_ratio {
            let value: f64 = text(4).parse().unwrap();
            prop_assert!((value - (ratio(counts[1], sums[1]) / ratio(counts[0], sums[0])).log2()).abs() < 0.001);
            prop_assert!(value <= last + 0.001, "the order is by log-ratio");
            last = value;
        }
        found.insert(fields[0].to_vec(), counts);
    }
    prop_assert_eq!(found, expected);
    Ok(())
}

const ROWS: &[u8] =
    b"car\t1890\t1\t1\ncar\t1950\t90\t50\nhorse\t1890\t40\t45\nhorse\t1920\t999\t99\nhorse\t1950\t10\t9\n\
    the\t1890\t959\t60\nthe\t1950\t900\t70\nradar\t1950\t9\t8\n";

#[test]
fn what_rose_most_comes_first() {
    for cut in ways_to_cut() {
        let run = |options: &[&str]| {
            Scratch::new().pipe(ROWS, [&["--rise", "1850-1899,1940-1959"], options, &cut[..]].concat())
        };
        // 90 of 1009 words, and 1 of 1000: log2(89.197) = 6.479.
        run(&["--columns=word,count,count-there,log-ratio,volumes"])
            .gives("car\t90\t1\t6.479\t51\nthe\t900\t959\t-0.105\t130\nhorse\t10\t40\t-2.013\t54\n");
        run(&["--min-volumes", "1", "--top=2", "--columns=word,log-ratio"]).gives("car\t6.479\nradar\t4.157\n");
        run(&["--reverse", "--top=1", "--columns=word,share"]).gives("horse\t0.009910803\n");
        run(&["-w", "radar", "--columns=word,count"]).gives("radar\t9\n");
    }
}

#[test]
fn periods_of_a_folder_of_texts_are_compared() {
    let scratch = Scratch::new();
    std::fs::create_dir(scratch.path("speeches")).unwrap();
    scratch.write("speeches/1890.txt", "the horse the Horse\n");
    scratch.write("speeches/1920.txt", "the horse\n");
    scratch.write("speeches/1950-a.txt", "the car The car car\n");
    scratch.write("speeches/1951-b.txt", "the radar\n");
    let run = |options: &[&str]| {
        scratch.run([&["speeches", "--year-from=[0-9]{4}", "--rise=1890-1899,1950-1959"], options].concat())
    };
    for cut in ways_to_cut() {
        // 3 of 7 words, and none (0.5) of 4: log2(3.4286) = 1.778.
        run(&[&["--columns=word,count,count-there,log-ratio,volumes", "--min-volumes=2", "--ignore-case"], &cut[..]]
            .concat())
        .gives("the\t3\t2\t-0.222\t3\n");
        run(&[&["--columns=word,count,log-ratio", "--min-volumes=1", "--top=2"], &cut[..]].concat())
            .gives("car\t3\t1.778\nThe\t1\t0.193\n");
    }
    scratch.write("speeches/1925.txt", "HORSE HORSE HORSE HORSE\n");
    run(&["--ignore-case", "--spelling=commonest", "--prefix=ho", "--min-volumes=1", "--columns=word,count-there"])
        .gives("Horse\t2\n");
    run(&["--min-volumes=1", "--columns=word,share", "--share-of=selection", "--prefix=ca"]).gives("car\t1.0\n");
    run(&["--min-volumes=1", "--columns=word,share", "--prefix=ca"]).gives("car\t0.428571429\n");
    run(&["-w=train", "--columns=word,count"]).exits(1).writes("train\t0\n");
    run(&["--write-totals=totals", "-w=car", "-q"]).gives("car\t3\t0\t3.33\t1.778\n");
    assert_eq!(scratch.read("totals"), b"\t1890,4,0,1\t1950,5,0,1\t1951,2,0,1\t\n");
}

#[test]
fn nothing_to_compare_is_told() {
    let scratch = Scratch::with([("rows", ROWS), ("1890.txt", b"the horse\n"), ("empty", b"")]);
    let says = |options: &[&str], shown: &str, told: &str| {
        scratch.run(options).exits(0).writes(shown).says(&format!("ngram-count: {told}\n"));
        scratch.run([options, &["-q"]].concat()).gives(shown);
    };
    let floor = "--min-volumes leaves out words in fewer than 999 volumes of both periods: ask for fewer";
    says(&["rows", "--rise=1890,1950", "--min-volumes=999"], "", floor);
    // The result may be empty for another reason.
    for option in ["--where=count>9999", "--min-count=9999", "--max-count=0", "--top=0"] {
        scratch.run(["rows", "--rise=1890,1950", option]).gives("");
    }
    let before = "no words are counted in 1700-1799, so there is nothing to compare with";
    says(&["rows", "--rise=1700-1799,1890", "--top=1", "--columns=word,count"], "horse\t40\n", before);
    let years = "no input has a year of 1900 or 1950 in its name";
    says(&["1890.txt", "--year-from=[0-9]{4}", "--rise=1900,1950"], "", years);
    let years = "no input has a year of 1900-1999 in its name";
    says(&["1890.txt", "--year-from=[0-9]{4}", "--years=1900-1999"], "", years);
    let there = "no words are counted in the files of --against, so there is nothing to compare with";
    says(&["1890.txt", "--against=empty"], "horse\t1\t0\t\t\nthe\t1\t0\t\t\n", there);
    let here = "no words are counted in the input, so there is nothing to compare with";
    says(&["empty", "--against=1890.txt"], "horse\t0\t1\t\t\nthe\t0\t1\t\t\n", here);
}

#[test]
fn periods_are_two_and_need_years() {
    let run = |options: &[&str]| Scratch::new().pipe(ROWS, options);
    for (periods, why) in [
        ("1900-1949", "expected two periods such as 1900-1949,1950-1999, found \"1900-1949\""),
        ("1900-1950,1950-1999", "expected two periods without a common year, found \"1900-1950,1950-1999\""),
        ("1900-,1950", "expected two periods without a common year, found \"1900-,1950\""),
        ("x,1950", "expected years such as 1900-1999, 1900-, -1999 or 1950"),
    ] {
        let ran = run(&["--rise", periods]);
        assert!(ran.exits(2).stderr().contains(why), "{ran}");
    }
    run(&["--rise", "-1899,1950-", "--min-volumes=99", "--columns=word"]).gives("the\n");
    let why = "a comparison has no years, files, volumes or totals: leave out --years, --by, --totals and columns of years with --against \
               or --rise, and --year-from with --against, and don't combine these";
    for options in [&["--by", "year"][..], &["--years=1900"], &["--against", "x"]] {
        run(&[&["--rise=1890,1950"], options].concat()).fails(why);
    }
    let ran = Scratch::new().pipe(b"a b\n", ["--rise=1890,1950"]);
    assert!(ran.exits(2).stderr().contains("its format (text) has no years"), "{ran}");
    run(&["--min-volumes", "5"]).exits(2).writes("");
    let [one, other] = ["1890", "1950"].map(|year| year.parse().unwrap());
    let job = Job::new().input(Input::from_bytes("rows", ROWS)).rise(one, other, 1).by(By::Year);
    assert!(matches!(job.run(), Err(Error::Comparison)));
}
