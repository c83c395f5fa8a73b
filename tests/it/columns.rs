//! The columns of a result, in each format.

use std::collections::BTreeMap;

use crate::common::oracle::{Row, by_years, gives, row};
use crate::common::{Scratch, ways_to_cut};
use serde_json::Value;

/// Rows in no order, with gaps between the years, and some years again and again.
fn rows() -> Vec<Row> {
    let years = [1999, 1990, 1989, 1990, 1990, 5, 2019, 1815, 1999, 12345];
    let words = ["a", "a\x01", "a b", "", "ab", "antidisestablishmentarianism", "x\"y, z"];
    let row = |n: u64| row(words[(n / 3 * 5 % 7) as usize], years[(n * 7 % 10) as usize], n * n % 97, n % 4 + 1);
    (0..120).map(row).collect()
}

/// `c` occurs in no year, as far as it is counted.
const SMALL: &[u8] = b"a\t1990\t3\t2\na\t1992\t3\t1\nb\t1991\t6\t1\nd\t1995\t4\t9\ne\t1960\t100\t1\n";
const ALL: &str = "--columns=word,count,volumes,years,first,last,peak,share,cumulative,rank";

/// The cell of each column for a word, from the oracle's sums.
fn cell(column: &str, years: &[Row]) -> String {
    let count: u64 = years.iter().map(|year| year.matches).sum();
    match column {
        "word" => String::from_utf8(years[0].ngram.clone()).unwrap(),
        "count" => count.to_string(),
        "volumes" => years.iter().map(|year| year.volumes).sum::<u64>().to_string(),
        "years" => years.len().to_string(),
        "first" => years[0].year.to_string(),
        "last" => years[years.len() - 1].year.to_string(),
        "peak" => {
            let most = years.iter().map(|year| year.matches).max();
            years.iter().find(|year| Some(year.matches) == most).unwrap().year.to_string()
        }
        _ => panic!("{column}"),
    }
}

#[test]
fn columns_of_words_are_the_oracles() {
    let rows = rows();
    let mut words: BTreeMap<Vec<u8>, Vec<Row>> = BTreeMap::new();
    for year in by_years(&rows, 1) {
        words.entry(year.ngram.clone()).or_default().push(year);
    }
    let columns = ["word", "count", "volumes", "years", "first", "last", "peak"];
    let table = |columns: &[&str]| -> String {
        let lines = words.values().map(|years| columns.iter().map(|column| cell(column, years)).collect::<Vec<_>>());
        lines.map(|line| line.join("\t") + "\n").collect()
    };
    gives(&rows, &["-s", "word", "--columns", &columns.join(",")], table(&columns));
    for column in columns {
        gives(&rows, &["-s", "word", "--columns", column], table(&[column]));
    }
    let header = ["peak", "word", "first"];
    gives(&rows, &["-s", "word", "--columns=peak,word,first", "--header"], header.join("\t") + "\n" + &table(&header));
}

#[test]
fn shares_ranks_and_what_is_missing_in_each_format() {
    let run = |options: &[&str]| {
        Scratch::new()
            .pipe(SMALL, [&[ALL, "--years=1990-1999", "-w", "d", "-w", "c", "-w", "a", "-w", "b"], options].concat())
    };
    let tsv = "d\t4\t9\t1\t1995\t1995\t1995\t0.25\t0.25\t3\nc\t0\t0\t0\t\t\t\t0.0\t0.25\t4\n\
        a\t6\t3\t2\t1990\t1992\t1990\t0.375\t0.625\t1\nb\t6\t1\t1\t1991\t1991\t1991\t0.375\t1.0\t1\n";
    run(&[]).gives(tsv);
    let names = ALL.trim_start_matches("--columns=");
    run(&["--header"]).gives(format!("{}\n{tsv}", names.replace(',', "\t")));
    let csv = format!("{names}\n{}", tsv.replace('\t', ",")).replace('\n', "\r\n");
    run(&["-f", "csv"]).gives(csv);
    let lines = [
        r#"{"word":"d","count":4,"volumes":9,"years":1,"first":1995,"last":1995,"peak":1995,"share":0.25,"cumulative":0.25,"rank":3}"#,
        r#"{"word":"c","count":0,"volumes":0,"years":0,"first":null,"last":null,"peak":null,"share":0.0,"cumulative":0.25,"rank":4}"#,
        r#"{"word":"a","count":6,"volumes":3,"years":2,"first":1990,"last":1992,"peak":1990,"share":0.375,"cumulative":0.625,"rank":1}"#,
        r#"{"word":"b","count":6,"volumes":1,"years":1,"first":1991,"last":1991,"peak":1991,"share":0.375,"cumulative":1.0,"rank":1}"#,
    ];
    run(&["-f", "jsonl"]).gives(lines.join("\n") + "\n");
    run(&["-f", "json"]).gives(format!("[\n{}\n]\n", lines.join(",\n")));
}

