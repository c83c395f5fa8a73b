//! Many words, long and short, in many variants: tables that grow, are merged, folded, and written in pieces.

mod common;

use common::oracle::{Row, by_years_tsv, commonest, folded, is_tagged, keep, row, sums, write};
use common::{Scratch, tsv};
use ngram_count::Format::{V2, V3};

/// Of each word, some variants, apart from each other; half of the words are longer than a table's keys.
fn rows() -> Vec<Row> {
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
    for (options, expected) in cases {
        for cut in [["-j1", "--chunk-size=1MiB"], ["-j2", "--chunk-size=4KiB"], ["-j8", "--chunk-size=64KiB"]] {
            for name in ["v2", "v3"] {
                scratch.run(cut.iter().chain(options).chain(&[name])).gives(&expected);
            }
        }
    }
}
