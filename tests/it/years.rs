//! Filters of years, and results by years and decades.

use crate::common::oracle::{Row, by_years, by_years_tsv, gives, in_years, row, sums, write};
use crate::common::{Scratch, tsv, ways_to_cut};
use ngram_count::Format::{V2, V3};

/// Words that begin alike, and some that control characters below TAB make differ.
const NGRAMS: [&[u8]; 12] = [
    b"a",
    b"a\x01",
    b"a\x08b",
    b"a b",
    b"",
    b"ab",
    b"A",
    b"antidisestablishmentarianism",
    b"antidisestablishmentarianism\x01",
    b"antidisestablishmentarianism b",
    b"\xFF",
    b"x\"y, z",
];

/// Rows in no order, with gaps between the years, some years again and again, and the word apart from itself.
fn rows() -> Vec<Row> {
    let years = [1999, 1990, 1989, 1990, 1990, 5, 2019, 1815, 1999, 12345];
    (0..120)
        .map(|n: u64| {
            let ngram = NGRAMS[(n / 3 * 5 % 12) as usize];
            row(ngram, years[(n * 7 % 10) as usize], n * n % 97, n % 4 + 1)
        })
        .collect()
}

#[test]
fn each_year_or_decade_has_a_line() {
    let text = b"b\t1989\t1\t1\na\t1999\t2\t1\na\t1990\t3\t2\nb\t1980\t4\t1\na\t1999\t10\t1\na\x01\t7\t1\t1\n";
    let run = |by| Scratch::new().pipe(text, ["--by", by]);
    run("word").gives("a\t15\nb\t5\na\x01\t1\n");
    run("year").gives("a\t1990\t3\t2\na\t1999\t12\t2\na\x01\t7\t1\t1\nb\t1980\t4\t1\nb\t1989\t1\t1\n");
    run("decade").gives("a\t1990\t15\t4\na\x01\t0\t1\t1\nb\t1980\t5\t2\n");
}

#[test]
fn years_and_decades_are_the_oracles() {
    let rows = rows();
    gives(&rows, &["--by", "year"], by_years_tsv(&rows, 1));
    gives(&rows, &["--by", "decade"], by_years_tsv(&rows, 10));
    gives(&rows, &["--by=year", "--sort=word"], by_years_tsv(&rows, 1));
    gives(&rows, &["--by=word", "--sort=word", "--columns=word,count"], {
        sums(&rows).iter().flat_map(|(word, n)| [word, format!("\t{n}\n").as_bytes()].concat()).collect::<Vec<u8>>()
    });
}

#[test]
fn years_of_words_asked_for_come_in_the_order_asked() {
    let rows = rows();
    let of = |words: &[&str], years| -> Vec<u8> {
        let lines =
            words.iter().flat_map(|word| by_years(&rows, years).into_iter().filter(|row| row.ngram == word.as_bytes()));
        write(V2, &lines.collect::<Vec<_>>())
    };
    gives(&rows, &["--by=year", "-w", "ab", "-w", "a", "-w", "nope", "-w", "ab"], of(&["ab", "a", "ab"], 1));
    let long = "antidisestablishmentarianism";
    gives(&rows, &["--by=decade", "-w", "a b", "-w", long, "-w", "A", "-w", "a"], of(&["a b", long, "A", "a"], 10));
    gives(&rows, &["--by=year", "--sort=word", "-w", "ab", "-w", "A", "-w", "a"], of(&["A", "a", "ab"], 1));
    Scratch::new().pipe(&write(V2, &rows), ["--by=year", "-w", "nope"]).exits(1).writes("").says("");
}

#[test]
fn top_and_min_count_and_the_order_by_count_go_by_whole_words() {
    let text = b"a\t1\t2\t1\na\t2\t3\t1\nb\t1\t4\t1\nc\t1\t1\t1\nc\t9\t5\t1\n";
    let run = |options: &[&str]| Scratch::new().pipe(text, [&["--by=year"], options].concat());
    run(&["-n1"]).gives("c\t1\t1\t1\nc\t9\t5\t1\n");
    run(&["--min-count=5"]).gives("a\t1\t2\t1\na\t2\t3\t1\nc\t1\t1\t1\nc\t9\t5\t1\n");
    run(&["--sort=count", "-n2"]).gives("c\t1\t1\t1\nc\t9\t5\t1\na\t1\t2\t1\na\t2\t3\t1\n");
}