#[test]
fn ranks_and_shares_are_of_all_words_also_where_few_are_written() {
    let text = b"a\t1\t5\t1\nb\t1\t5\t1\nc\t1\t3\t1\nd\t1\t3\t1\ne\t1\t4\t1\n";
    let run =
        |options: &[&str]| Scratch::new().pipe(text, [&["--columns=word,rank,share,cumulative"], options].concat());
    let all = "a\t1\t0.25\t0.25\nb\t1\t0.25\t0.5\ne\t3\t0.2\t0.7\nc\t4\t0.15\t0.85\nd\t4\t0.15\t1.0\n";
    for cut in ways_to_cut() {
        run(&cut).gives(all);
    }
    run(&["-n", "3"]).gives(&all[..all.find('c').unwrap()]);
    run(&["--min-count", "5"]).gives(&all[..all.find('e').unwrap()]);
    run(&["-s", "word", "-n", "2"]).gives(&all[..all.find('e').unwrap()]);
}

#[test]
fn shares_add_up_over_many_pieces() {
    let text: String = (0..40_000).map(|n| format!("w{n:05}\t1990\t{}\t1\n", n % 3)).collect();
    for options in [["-j1", "--sort=word"], ["-j8", "--sort=word"], ["-j8", "--sort=count"]] {
        let ran = Scratch::new().pipe(text.as_bytes(), [&options[..], &["--columns=count,cumulative,rank"]].concat());
        let mut sum = 0;
        for line in std::str::from_utf8(ran.exits(0).stdout()).unwrap().lines() {
            let cells: Vec<&str> = line.split('\t').collect();
            let count: u64 = cells[0].parse().unwrap();
            sum += count;
            let share = format!("{:.9}", sum as f64 / 39_999.0);
            assert_eq!(cells[1].parse(), share.parse::<f64>(), "{line}");
            // 13,333 words occur twice, as many once, and one more not at all.
            assert_eq!(cells[2], ["26667", "13334", "1"][count as usize], "{line}");
        }
        assert_eq!(sum, 39_999);
    }
}

#[test]
fn sparklines_are_of_the_same_years_whatever_the_order_of_the_rows() {
    let text = b"a\t1990\t7\t1\na\t1993\t1\t1\nb\t1992\t2\t1\nb\t1994\t4\t1\nc\t1900\t1\t1\n";
    let run = |options: &[&str]| {
        Scratch::new().pipe(text, [&["--columns=word,count,spark", "--years=1950-"], options].concat())
    };
    let tsv = "a\t8\t█▁▁▂▁\nb\t6\t▁▁▅▁█\n";
    for cut in ways_to_cut() {
        run(&cut).gives(tsv);
    }
    run(&["-f=csv"]).gives(format!("word,count,spark\n{}", tsv.replace('\t', ",")).replace('\n', "\r\n"));
    run(&["-w=c", "-w=b"]).gives("c\t0\t\nb\t6\t▅▁█\n");
    let missing = "{\"word\":\"c\",\"count\":0,\"spark\":null}\n";
    run(&["-w=c", "-w=b", "-f=jsonl"])
        .gives(format!("{missing}{}", "{\"word\":\"b\",\"count\":6,\"spark\":\"▅▁█\"}\n"));
    // In 1993 there are a hundredth of the words of 1990; the totals lack 1992 and 1994.
    let scratch = Scratch::with([("totals", &b"1990\t1000\t1\t1\n1993\t10\t1\t1\n"[..]), ("rows", text)]);
    let options = ["--columns=word,spark", "--years=1950-", "--totals=totals", "rows", "-q"];
    scratch.run(options).gives("a\t▂▁▁█▁\nb\t▁▁▁▁▁\n");
}

