//! Counts per million words of the corpus, with Google's files of total counts.

use crate::common::{COMPRESSIONS, Scratch, ways_to_cut};

const ROWS: &[u8] = b"a\t1989\t5\t1\na\t1990\t3\t2\na\t1992\t2\t1\nb\t1991\t6\t1\nc\t1995\t1\t1\n";
/// As in versions 20120701 and 20200217.
const LINE: &[u8] = b" \t1989,1000,9,1\t1990,2000,9,1\t1991,3000000,9,1\t1992,500,9,1\t";
/// As in version 20090715.
const LINES: &[u8] = b"1989\t1000\t9\t1\n1990\t2000\t9\t1\n1991\t3000000\t9\t1\n1992\t500\t9\t1\n";

#[track_caller]
fn gives(options: &[&str], expected: &str) {
    for totals in [LINE, LINES] {
        let mut scratch = Scratch::with([("rows", ROWS), ("totals", totals)]);
        // Without the note on 1995, which the totals lack.
        scratch.run([options, &["-q", "--totals=totals", "rows"]].concat()).gives(expected);
        for (name, compress) in COMPRESSIONS {
            scratch = Scratch::with([("rows", ROWS)]);
            scratch.write(name, compress(totals));
            scratch.run([options, &["-q", "--totals", name, "rows"]].concat()).gives(expected);
        }
    }
}

#[test]
fn words_are_compared_with_all_years() {
    // 3,003,500 words in all. Nothing is known of 1995, in which c occurs.
    gives(&[], "a\t10\t3.329449\nb\t6\t1.997669\nc\t1\t0.0\n");
    gives(&["--columns=per-million,word"], "3.329449\ta\n1.997669\tb\n0.0\tc\n");
    gives(&["-w", "nope", "-w", "a"], "nope\t0\t0.0\na\t10\t3.329449\n");
    gives(&["--columns=word,last,per-million"], "a\t1992\t3.329449\nb\t1991\t1.997669\nc\t1995\t0.0\n");
}

#[test]
fn words_are_compared_with_the_years_that_are_counted() {
    gives(&["--years=1990-1991"], "b\t6\t1.998668\na\t3\t0.999334\n");
    gives(&["--years=1989"], "a\t5\t5000.0\n");
    gives(&["--years=1995-", "-f=csv"], "word,count,per-million\r\nc,1,\r\n");
    gives(&["--years=1995-", "-f=jsonl"], "{\"word\":\"c\",\"count\":1,\"per-million\":null}\n");
}

#[test]
fn years_are_compared_each_with_itself() {
    let years =
        "a\t1989\t5\t1\t5000.0\na\t1990\t3\t2\t1500.0\na\t1992\t2\t1\t4000.0\nb\t1991\t6\t1\t2.0\nc\t1995\t1\t1\t\n";
    gives(&["--by=year"], years);
    gives(
        &["--by=year", "--years=1990", "-f=jsonl", "--columns=word,per-million"],
        "{\"word\":\"a\",\"per-million\":1500.0}\n",
    );
}

#[test]
fn decades_are_compared_with_those_of_their_years_that_are_counted() {
    let decades = "a\t1980\t5\t1\t5000.0\na\t1990\t5\t3\t1.665279\nb\t1990\t6\t1\t1.998335\nc\t1990\t1\t1\t0.0\n";
    gives(&["--by=decade"], decades);
    gives(&["--by=decade", "--years=1985-1990"], "a\t1980\t5\t1\t5000.0\na\t1990\t3\t2\t1500.0\n");
}

/// In 1999 there are 10 words and `a` is 5 of them; nothing is known of 2005 and 2006.
const GAPS: &[u8] = b"a\t1999\t5\t1\na\t2005\t100\t1\nan ngram that is too long for a key\t1999\t1\t1\n\
    an ngram that is too long for a key\t2006\t7\t1\n";

#[test]
fn years_that_the_totals_lack_are_left_out_of_both_sides() {
    let long = "an ngram that is too long for a key";
    let v3 = format!("a\t1999,5,1\t2005,100,1\n{long}\t1999,1,1\t2006,7,1\n");
    // A year without words is one that nothing can be compared with.
    for totals in [&b"1999\t10\t1\t1\n"[..], b"1999\t10\t1\t1\n2005\t0\t0\t0\n"] {
        let scratch = Scratch::with([("v2", GAPS), ("v3", v3.as_bytes()), ("totals", totals)]);
        for (file, cut) in ["v2", "v3"].into_iter().flat_map(|file| ways_to_cut().map(move |cut| (file, cut))) {
            let run = |options: &[&str]| scratch.run([&["-q", "--totals=totals", file], options, &cut].concat());
            run(&[]).gives(format!("a\t105\t500000.0\n{long}\t8\t100000.0\n"));
            run(&["--ignore-case", "-w", "A"]).gives("a\t105\t500000.0\n");
            run(&["--years=2000-", "-w", "a"]).gives("a\t100\t\n");
            run(&["--columns=word,volumes,per-million", "-n1"]).gives("a\t2\t500000.0\n");
            run(&["--by=decade", "-w", "a"]).gives("a\t1990\t5\t1\t500000.0\na\t2000\t100\t1\t\n");
            run(&["--columns=spark,word"]).gives(format!("█▁▁▁▁▁▁▁\ta\n█▁▁▁▁▁▁▁\t{long}\n"));
        }
    }
    // Of a decade, the years that are known are compared.
    let scratch = Scratch::with([("rows", &b"a\t1991\t3\t1\na\t1992\t90\t1\n"[..]), ("totals", b"1991\t6\t1\t1\n")]);
    scratch.run(["--by=decade", "-q", "--totals=totals", "rows"]).gives("a\t1990\t93\t2\t500000.0\n");
    // Of counts made before, the years are not known, and all of them are taken.
    scratch.pipe(b"a\t3\n", ["--totals=totals"]).gives("a\t3\t500000.0\n");
}

