//! Many words, long and short, in many variants: tables that grow, merge, fold case, and are written bucket by bucket.

use crate::common::oracle::{Row, by_years_tsv, commonest, folded, in_years, is_tagged, keep, row, sums, write};
use crate::common::{Scratch, are_all_cases, gzip, tsv};
use ngram_count::Format::{V1, V2, V3};

/// Variants of each word, apart from each other. Half of the words are too long for a key.
pub(crate) fn rows() -> Vec<Row> {
    (0..36_000_u64)
        .map(|n| {
            let number = n * 7919 % 6000;
            let word = format!(
                "{}w{number}",
                ["", "The ", "antidisestablishmentarianism of the ", "ΟΔΟΣ "][(number % 4) as usize]
            );
            let word = match n % 7 {
                0 | 1 => word.to_uppercase(),
                2 => word + "_NOUN",
                3 => word.to_lowercase(),
                _ => word,
            };
            row(word, 1800 + n * n % 211, n % 19, n % 3)
        })
        .collect()
}

#[test]
fn many_words_are_counted_as_the_oracle_does() {
    let rows = rows();
    let scratch = Scratch::with([("v2", &write(V2, &rows)[..]), ("v3", &write(V3, &rows))]);
    let untagged = keep(&rows, |ngram| !is_tagged(ngram));
    let cases: [(&[&str], Vec<u8>); 7] = [
        (&[], tsv(&sums(&rows))),
        (&["--by=year"], by_years_tsv(&rows, 1)),
        (&["--by=decade", "--pos=drop"], by_years_tsv(&untagged, 10)),
        (&["--ignore-case"], tsv(&sums(&folded(&rows)))),
        (&["--ignore-case", "--spelling=commonest"], tsv(&sums(&commonest(&rows)))),
        (&["--ignore-case", "--by=year"], by_years_tsv(&folded(&rows), 1)),
        (&["--ignore-case", "--spelling=commonest", "--by=decade"], by_years_tsv(&commonest(&rows), 10)),
    ];
    let cuts = [["-j1", "--chunk-size=1MiB"], ["-j2", "--chunk-size=4KiB"], ["-j8", "--chunk-size=64KiB"]];
    for (number, (options, expected)) in cases.into_iter().enumerate() {
        for cut in if are_all_cases() { &cuts[..] } else { &cuts[number % 3..][..1] } {
            for name in ["v2", "v3"] {
                scratch.run(cut.iter().chain(options).chain(&[name])).gives(&expected);
            }
        }
    }
}

/// Behind the first MiB, the parser searches the text for words, which may be anywhere.
#[test]
fn words_that_are_searched_for_have_the_oracles_counts_in_each_format() {
    let rows = [rows(), rows(), rows()].concat();
    let rare = (0..40).map(|n| row("rare \u{416}", 1890 + n % 17, n, 1 + n % 2)).collect::<Vec<_>>();
    let rows = [&rows[..50_000], &rare[..20], &rows[50_000..], &rare[20..]].concat();
    let scratch = Scratch::new();
    for format in [V1, V2, V3] {
        let text = write(format, &rows);
        assert!(text.len() > 2 << 20);
        scratch.write(&format.to_string(), &text);
        scratch.write(&format!("{format}.gz"), gzip(&text));
    }
    let long = "antidisestablishmentarianism of the w2";
    let found = keep(&rows, |ngram| [b"rare \xD0\x96", long.as_bytes()].contains(&ngram));
    let some = in_years(&found, 1895, 1903);
    let line = |rows: &[Row], word: &str| format!("{word}\t{}\n", sums(rows).get(word.as_bytes()).unwrap_or(&0));
    let both = |rows: &[Row]| (line(rows, long) + "no such word\t0\n" + &line(rows, "rare \u{416}")).into_bytes();
    let by = |years| {
        [
            by_years_tsv(&keep(&some, |ngram| ngram == long.as_bytes()), years),
            by_years_tsv(&keep(&some, |ngram| ngram != long.as_bytes()), years),
        ]
        .concat()
    };
    let cases: [(&[&str], Vec<u8>); 5] = [
        (&[], both(&found)),
        (&["--pos=drop"], both(&found)),
        (&["--years=1895-1903"], both(&some)),
        (&["--years=1895-1903", "--by=year"], by(1)),
        (&["--years=1895-1903", "--by=decade"], by(10)),
    ];
    for (options, expected) in cases {
        for cut in [["-j1", "--chunk-size=1MiB"], ["-j2", "--chunk-size=4KiB"], ["-j8", "--chunk-size=64KiB"]] {
            for name in ["v1", "v2", "v3", "v1.gz", "v2.gz", "v3.gz"] {
                let words = ["-w", long, "-w", "no such word", "-w", "rare \u{416}", name];
                scratch.run(cut.iter().chain(options).chain(&words)).gives(&expected);
            }
        }
    }
    let outside = ["--years=2100-", "-w", "rare \u{416}", "v3"];
    scratch.run(outside).exits(1).writes("rare \u{416}\t0\n");
}