#[test]
fn columns_of_years_can_be_chosen_in_each_format() {
    let run =
        |options: &[&str]| Scratch::new().pipe(SMALL, [&["--years=1990-", "-n2", "--by=decade"], options].concat());
    run(&[]).gives("a\t1990\t6\t3\nb\t1990\t6\t1\n");
    run(&["--header"]).gives("word\tyear\tcount\tvolumes\na\t1990\t6\t3\nb\t1990\t6\t1\n");
    run(&["-f=csv"]).gives("word,year,count,volumes\r\na,1990,6,3\r\nb,1990,6,1\r\n");
    run(&["--columns=year,word", "-f=csv"]).gives("year,word\r\n1990,a\r\n1990,b\r\n");
    let lines =
        [r#"{"word":"a","year":1990,"count":6,"volumes":3}"#, r#"{"word":"b","year":1990,"count":6,"volumes":1}"#];
    run(&["-f=jsonl"]).gives(lines.join("\n") + "\n");
    run(&["-f=json"]).gives(format!("[\n{}\n]\n", lines.join(",\n")));
}

#[test]
fn an_empty_result_is_well_formed() {
    let run = |options: &[&str]| Scratch::new().pipe(SMALL, [&["--years=2000-", "--by=year"], options].concat());
    run(&[]).gives("");
    run(&["-f=csv"]).gives("word,year,count,volumes\r\n");
    run(&["-f=json"]).gives("[\n]\n");
    let ran = Scratch::new().pipe(SMALL, ["--years=2000-", "-w", "a", "-f", "json", ALL]);
    ran.exits(1);
    let objects: Value = serde_json::from_slice(ran.stdout()).unwrap();
    assert!(objects[0]["share"].is_null() && objects[0]["cumulative"].is_null() && objects[0]["rank"] == 1, "{ran}");
}

#[test]
fn columns_that_make_no_sense_are_refused() {
    let run = |options: &[&str]| Scratch::new().pipe(SMALL, options);
    run(&["--columns=word,year"]).fails("the column year needs --by year or --by decade");
    run(&["--columns=word,count,word"]).fails("the column word is named twice");
    run(&["--columns=word,file"]).fails("the column file needs --by file");
    run(&["--columns=word,year", "--by=file"]).fails("the column year needs --by year or --by decade");
    for column in ["per-million", "zipf"] {
        run(&["--columns", column, "--by=file"])
            .fails(&format!("the column {column} can't be combined with --by file"));
    }
    for column in ["years", "first", "last", "peak", "share", "cumulative", "rank", "spark"] {
        for by in ["year", "decade", "file"] {
            let message =
                format!("the column {column} is of whole words: it can't be combined with --by year, decade or file");
            run(&["--columns", column, "--by", by]).fails(&message);
        }
    }
    for bad in ["", "word,", "words", "word count"] {
        let ran = run(&["--columns", bad]);
        ran.exits(2).writes("");
        assert!(ran.stderr().contains("--columns"), "{ran}");
    }
}

/// The first and the last year in which the count is at least the share of all words of the year.
#[test]
fn words_are_born_and_die_when_they_pass_a_share() {
    let rows = b"a\t1900\t1\t1\na\t1901\t20\t1\na\t1903\t20\t1\na\t1905\t9\t1\nb\t1900\t99\t1\nb\t1901\t80\t1\n\
        b\t1903\t80\t1\nb\t1905\t91\t1\n";
    let scratch =
        Scratch::with([("rows", &rows[..]), ("totals", b"1900\t2\t1\t1\n1901\t1000\t1\t1\n1905\t90\t1\t1\n")]);
    let run = |options: &[&str]| scratch.run([&["rows", "--columns=word,born,died", "--sort=word"], options].concat());
    for cut in ways_to_cut() {
        run(&cut).gives("a\t1900\t1905\nb\t1900\t1905\n");
        run(&[&["--life-share=0.1"], &cut[..]].concat()).gives("a\t1901\t1903\nb\t1900\t1905\n");
        run(&[&["--life-share=10%"], &cut[..]].concat()).gives("a\t1901\t1903\nb\t1900\t1905\n");
        run(&[&["--life-share=0.2"], &cut[..]].concat()).gives("a\t1901\t1903\nb\t1900\t1905\n");
        run(&[&["--life-share=0.95", "-w=a", "-w=b"], &cut[..]].concat()).gives("a\t\t\nb\t1900\t1900\n");
        run(&[&["--life-share=0.1", "--where=born>1900"], &cut[..]].concat()).gives("a\t1901\t1903\n");
    }
    // Of the books: 1 of 2, 20 of 1000, 9 of 90; nothing is known of 1903.
    run(&["--totals=totals", "--life-share=0.1", "-w=a", "-q"]).gives("a\t1900\t1905\n");
    // A division by 100 would give 0.07% as 0.0007000000000000001.
    scratch.write("rows", b"w\t1900\t7\t1\nx\t1900\t9993\t1\n");
    for share in ["0.0007", "7e-4", "0.07%", "7e-2%", "7E-4"] {
        run(&[&format!("--life-share={share}"), "-w=w"]).gives("w\t1900\t1900\n");
    }
    run(&["--life-share=0.0701%", "-w=w"]).gives("w\t\t\n");
    for share in ["0", "1.5", "x", "nan", "-1", "0%", "101%", "%", "nan%"] {
        let ran = run(&[&format!("--life-share={share}")]);
        assert!(ran.exits(2).stderr().contains("expected a share above 0 and up to 1"), "{ran}");
    }
}