#[test]
fn the_result_can_be_counted_again() {
    let rows = rows();
    let scratch = Scratch::with([("rows", &write(V3, &rows)[..])]);
    let years = scratch.run(["--by=year", "rows"]).stdout().to_vec();
    for (options, expected) in [
        (&["--by=year"][..], years.clone()),
        (&["--by=decade"], by_years_tsv(&rows, 10)),
        (&[], tsv(&sums(&rows))),
        (&["-i", "v2"], tsv(&sums(&rows))),
    ] {
        scratch.pipe(&years, options).gives(expected);
    }
    let decades = scratch.run(["--by=decade", "rows"]).stdout().to_vec();
    scratch.pipe(&decades, ["--by=decade"]).gives(&decades);
    scratch.pipe(&decades, ["--by=year"]).gives(&decades);
    let of_1810: u64 = rows.iter().filter(|row| row.ngram == b"a" && row.year / 10 == 181).map(|row| row.matches).sum();
    assert!(of_1810 > 0);
    scratch.pipe(&decades, ["--years=1810", "-w", "a"]).gives(format!("a\t{of_1810}\n"));
}

#[test]
fn words_that_look_like_gzip_are_counted_again_as_they_are() {
    let text = b"\x1F\x8B\x08\t1999\t1\t1\nb\t1999\t2\t1\n";
    let ran = Scratch::new().pipe(&[b"b\t1998\t1\t1\n", &text[..]].concat(), ["--by=year"]);
    assert!(ran.exits(0).stdout().starts_with(b"\n\x1F\x8B\x08\t1999\t1\t1\nb\t1998"), "{ran}");
    Scratch::new().pipe(ran.stdout(), ["--by=year"]).gives(ran.stdout());
}

#[test]
fn a_sum_of_volumes_that_is_too_large_names_its_ngram() {
    let largest = u64::MAX;
    let message = format!("the sum of \"New York\" passes {largest} (2^64-1), the largest count there is");
    for other in ["", "b\t1\t1\t1\n"] {
        let text = format!("New York\t1990\t1\t{largest}\n{other}New York\t1991\t1\t1\n");
        for options in [["--by=year"].as_slice(), &["--by=decade"], &["--columns=volumes"]] {
            for cut in ways_to_cut() {
                Scratch::new().pipe(text.as_bytes(), cut.iter().chain(options)).fails(&message);
            }
        }
        Scratch::new().pipe(text.as_bytes(), ["-w", "New York"]).gives("New York\t2\n");
        Scratch::new()
            .pipe(text.as_bytes(), ["-w", "New York", "--by=year", "--years=1991"])
            .gives("New York\t1991\t1\t1\n");
    }
}

#[test]
fn both_ends_of_the_years_are_included() {
    let rows = rows();
    let cases = [
        ("1897", 1897, 1897),
        ("1899-1903", 1899, 1903),
        ("1903-", 1903, u64::MAX),
        ("-1903", 0, 1903),
        ("1903-1903", 1903, 1903),
        ("0-1897", 0, 1897),
        ("1000-9999", 1000, 9999),
        ("0-", 0, u64::MAX),
        ("2500-", 2500, u64::MAX),
        ("-999", 0, 999),
        ("10000-", 10000, u64::MAX),
    ];
    for (years, first, last) in cases {
        gives(&rows, &["--years", years], tsv(&sums(&in_years(&rows, first, last))));
        gives(&rows, &["--by=year", "--years", years], by_years_tsv(&in_years(&rows, first, last), 1));
    }
}

