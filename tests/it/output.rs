//! Output: CSV and JSON that other programs read, headers, statistics, help.

use std::io::Write;

use crate::common::{Scratch, gzip, sample};
use serde_json::{Value, json};

/// Ngrams that every format has trouble with, the most frequent first.
const AWKWARD: [&str; 15] = [
    "\"",
    "\\",
    ",",
    "a,b",
    "a \"b\" c",
    "",
    " leading and trailing ",
    "a\rb",
    "\u{1}\u{8}\u{c}\u{1f}\u{7f}",
    "\0",
    "\u{2028}",
    "naïve",
    "𝄞",
    "</script>",
    "\\u0041 and more than fits into a key",
];

/// An input in which each comes once less often than the one before.
fn awkward() -> Vec<u8> {
    let rows = AWKWARD.iter().zip((1..=AWKWARD.len()).rev());
    rows.flat_map(|(ngram, count)| format!("{ngram}\t1999\t{count}\t1\n").into_bytes()).collect()
}

fn awkward_counts() -> Vec<(String, u64)> {
    AWKWARD.iter().map(|&ngram| ngram.to_owned()).zip((1..=AWKWARD.len() as u64).rev()).collect()
}

const SMALL: &[u8] = b"a\t1999\t2\t1\nNew York\t1999\t1\t1\nx\"y, z\t1\t1\t1\n";

fn small() -> Scratch {
    Scratch::with([("rows.tsv", SMALL)])
}

#[test]
fn csv_is_rfc_4180_with_a_header() {
    small().run(["rows.tsv", "--format", "csv"]).gives("word,count\r\na,2\r\nNew York,1\r\n\"x\"\"y, z\",1\r\n");
    small().run(["rows.tsv", "-f", "csv", "--header"]).gives("word,count\r\na,2\r\nNew York,1\r\n\"x\"\"y, z\",1\r\n");
    small().run(["rows.tsv", "-f", "csv", "-w", "b"]).exits(1).writes("word,count\r\nb,0\r\n");
}

#[test]
fn csv_is_read_back_as_it_was() {
    let ran = Scratch::new().pipe(&awkward(), ["-f", "csv"]);
    let mut reader = csv::Reader::from_reader(ran.exits(0).says("").stdout());
    assert_eq!(reader.headers().unwrap(), ["word", "count"].as_slice());
    let rows: Vec<(String, u64)> = reader.deserialize().map(Result::unwrap).collect();
    assert_eq!(rows, awkward_counts());
}

#[test]
fn csv_keeps_bytes_that_are_not_utf8() {
    Scratch::new().pipe(b"na\xEFve\t1999\t2\t1\n", ["-f", "csv"]).gives(b"word,count\r\nna\xEFve,2\r\n");
}

