//! The formats of Google's files and of this program: the same data gives the same result in each, a malformed line is
//! an error with its place, and `auto` detects the format.

use crate::common::oracle::{Row, by_years_tsv, read, row, sums, write};
use crate::common::{COMPRESSIONS, Scratch, tsv, ways_to_cut};
use ngram_count::Format::{self, V1, V2, V3};
use serde_json::Value;

const YEAR: &str = "expected year,match_count,volume_count, found";

/// Ngrams that are easily misread, and years in runs of different lengths.
fn rows() -> Vec<Row> {
    let ngrams =
        ["a", "New York", "x, \"y\",z", "1,2,3", "1999", "", "the_DET", "naïve", "an ngram of more than 16 bytes"];
    let run = |(number, ngram): (u64, &&str)| {
        let years = (0..=number * number).map(move |n| row(ngram, 1500 + n * 3, n * n * 1009 % 123_457, n + 1));
        years.collect::<Vec<_>>()
    };
    (0..).zip(&ngrams).flat_map(run).chain((2..).zip(ngrams.iter().rev()).flat_map(run)).collect()
}

/// The format of an input, from the statistics.
fn told(scratch: &Scratch, arguments: &[&str]) -> String {
    let ran = scratch.run([arguments, &["--stats=json"]].concat());
    let stats: Value = serde_json::from_str(ran.exits(0).stderr().trim_end()).unwrap();
    stats["inputs"][0]["format"].as_str().unwrap().to_owned()
}

#[test]
fn the_same_data_gives_the_same_in_each_format_and_compression() {
    let rows = rows();
    let counts = tsv(&sums(&rows));
    for (format, text) in
        [("v1", write(V1, &rows)), ("v2", write(V2, &rows)), ("v3", write(V3, &rows)), ("counts", counts.clone())]
    {
        let scratch = Scratch::with([("rows", &text[..])]);
        let mut names = vec!["rows"];
        for (name, compress) in COMPRESSIONS {
            scratch.write(name, compress(&text));
            names.push(name);
        }
        for name in names {
            assert_eq!(told(&scratch, &[name]), format);
            for options in [&["--top=5"][..], &["-j1", "-n5"], &["--chunk-size=7", "-n5"], &["-i", format, "-n5"]] {
                scratch.run(options.iter().chain(&[name])).gives(
                    tsv(&sums(&rows)).split_inclusive(|&byte| byte == b'\n').take(5).collect::<Vec<_>>().concat(),
                );
            }
            scratch.run([name, "-w", "1,2,3", "-w", ""]).gives(format!(
                "1,2,3\t{}\n\t{}\n",
                sums(&rows)[&b"1,2,3"[..]],
                sums(&rows)[&b""[..]]
            ));
            if format != "counts" {
                scratch.run([name, "--by=decade"]).gives(by_years_tsv(&rows, 10));
            }
        }
        for cut in ways_to_cut() {
            scratch.run(cut.iter().chain(&["rows"])).gives(&counts);
            scratch.pipe(&text, cut).gives(&counts);
        }
    }
}

#[test]
fn formats_may_be_mixed_in_one_run() {
    let rows = rows();
    let files = [V1, V2, V3].map(|format| (format.to_string(), write(format, &rows)));
    let scratch = Scratch::with(files.iter().map(|(name, text)| (&name[..], &text[..])));
    scratch.write("counts", tsv(&sums(&rows)));
    let thrice: Vec<Row> = rows.iter().flat_map(|row| vec![row.clone(); 3]).collect();
    let more: Vec<Row> = rows.iter().flat_map(|row| vec![row.clone(); 4]).collect();
    scratch.run(["v1", "v2", "v3"]).gives(tsv(&sums(&thrice)));
    scratch.run(["v3", "counts", "v1", "v2"]).gives(tsv(&sums(&more)));
    scratch.run(["v1", "v2", "v3", "--by=year"]).gives(by_years_tsv(&thrice, 1));
}

#[test]
fn lines_of_v3_may_be_long() {
    let long: Vec<Row> = (0..25_000).map(|n| row("long", 1000 + n % 9000, n * 7 % 100_003, 1)).collect();
    let sum: u64 = long.iter().map(|row| row.matches).sum();
    let rows: Vec<Row> = [vec![row("a", 1999, 1, 1)], long, vec![row("b", 1999, 2, 1)]].concat();
    let text = write(V3, &rows);
    assert!(text.len() > 300_000);
    let scratch = Scratch::with([("rows", &text[..])]);
    for cut in ways_to_cut() {
        scratch.run(cut.iter().chain(&["rows"])).gives(tsv(&sums(&rows)));
        scratch.pipe(&text, cut.iter().chain(&["-w", "b", "-w", "long"])).gives(format!("b\t2\nlong\t{sum}\n"));
        scratch.run(cut.iter().chain(&["rows", "--by=year"])).gives(by_years_tsv(&rows, 1));
    }
    let damaged = [&text[..text.len() - 20], b"x\nb\t1999,2,1\n"].concat();
    Scratch::new().pipe(&damaged, ["--skip-malformed", "-q"]).gives("b\t2\na\t1\n");
}