#[test]
fn years_may_have_any_number_of_digits() {
    let years = [0, 7, 42, 999, 1000, 1999, 9999, 10000, 123_456_789_012, u64::MAX];
    let rows: Vec<Row> = (1..).zip(years).map(|(n, year)| row(format!("w{n}"), year, n, 1)).collect();
    for first in years {
        for last in years.into_iter().filter(|&last| first <= last) {
            let text = write(V2, &rows);
            let years = format!("--years={first}-{last}");
            let expected = tsv(&sums(&in_years(&rows, first, last)));
            Scratch::new().pipe(&text, [&years]).gives(&expected);
            Scratch::new().pipe(&write(V3, &rows), [&years]).gives(&expected);
        }
    }
    let zeros = b"a\t01999\t1\t1\nb\t0000000000000000000000001999\t2\t1\nc\t0999\t3\t1\n";
    Scratch::new().pipe(zeros, ["--years=1999"]).gives("b\t2\na\t1\n");
    Scratch::new().pipe(zeros, ["--years=-999"]).gives("c\t3\n");
}

#[test]
fn a_word_with_rows_only_outside_the_years_does_not_occur() {
    let text = b"a\t1900\t0\t1\na\t1950\t3\t1\nb\t1800\t5\t1\n";
    let run = |options: &[&str]| Scratch::new().pipe(text, options);
    run(&["--years=1900-1999"]).gives("a\t3\n");
    run(&["--years=1900"]).gives("a\t0\n");
    run(&["--years=1900-1999", "-w", "b"]).exits(1).writes("b\t0\n").says("");
    run(&["--years=1900", "-w", "a"]).exits(1).writes("a\t0\n").says("");
    run(&["--years=1900-1999", "-w", "b", "-w", "a"]).gives("b\t0\na\t3\n");
    run(&["--years=1900-1999", "-w", "b", "--by=year"]).exits(1).writes("").says("");
}

#[test]
fn years_that_are_none_and_inputs_without_years_are_refused() {
    for bad in ["", "-", "1999-1900", "19x0", "1900-1950-1999", "+1900", "18446744073709551616"] {
        Scratch::new().pipe(b"a\t1\t1\t1\n", [format!("--years={bad}")]).exits(2).writes("");
    }
    let scratch = Scratch::with([("counts.tsv", &b"a\t1\nb\t2\n"[..]), ("prose.txt", b"some words of text\n")]);
    let what = "--years, --rise, --by year, plot and the columns year, volumes, years, first, last, peak, born, died and spark need v1, v2 or v3; \
         if it is one of these, say which with -i";
    for options in ["--years=1900-", "--by=year", "--by=decade", "--columns=word,volumes", "--columns=first"] {
        let expected = format!("counts.tsv: its format (counts) has no years and no volumes: {what}");
        scratch.run([options, "counts.tsv"]).fails(&expected);
        let has_volumes = expected.replace(" and no volumes", "").replace(" volumes,", "");
        let has_volumes =
            has_volumes.replace("v1, v2 or v3; ", "v1, v2 or v3, or text whose name has its year (--year-from); ");
        let of_text = has_volumes.replace("counts.tsv", "prose.txt").replace("(counts)", "(text)");
        if options == "--columns=word,volumes" {
            scratch.run([options, "prose.txt"]).gives("of\t1\nsome\t1\ntext\t1\nwords\t1\n");
        } else {
            scratch.run([options, "prose.txt"]).fails(&of_text);
        }
    }
}

/// The differences of such years, taken modulo 2^64, are small.
#[test]
fn years_at_both_ends_of_their_range_are_ordered_and_summed() {
    let scratch = Scratch::new();
    for (last, first) in [(u64::MAX, 3), (u64::MAX - 13, 0), (u64::MAX - 5, 1)] {
        scratch.write("v3", format!("a\t{last},5,2\t{first},7,1\t{last},1,1\n"));
        let expected = format!("a\t{first}\t7\t1\na\t{last}\t6\t3\n");
        for cut in ways_to_cut() {
            scratch.run([&["v3", "-iv3", "--by=year"], &cut[..]].concat()).gives(&expected);
        }
        let columns = "--columns=years,first,last,peak";
        scratch.run(["v3", "-iv3", columns]).gives(format!("2\t{first}\t{last}\t{first}\n"));
    }
}