/// One note says so, whatever the result shows.
#[test]
fn years_that_the_totals_lack_are_told() {
    let lack = |years: &str, share: &str| {
        format!(
            "ngram-count: the total counts lack {years}, with {share} % of what was counted; counts per million leave that out\n"
        )
    };
    let scratch = Scratch::with([("rows", ROWS), ("gaps", GAPS), ("totals", LINE), ("one", b"1999\t1000\t1\t1\n")]);
    let text = [("1999-a", "a rose is a rose"), ("2005-b", "a daisy"), ("2006-c", "a lily")];
    for (name, text) in text {
        scratch.write(name, text);
    }
    let texts = ["1999-a", "2005-b", "2006-c", "--year-from=^[0-9]+", "--totals=one"];
    for cut in ways_to_cut() {
        let run = |options: &[&str]| {
            let ran = scratch.run([options, &cut].concat());
            assert_eq!(ran.status(), Some(0), "{ran}");
            ran
        };
        for by in ["word", "year", "decade"] {
            run(&["rows", "--totals=totals", "--by", by]).says(&lack("the year 1995", "5.9"));
            run(&["gaps", "--totals=one", "--by", by]).says(&lack("2 years of the input, from 2005 to 2006", "94.7"));
            run(&[&texts[..], &["--by", by]].concat()).says(&lack("2 years of the input, from 2005 to 2006", "44.4"));
        }
        run(&["rows", "--totals=totals", "--ignore-case"]).says(&lack("the year 1995", "5.9"));
        // Of the words that count.
        run(&["rows", "--totals=totals", "-wb"]).says("");
        run(&["rows", "--totals=totals", "-wb", "-wc"]).says(&lack("the year 1995", "14.3"));
        run(&["rows", "--totals=totals", "--years=-1992"]).says("");
        run(&["rows", "--totals=totals", "-q"]).says("");
        run(&["rows", "--totals=totals", "--columns=word,count"]).says("");
        run(&["plot", "rows", "--totals=totals", "--data", "-wc", "-wa"]).says(&lack("the year 1995", "9.1"));
    }
    let text = format!("a\t1995\t1\t1\na\t1990\t{}\t1\n", 10_000);
    scratch.pipe(text.as_bytes(), ["--totals=totals"]).exits(0).says(&lack("the year 1995", "less than 0.1"));
}

#[test]
fn several_totals_are_added_up_year_by_year() {
    let files: [(&str, &[u8]); 5] = [
        ("rows", ROWS),
        ("totals", LINE),
        ("more", b"1989\t4000\t1\t1\n1995\t10\t1\t1\n"),
        ("largest", b"1700\t18446744073706548115\t1\t1\n"),
        ("one", b"1700\t1\t1\t1\n"),
    ];
    let scratch = Scratch::with(files);
    let run = |options: &[&str]| scratch.run([&["rows", "--totals=totals"], options].concat());
    let years = "a\t1989\t5\t1\t1000.0\na\t1990\t3\t2\t1500.0\na\t1992\t2\t1\t4000.0\nb\t1991\t6\t1\t2.0\nc\t1995\t1\t1\t100000.0\n";
    run(&["--totals=more", "--by=year"]).gives(years);
    run(&["--totals", "totals", "--years=1989"]).gives("a\t5\t2500.0\n");
    run(&["--totals=largest", "-wb"]).gives("b\t6\t0.0\n");
    run(&["--totals=largest", "--totals=one"]).fails(
        "one: with the files before, expected the match_counts to be at most 18446744073709551615 (2^64-1) in all, found \
         more; is it a file of total counts?",
    );
    run(&["--totals=nope"]).fails("nope: No such file or directory");
    scratch.run(["plot", "rows", "--totals=totals", "--totals=more", "-wc", "--data"]).gives("c\t1995\t100000.0\n");
    let twice = "standard input (-) is named twice, but can be read only once";
    scratch.pipe(LINE, ["--totals=-", "--totals=-", "rows"]).fails(twice);
}