const LARGEST: &str = "at most 18446744073709551615 (2^64-1)";

#[test]
fn numbers_may_be_longer_than_most() {
    for (format, between, pages) in [(V1, "\t", "0000000000000000000000000\t"), (V2, "\t", ""), (V3, ",", "")] {
        let line =
            |year: &str, count: &str, volumes: &str| format!("a\t{year}{between}{count}{between}{pages}{volumes}\n");
        let count = |text: &str| Scratch::new().pipe(text.as_bytes(), ["-i", &format.to_string()]);
        for digits in 1..=30 {
            let year = "1".repeat(digits);
            let ran = count(&line(&year, "5", "1").repeat(3));
            if digits <= 20 {
                ran.gives("a\t15\n");
            } else {
                ran.fails(&format!("standard input:1: expected year to be {LARGEST}, found \"{year}\""));
            }
            count(&line("1999", &format!("{:0digits$}", 7), "1").repeat(20)).gives("a\t140\n");
            count(&line("1999", "7", &format!("{:0digits$}", 7)).repeat(20)).gives("a\t140\n");
        }
        for digits in 1..=19 {
            let nines: u64 = "9".repeat(digits).parse().unwrap();
            count(&line("1999", &nines.to_string(), "1")).gives(format!("a\t{nines}\n"));
        }
        count(&line("1999", "1234567890", "1").repeat(40)).gives("a\t49382715600\n");
        let largest = u64::MAX.to_string();
        count(&line("1999", &largest, &largest)).gives(format!("a\t{largest}\n"));
        let ran = count(&line("1999", "18446744073709551616", "1"));
        ran.fails(&format!("standard input:1: expected match_count to be {LARGEST}, found \"18446744073709551616\""));
        let text = line(&largest, "5", "1") + &line("00000000000000000000000000000001999", "5", "1");
        Scratch::new().pipe(text.as_bytes(), ["--by=year"]).gives(format!("a\t1999\t5\t1\na\t{largest}\t5\t1\n"));
    }
}

#[test]
fn line_ends_marks_and_blank_lines_are_no_data() {
    let rows = rows();
    for format in [V1, V2, V3] {
        let text = String::from_utf8(write(format, &rows)).unwrap();
        let mark = "\u{FEFF}";
        let texts = [
            text.replace('\n', "\r\n"),
            text.trim_end().to_owned(),
            text.replace('\n', "\r\n").trim_end_matches('\n').to_owned(),
            format!("{mark}{text}"),
            format!("{mark}\r\n\n\n{}", text.replace('\n', "\n\r\n\n")),
        ];
        for text in texts {
            assert_eq!(read(format, text.as_bytes()), rows);
            for options in [&[][..], &["-j1"], &["--chunk-size=1"], &["--chunk-size=100", "-i", &format.to_string()]] {
                Scratch::new().pipe(text.as_bytes(), options).gives(tsv(&sums(&rows)));
                Scratch::new().pipe(text.as_bytes(), [options, &["--by=year"]].concat()).gives(by_years_tsv(&rows, 1));
            }
        }
    }
    Scratch::new().pipe(b"\r\t1999,1,1\n\r\t1999,2,1\r\n", ["-i", "v3"]).gives("\r\t3\n");
}

#[test]
fn malformed_lines_of_v3_are_told_and_can_be_left_out() {
    let largest = "at most 18446744073709551615 (2^64-1), found";
    let cases = [
        ("a", "expected 2 fields (ngram, year,match_count,volume_count ...), found 1".into()),
        ("a 1999,1,1", "expected 2 fields (ngram, year,match_count,volume_count ...), found 1".into()),
        ("a\t", format!("{YEAR} \"\"")),
        ("a\t1999,1", format!("{YEAR} \"1999,1\"")),
        ("a\t1999,1,1,1", format!("{YEAR} \"1999,1,1,1\"")),
        ("a\t1999", format!("{YEAR} \"1999\"")),
        ("a\t1999,1,1\t", format!("{YEAR} \"\"")),
        ("a\t1999,1,1\t\t2000,1,1", format!("{YEAR} \"\"")),
        ("a\t1999,1,1\t2000,2", format!("{YEAR} \"2000,2\"")),
        ("a\t1999,1,1 2000,2,2", format!("{YEAR} \"1999,1,1 2000,2,2\"")),
        ("a\t1999,1x,1", "expected match_count to be a whole number, found \"1x\"".into()),
        ("a\t1999,,1", "expected match_count to be a whole number, found \"\"".into()),
        ("a\t,1,1", "expected year to be a whole number, found \"\"".into()),
        ("a\t-1999,1,1", "expected year to be a whole number, found \"-1999\"".into()),
        ("a\t1999,1, 1", "expected volume_count to be a whole number, found \" 1\"".into()),
        ("a\t1999,1,1\t2000,1,1.5", "expected volume_count to be a whole number, found \"1.5\"".into()),
        ("a\t1999,18446744073709551616,1", format!("expected match_count to be {largest} \"18446744073709551616\"")),
        ("a\t1999,1,18446744073709551616", format!("expected volume_count to be {largest} \"18446744073709551616\"")),
    ];
    let good = "a\t1999,1,1\t2000,2,1\n";
    for (line, reason) in cases {
        for after in ["", "\n", "\r\n", "\nb\t1999,5,1\n\n"] {
            let text = format!("{good}\n{good}{line}{after}");
            let scratch = Scratch::with([("rows", text.as_bytes())]);
            for options in [&["-j2"][..], &["--chunk-size=1", "--by=year"], &["--years=-1990"], &["-w", "zz"]] {
                scratch.run(options.iter().chain(&["rows"])).fails(&format!("rows:4: {reason}"));
            }
            let note = format!("ngram-count: left out 1 malformed line; the first is rows:4: {reason}\n");
            let expected = if after.contains('b') { "a\t6\nb\t5\n" } else { "a\t6\n" };
            scratch.run(["--skip-malformed", "rows"]).exits(0).writes(expected).says(&note);
        }
    }
}

