//! `--format table`: columns that a terminal shows below each other. And `--bom`, the mark by which Excel knows UTF-8.

use proptest::prelude::*;
use proptest::sample::select;

use crate::common::oracle::{Row, row, write};
use crate::common::{Scratch, laws, ways_to_cut};
use crate::many;
use ngram_count::Format;

const ROWS: &[u8] = "the\t1850\t1234000\t2\nthe\t1950\t567\t1\nna\u{ef}ve\t1950\t89\t1\n日本\t1900\t7\t1\n".as_bytes();

#[test]
fn columns_are_aligned_with_thousands_separated() {
    let run = |options: &[&str]| Scratch::new().pipe(ROWS, [&["--format=table"], options].concat());
    let counts = "word       count\nthe    1,234,567\nna\u{ef}ve         89\n日本           7\n";
    for cut in ways_to_cut() {
        run(&cut).gives(counts);
    }
    run(&["--header"]).gives(counts);
    let columns = "\x20   count  word   first        share\n\
        1,234,567  the     1850  0.999922246\n\
        \x20      89  na\u{ef}ve   1950  0.000072084\n";
    run(&["--columns=count,word,first,share", "-n2"]).gives(columns);
    run(&["--by=year", "-w=the"])
        .gives("word  year      count  volumes\nthe   1850  1,234,000        2\nthe   1950        567        1\n");
    // Decimal points stand below each other, and what is unknown is a dash.
    let zipf = "word    zipf  first\nthe    9.0     1850\nnope   -          -\nna\u{ef}ve  4.858   1950\n";
    run(&["--columns=word,zipf,first", "-w=the", "-w=nope", "-w=na\u{ef}ve", "-q"]).gives(zipf);
    run(&["--columns=word,first", "-w=the", "-w=nope"]).gives("word  first\nthe    1850\nnope      -\n");
    run(&["--years=2000-"]).gives("word  count\n");
    run(&["--columns=word,spark,count", "-n1", "--years=1850"])
        .gives("word  spark      count\nthe   █      1,234,000\n");
}

#[test]
fn what_a_terminal_obeys_is_escaped() {
    let text = "a\u{1b}[31m\t3\n\u{202e}b\t2\n".as_bytes();
    let text = [text, b"x\xFF\t1\n"].concat();
    let expected = "word         count\na\\u{1b}[31m      3\n\\u{202e}b        2\nx\\xff            1\n";
    Scratch::new().pipe(&text, ["-f=table"]).gives(expected);
}

#[test]
fn a_long_word_moves_its_own_line_alone() {
    let long = "w".repeat(1000);
    let text = format!("{long}\t1\na\t2\n");
    let expected = format!("{:<64}  count\n{:<64}      2\n{long}      1\n", "word", "a");
    Scratch::new().pipe(text.as_bytes(), ["-f=table"]).gives(expected);
}

#[test]
fn a_byte_order_mark_is_for_csv() {
    let csv = "\u{feff}word,count\r\nthe,1234567\r\n";
    let scratch = Scratch::new();
    scratch.pipe(ROWS, ["-f=csv", "--bom", "-n1"]).gives(csv);
    scratch.pipe(csv.as_bytes(), ["-f=csv", "--bom"]).gives(csv);
    for format in ["tsv", "json", "jsonl", "table"] {
        scratch.pipe(ROWS, ["--bom", "-f", format]).fails("--bom needs --format csv, which Excel opens");
    }
}

/// The same cells as in TSV: texts at the left, numbers at the right, with their decimal points below each other.
fn aligned(tsv: &str, is_text: &[bool], is_year: &[bool]) -> String {
    let mut rows: Vec<Vec<(String, String)>> = Vec::new();
    for (number, line) in tsv.lines().enumerate() {
        let cells = line.split('\t').enumerate().map(|(column, cell)| {
            let cell = if cell.is_empty() && number > 0 { "-" } else { cell };
            let (whole, fraction) =
                cell.split_at(if is_text[column] { cell.len() } else { cell.find('.').unwrap_or(cell.len()) });
            let separates = number > 0 && !is_text[column] && !is_year[column];
            (if separates { separated(whole) } else { whole.to_owned() }, fraction.to_owned())
        });
        rows.push(cells.collect());
    }
    let widest = |column: usize, part: fn(&(String, String)) -> &String, skipped: usize| {
        rows.iter().skip(skipped).map(|row| part(&row[column]).chars().count()).max().unwrap_or(0)
    };
    let mut text = String::new();
    for (number, row) in rows.iter().enumerate() {
        let mut line = String::new();
        for (column, (whole, fraction)) in row.iter().enumerate() {
            let (before, behind) = (widest(column, |cell| &cell.0, 1), widest(column, |cell| &cell.1, 1));
            let width = (before + behind).max(rows[0][column].0.len());
            let cell = match (is_text[column], number) {
                (true, _) => format!("{whole:<width$}  "),
                (_, 0) => format!("{whole:>width$}  "),
                _ => format!("{:>width$}{fraction:<behind$}  ", whole, width = width - behind),
            };
            line.push_str(&cell);
        }
        text += &line[..line.len() - 2];
        // The last column has no blanks behind it.
        text.truncate(text.trim_end_matches(' ').len());
        text.push('\n');
    }
    text
}

fn separated(digits: &str) -> String {
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).unwrap()).collect();
    groups.join(",")
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let word = select(&["a", "the", "naive", "New York", "antidisestablishmentarianism", "\u{e9}t\u{e9}"][..]);
    let row = (word, 1000_u64..10_100, prop_oneof![0_u64..20, 0_u64..10_000_000_000], 0_u64..2000);
    prop::collection::vec(row.prop_map(|(word, year, matches, volumes)| self::row(word, year, matches, volumes)), 0..30)
}

proptest! {
    #![proptest_config(laws::config_of_processes())]

    #[test]
    fn a_table_has_the_cells_of_tsv(rows in rows(), by_year: bool, sort in select(&["count", "first", "word"][..])) {
        let (columns, is_text, is_year): (_, &[_], &[_]) = if by_year {
            ("word,year,count,volumes", &[true, false, false, false], &[false, true, false, false])
        } else {
            ("word,count,share,first,volumes,cumulative", &[true, false, false, false, false, false], &[false, false, false, true, false, false])
        };
        let by = if by_year { "--by=year" } else { "--by=word" };
        let text = write(Format::V2, &rows);
        let run = |more: &[&str]| {
            let ran = Scratch::new().pipe(&text, [&["-i=v2", by, "--columns", columns, "--sort", sort][..], more].concat());
            String::from_utf8(ran.exits(0).stdout().to_vec()).unwrap()
        };
        let tsv = run(&["--header"]);
        prop_assert_eq!(run(&["-f=table"]), aligned(&tsv, is_text, is_year));
    }
}

#[test]
fn a_table_larger_than_memory_is_the_same() {
    let scratch = Scratch::with([("rows", &write(Format::V2, &many::rows())[..])]);
    for options in [&["--columns=word,count,cumulative,first"][..], &["--by=decade"], &["--by=decade", "--wide"]] {
        let run = |more: &[&str]| scratch.run([&["rows", "--format=table"], options, more].concat());
        let expected = run(&["--memory=none"]);
        let bounded = run(&["--memory=16MiB", "--temp-dir=."]);
        assert!(bounded.exits(0).stdout() == expected.exits(0).stdout(), "{options:?}");
    }
}