#[test]
fn what_cannot_be_counted_again_is_refused_and_never_misread() {
    let scratch = Scratch::with([("rows", &b"a\t1999\t3\t1\n"[..]), ("totals", b"1999\t1000000\t1\t1\n")]);
    let ran = scratch.run(["--by=year", "--totals=totals", "rows"]);
    ran.gives("a\t1999\t3\t1\t3.0\n");
    scratch.pipe(ran.stdout(), [""; 0]).exits(2).writes("");
    for columns in ["word,share", "word,cumulative", "word,per-million", "word,share,count,cumulative"] {
        let ran = scratch.run(["--columns", columns, "--totals=totals", "rows"]);
        assert!(ran.exits(0).stdout().ends_with(b".0\n"), "{ran}");
        scratch.pipe(ran.stdout(), [""; 0]).exits(2).writes("");
    }
}

#[test]
fn files_that_are_none_of_totals_are_refused() {
    let fields = "4 fields (year, match_count, page_count, volume_count)";
    let cases: [(&[u8], String); 5] = [
        (
            b"",
            "totals: expected the total counts of years (year, match_count, page_count, volume_count), found none"
                .into(),
        ),
        (ROWS, "totals:1: expected year to be a whole number, found \"a\"".into()),
        (b"\t1989,1,1,1\t1990,1,1", format!("totals:1: record 2: expected {fields}, found 3")),
        (b"1989\t1\t1\t1\n1990\t1\t1\n", format!("totals:2: expected {fields}, found 3")),
        (b"1989\t1\t1\t1\n1989\t1\t1\t1\n", "totals:2: expected each year once, found 1989 again".into()),
    ];
    for (text, message) in cases {
        Scratch::with([("rows", ROWS), ("totals", text)])
            .run(["--totals=totals", "rows"])
            .fails(&format!("{message}; is it a file of total counts?"));
    }
    Scratch::with([("rows", ROWS)]).run(["--totals=nope", "rows"]).fails("nope: No such file or directory");
}

/// The second reader would find standard input empty, and the result would be silently wrong.
#[test]
fn standard_input_is_not_both_the_totals_and_something_else() {
    let scratch = Scratch::with([("rows", ROWS)]);
    let message = "standard input (-) is named twice, but can be read only once";
    scratch.pipe(LINE, ["--totals=-", "rows", "-w", "b"]).gives("b\t6\t1.997669\n");
    scratch.pipe(LINE, ["--totals=-"]).fails(message);
    scratch.pipe(LINE, ["--totals=-", "rows", "-"]).fails(message);
    scratch.pipe(LINE, ["--totals=-", "--words-from=-", "rows"]).fails(message);
}

#[test]
fn totals_of_another_version_are_warned_of() {
    let names = ["a-20120701.tsv", "20200217/a.tsv", "a.tsv", "totals-20120701", "totals-20200217", "totals"];
    let scratch = Scratch::new();
    std::fs::create_dir(scratch.path("20200217")).unwrap();
    for name in names {
        scratch.write(name, if name.starts_with('t') { LINE } else { ROWS });
    }
    let run = |totals: &str, files: &[&str]| {
        let ran =
            scratch.run([&["-w=b", "--years=1990-1991", "--columns=per-million", "--totals", totals], files].concat());
        ran.exits(0);
        ran
    };
    let warning = |file: &str, found: &str, totals: &str, expected: &str| {
        format!(
            "ngram-count: {file} is of version {found}, {totals} of {expected}: per-million is wrong then; take the file of \
             the same version\n"
        )
    };
    let other = warning("20200217/a.tsv", "20200217", "totals-20120701", "20120701");
    run("totals-20120701", &["20200217/a.tsv"]).says(&other);
    run("totals-20120701", &["a.tsv", "a-20120701.tsv", "20200217/a.tsv"]).says(&other);
    let other = warning("a-20120701.tsv", "20120701", "totals-20200217", "20200217");
    run("totals-20200217", &["20200217/a.tsv", "a-20120701.tsv"]).says(&other);
    run("totals-20200217", &["a-20120701.tsv", "--quiet"]).says("");
    for (totals, files) in [
        ("totals-20120701", &["a-20120701.tsv", "a.tsv"][..]),
        ("totals-20200217", &["20200217/a.tsv"]),
        ("totals", &["a-20120701.tsv", "20200217/a.tsv"]),
    ] {
        run(totals, files).says("");
    }
}

#[test]
fn text_has_nothing_to_do_with_totals() {
    let why = "--totals has the words of Google's books, which tell nothing of a text without a year (--year-from); --columns share is a word's part of the text";
    let text = b"A few words that\nare no table.\n";
    let scratch = Scratch::with([("rows", ROWS), ("text", text), ("totals", LINE), ("old", b"old")]);
    scratch.run(["--totals=totals", "text"]).fails(&format!("text is text: {why}"));
    scratch.run(["--totals=totals", "rows", "text", "-o", "old"]).fails(&format!("text is text: {why}"));
    scratch.pipe(text, ["--totals=totals"]).fails(&format!("standard input is text: {why}"));
    for options in [["-i", "text"], ["--tokens", "unicode"], ["--ngram", "1"]] {
        scratch.run(["--totals=totals", "text"].iter().chain(&options)).fails(why);
    }
    assert_eq!(scratch.read("old"), b"old");
    scratch.pipe(b"a\t3\n", ["--totals=totals"]).gives("a\t3\t0.998835\n");
}