#[test]
fn malformed_lines_of_v1_are_told_and_can_be_left_out() {
    let fields = "expected 5 fields (ngram, year, match_count, page_count, volume_count), found";
    let cases = [
        ("a\t1999\t1\t1", format!("{fields} 4")),
        ("a\t1999\t1\t1\t1\t1", format!("{fields} 6")),
        ("a", format!("{fields} 1")),
        ("a\t1999\t1\tx\t1", "expected page_count to be a whole number, found \"x\"".into()),
        ("a\t1999\t1\t1\t1 ", "expected volume_count to be a whole number, found \"1 \"".into()),
    ];
    for (line, reason) in cases {
        let text = format!("a\t1999\t2\t1\t1\n{line}\nb\t1999\t1\t1\t1\n");
        let scratch = Scratch::with([("rows", text.as_bytes())]);
        scratch.run(["rows"]).fails(&format!("rows:2: {reason}"));
        let note = format!("ngram-count: left out 1 malformed line; the first is rows:2: {reason}\n");
        scratch.run(["--skip-malformed", "rows"]).exits(0).writes("a\t2\nb\t1\n").says(&note);
    }
}

#[test]
fn a_format_that_is_named_is_taken_and_a_wrong_guess_names_itself_and_the_option() {
    let scratch =
        Scratch::with([("v3", &b"a\t1999,1,1\nb\t1,2,3\n"[..]), ("v2", b"a\t1999\t1\t1\n"), ("odd", b"a\tb\nc\td\n")]);
    for (format, text) in [("text", "prose"), ("v2", "rows"), ("v1", "rows"), ("counts", "rows"), ("v3", "rows")] {
        let ran = scratch.run(["-i", format, "v2", "--stats=json"]);
        match format {
            "text" => ran.exits(0).writes("1\t2\n1999\t1\na\t1\n"),
            "v2" => ran.exits(0).writes("a\t1\n"),
            _ => ran.exits(2).writes(""),
        };
        assert!(!ran.stderr().contains("taken for"), "{text} {ran}");
    }
    scratch.run(["-i", "v2", "v3"]).fails("v3:1: expected 4 fields (ngram, year, match_count, volume_count), found 2");
    scratch.run(["-i", "v3", "v2"]).fails(&format!("v2:1: {YEAR} \"1999\""));
    scratch.run(["odd"]).fails(
        "odd:1: expected 4 fields (ngram, year, match_count, volume_count), found 2; the input was taken for v2: name \
         its format with -i",
    );
    scratch.run(["-i", "v4", "v2"]).exits(2).writes("");
    assert_eq!(told(&scratch, &["v3"]), "v3");
    assert_eq!(told(&scratch, &["v2", "-i", "text"]), "text");
}

#[test]
fn a_damaged_first_line_does_not_hide_the_format() {
    for (format, line) in
        [(Format::V1, "b\t1\t2\t3\t4\n"), (V2, "b\t1\t2\t3\n"), (V3, "b\t1,2,3\t2,4,5\n"), (Format::Counts, "b\t2\n")]
    {
        let text = ["a\t1\t\n", line, line, line].concat();
        let scratch = Scratch::with([("rows", text.as_bytes())]);
        assert_eq!(told(&scratch, &["rows", "--skip-malformed", "-q"]), format.to_string());
        let ran = scratch.run(["rows"]);
        ran.exits(2).writes("");
        assert!(ran.stderr().starts_with("ngram-count: rows:1: expected ") && !ran.stderr().contains("-i"), "{ran}");
    }
}