#[test]
fn json_is_one_array_and_jsonl_an_object_a_line() {
    let objects = [r#"{"word":"a","count":2}"#, r#"{"word":"New York","count":1}"#, r#"{"word":"x\"y, z","count":1}"#];
    small().run(["rows.tsv", "--format", "json"]).gives(format!("[\n{}\n]\n", objects.join(",\n")));
    small().run(["rows.tsv", "--format", "jsonl"]).gives(format!("{}\n", objects.join("\n")));
    small().run(["rows.tsv", "--format", "jsonl", "--header"]).gives(format!("{}\n", objects.join("\n")));
}

#[test]
fn json_is_read_back_as_it_was() {
    let expected: Vec<Value> =
        awkward_counts().into_iter().map(|(word, count)| json!({"word": word, "count": count})).collect();
    let ran = Scratch::new().pipe(&awkward(), ["-f", "json"]);
    let array: Vec<Value> = serde_json::from_slice(ran.exits(0).says("").stdout()).unwrap();
    assert_eq!(array, expected);
    let ran = Scratch::new().pipe(&awkward(), ["-f", "jsonl"]);
    let lines = String::from_utf8(ran.exits(0).says("").stdout().to_vec()).unwrap();
    let objects: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(objects, expected);
}

#[test]
fn json_holds_the_largest_count() {
    let ran = Scratch::new().pipe(b"a\t1999\t18446744073709551615\t1\n", ["-f", "json"]);
    let array: Value = serde_json::from_slice(ran.stdout()).unwrap();
    assert_eq!(array[0]["count"].as_u64(), Some(u64::MAX));
}

#[test]
fn json_says_what_it_had_to_replace() {
    let text = b"na\xEFve\t1999\t2\t1\n\xFF\xFF\t1999\t1\t1\nna\xC3\xAFve\t1\t1\t1\n";
    let note = "ngram-count: 2 words are not UTF-8; JSON has U+FFFD in place of what is not (TSV keeps the bytes)\n";
    for format in ["json", "jsonl"] {
        let ran = Scratch::new().pipe(text, ["-f", format]);
        ran.exits(0).says(note);
        let shown = String::from_utf8(ran.stdout().to_vec()).unwrap();
        assert!(shown.contains("\"na\u{FFFD}ve\"") && shown.contains("\"naïve\""), "{ran}");
        Scratch::new().pipe(text, ["-f", format, "--quiet"]).gives(ran.stdout());
        let ran = Scratch::new().pipe(text, ["-f", format, "-w", "naïve"]);
        ran.says("");
    }
    // Words, not lines; and none where words are not written.
    let years = [text.as_slice(), b"na\xEFve\t2000\t2\t1\nna\xEFve\t2001\t2\t1\n"].concat();
    Scratch::new().pipe(&years, ["-f=json", "--by=year"]).exits(0).says(note);
    Scratch::new().pipe(&years, ["-f=json", "--columns=count"]).exits(0).says("");
    Scratch::new().pipe(text, ["-f", "tsv"]).gives(b"na\xEFve\t2\nna\xC3\xAFve\t1\n\xFF\xFF\t1\n");
}

#[test]
fn a_header_begins_tsv_on_request() {
    small().run(["rows.tsv", "--header"]).gives("word\tcount\na\t2\nNew York\t1\nx\"y, z\t1\n");
    small().run(["rows.tsv", "--header", "-w", "a"]).gives("word\tcount\na\t2\n");
}

#[test]
fn an_empty_result_is_well_formed_in_each_format() {
    for arguments in [&["-"][..], &["rows.tsv", "--top", "0"], &["rows.tsv", "--min-count", "9"]] {
        let run = |format: &[&str]| small().run(arguments.iter().chain(format));
        run(&[]).gives("");
        run(&["--header"]).gives("word\tcount\n");
        run(&["-f", "csv"]).gives("word,count\r\n");
        run(&["-f", "jsonl"]).gives("");
        let ran = run(&["-f", "json"]);
        assert_eq!(serde_json::from_slice::<Value>(ran.exits(0).stdout()).unwrap(), json!([]));
    }
}

#[test]
fn a_result_of_many_pieces_is_well_formed_in_each_format() {
    let mut text = Vec::new();
    for number in 0..70_000 {
        writeln!(text, "word{number:05}\t1999\t1\t1").unwrap();
    }
    let scratch = Scratch::with([("rows.tsv", &text[..])]);
    for threads in ["1", "8"] {
        let run = |format: &str| scratch.run(["rows.tsv", "-j", threads, "-f", format]);
        let word = |number: usize| format!("word{number:05}");
        let array: Vec<Value> = serde_json::from_slice(run("json").exits(0).stdout()).unwrap();
        assert!(array.len() == 70_000 && array.iter().enumerate().all(|(number, row)| row["word"] == word(number)));
        let ran = run("jsonl");
        let objects = serde_json::Deserializer::from_slice(ran.stdout()).into_iter::<Value>();
        assert!(objects.enumerate().all(|(number, row)| row.unwrap()["word"] == word(number)));
        assert_eq!(ran.stdout().split(|&byte| byte == b'\n').count(), 70_001);
        let ran = run("csv");
        let mut reader = csv::Reader::from_reader(ran.stdout());
        let rows: Vec<(String, u64)> = reader.deserialize().map(Result::unwrap).collect();
        assert!(rows.len() == 70_000 && rows.iter().enumerate().all(|(number, row)| *row == (word(number), 1)));
    }
}

#[test]
fn statistics_as_json_are_one_line_on_standard_error() {
    let text = [SMALL, b"bad\n\n"].concat();
    let scratch = Scratch::with([("rows.tsv", &text[..]), ("more.gz", &gzip(b"a\t7\n"))]);
    let options = ["--stats", "json", "--skip-malformed", "-q", "-j", "3", "--chunk-size", "64KiB"];
    let ran = scratch.run(options.iter().chain(&["rows.tsv", "more.gz"]));
    ran.exits(0).writes("a\t9\nNew York\t1\nx\"y, z\t1\n");
    assert_eq!(ran.stderr().lines().count(), 1, "{ran}");
    let mut stats: Value = serde_json::from_str(&ran.stderr()).unwrap();
    for measured in ["seconds", "mb_per_second", "peak_memory_bytes"] {
        let value = stats.as_object_mut().unwrap().remove(measured).unwrap();
        assert!(value.as_f64().unwrap() > 0.0, "{measured}: {ran}");
    }
    // The default bound of memory depends on the machine.
    assert!(stats.as_object_mut().unwrap().remove("memory_limit").is_some(), "{ran}");
    let reason = "expected 4 fields (ngram, year, match_count, volume_count), found 1";
    let expected = json!({
        "inputs": [
            {"name": "rows.tsv", "format": "v2", "compression": null, "rows": 3, "malformed": 1,
             "first_malformed": [4, reason], "bytes": text.len()},
            {"name": "more.gz", "format": "counts", "compression": "gzip", "rows": 1, "malformed": 0,
             "first_malformed": null, "bytes": 4},
        ],
        "rows": 4, "malformed": 1, "words": 3, "counted": 11, "type_token_ratio": 3.0 / 11.0, "bytes": text.len() + 4, "spilled_bytes": 0, "threads": 3,
        "chunk_size": 65536,
    });
    assert_eq!(stats, expected);
}

#[test]
fn statistics_do_not_depend_on_how_the_work_is_cut() {
    let text = sample(300);
    let scratch = Scratch::with([("rows.tsv", &text[..]), ("rows.gz", &gzip(&text))]);
    for options in crate::common::ways_to_cut() {
        let ran = scratch.run(options.iter().chain(&["rows.tsv", "rows.gz", "--stats", "json"]));
        let stats: Value = serde_json::from_str(&ran.stderr()).unwrap();
        for input in [&stats["inputs"][0], &stats["inputs"][1]] {
            assert_eq!((&input["rows"], &input["bytes"]), (&json!(300), &json!(text.len())), "{ran}");
        }
        assert_eq!((&stats["rows"], &stats["words"]), (&json!(600), &json!(9)), "{ran}");
    }
}

#[test]
fn statistics_for_people_name_all_that_is_of_interest() {
    let ran = small().run(["rows.tsv", "--stats", "human"]);
    ran.exits(0).writes("a\t2\nNew York\t1\nx\"y, z\t1\n");
    let stderr = ran.stderr();
    let names = [
        "input",
        "rows",
        "malformed",
        "words",
        "counted",
        "type/token",
        "bytes",
        "seconds",
        "MB/s",
        "peak memory",
        "threads",
        "chunk size",
    ];
    let lines: Vec<&str> = stderr.lines().collect();
    assert_eq!(lines.len(), names.len(), "{ran}");
    for (line, name) in lines.iter().zip(names) {
        assert!(line.strip_prefix(name).is_some_and(|rest| rest.starts_with(' ') && !rest.trim().is_empty()), "{ran}");
    }
    assert!(
        lines[0].ends_with(" rows.tsv (v2): 3 rows")
            && lines[1].ends_with(" 3")
            && lines[3].ends_with(" 3")
            && lines[4].ends_with(" 4"),
        "{ran}"
    );
}

/// Those of other words are not read where the words are searched for.
#[test]
fn statistics_of_a_look_up_say_which_rows_they_count() {
    let label = "\nrows          3 read; others were only searched for the words\n";
    for (options, is_lookup) in [(&["-w", "a"][..], true), (&["--words-from", "list"], true), (&[], false)] {
        let scratch = small();
        scratch.write("list", "a\n");
        let ran = scratch.run([&["rows.tsv", "--stats=human"], options].concat());
        assert_eq!(ran.stderr().contains(label), is_lookup, "{ran}");
        let ran = scratch.run([&["rows.tsv", "--stats=json"], options].concat());
        assert!(ran.stderr().contains("\"rows\":3,"), "{ran}");
    }
    let ran = small().run(["plot", "rows.tsv", "-w", "a", "--stats=human", "--data"]);
    assert!(ran.exits(0).stderr().contains(label), "{ran}");
}

#[test]
fn progress_never_gets_into_the_result() {
    for when in ["always", "auto", "never"] {
        let ran = small().run(["rows.tsv", "--progress", when]);
        ran.exits(0).writes("a\t2\nNew York\t1\nx\"y, z\t1\n");
        assert!(when == "always" || ran.stderr().is_empty(), "{ran}");
    }
}

/// Each option's long name, and what `--help` says under it.
fn help() -> Vec<(String, String)> {
    let ran = Scratch::new().run(["--help"]);
    let mut options: Vec<(String, String)> = Vec::new();
    for line in String::from_utf8_lossy(ran.exits(0).says("").stdout()).lines() {
        let text = line.trim_start();
        let indent = line.len() - text.len();
        let name = text.split([' ', ',']).find(|word| word.starts_with("--"));
        if let (true, Some(name)) = (text.starts_with('-') && indent < 10, name) {
            options.push((name.to_owned(), String::new()));
        } else if let (10.., Some((_, explanation))) = (indent, options.last_mut()) {
            explanation.push_str(text);
            explanation.push(' ');
        }
    }
    options
}

#[test]
fn help_explains_each_option() {
    let options = help();
    let names = "input-format tokens ngram within word words-from prefix regex pos ignore-case spelling years by columns totals \
                 top min-count sort format header output threads chunk-size skip-malformed keep-going progress stats \
                 quiet color help version";
    for name in names.split_whitespace() {
        let text = &options.iter().find(|(option, _)| *option == format!("--{name}")).expect(name).1;
        assert!(text.split_whitespace().count() >= 2, "--{name} is not explained: {text:?}");
    }
}

#[test]
fn long_help_is_as_wide_as_the_terminal() {
    let ran = Scratch::new().run(["--help"]);
    let help = String::from_utf8(ran.exits(0).stdout().to_vec()).unwrap();
    let longest = help.lines().max_by_key(|line| line.chars().count()).unwrap();
    assert!(longest.chars().count() <= 80, "{longest}");
    let headings: Vec<_> = help.lines().filter(|line| line.ends_with(':') && !line.starts_with(' ')).collect();
    let expected = "Commands:|Arguments:|What is counted:|Which words:|Which lines:|How it looks:|The machine:|Messages:|\
                    Examples:|Exit status:|Environment:";
    assert_eq!(headings.join("|"), expected);
    assert!(Scratch::new().run(["help"]).exits(0).stdout() == help.as_bytes(), "{ran}");
}

#[test]
fn short_help_fits_one_screen() {
    let ran = Scratch::new().run(["-h"]);
    let help = String::from_utf8(ran.exits(0).says("").stdout().to_vec()).unwrap();
    assert!(help.lines().count() <= 24, "{} lines of at most 80 columns\n{ran}", help.lines().count());
    assert!(help.lines().all(|line| line.chars().count() <= 80), "{ran}");
}

#[test]
fn the_version_is_the_packages() {
    let expected = format!("ngram-count {}\n", env!("CARGO_PKG_VERSION"));
    Scratch::new().run(["--version"]).gives(&expected);
    Scratch::new().run(["-V"]).gives(&expected);
}
