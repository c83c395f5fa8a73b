//! `--normalize`: characters that look the same are one, in every format.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use ngram_count::{By, Format, Input, Job, Normalization, Spelling};
use proptest::prelude::*;
use proptest::sample::select;

use crate::common::laws::{self, unexpected};
use crate::common::oracle::{Row, by_years_tsv, commonest, folded, row, sums, write};
use crate::common::rows::{cut, run, stored, written};
use crate::common::{Scratch, tsv, ways_to_cut};

/// Words, and their normal forms NFC and NFKC.
const WORDS: &[[&str; 3]] = &[
    ["cafe\u{301}", "café", "café"],
    ["café", "café", "café"],
    ["CAFE\u{301}", "CAFÉ", "CAFÉ"],
    ["cafe", "cafe", "cafe"],
    ["ﬁn", "ﬁn", "fin"],
    ["fin", "fin", "fin"],
    ["Fin", "Fin", "Fin"],
    ["\u{212b}ngstro\u{308}m_NOUN", "Ångström_NOUN", "Ångström_NOUN"],
    ["a\u{30a}ngström_NOUN", "ångström_NOUN", "ångström_NOUN"],
    // The lower case of the second is the first.
    ["\u{1f0}", "\u{1f0}", "\u{1f0}"],
    ["J\u{30c}", "J\u{30c}", "J\u{30c}"],
    ["ℋ²", "ℋ²", "H2"],
    ["h2", "h2", "h2"],
    ["\u{1100}\u{1161}", "가", "가"],
    ["ﷺ", "ﷺ", "صلى الله عليه وسلم"],
    ["antidisestablishmentarianisme\u{301}", "antidisestablishmentarianismé", "antidisestablishmentarianismé"],
];

fn form() -> impl Strategy<Value = (Normalization, usize)> {
    select(vec![(Normalization::Nfc, 1), (Normalization::Nfkc, 2)])
}

/// Lower-cased J with a caron is in normal form, too.
fn composed(rows: &[Row]) -> Vec<Row> {
    let compose = |ngram: &[u8]| String::from_utf8(ngram.to_vec()).unwrap().replace("j\u{30c}", "\u{1f0}").into_bytes();
    rows.iter().map(|row| Row { ngram: compose(&row.ngram), ..row.clone() }).collect()
}

proptest! {
    #![proptest_config(laws::config())]

    #[test]
    fn rows_are_summed_under_the_normal_form(
        words in prop::collection::vec((select(WORDS), 1890_u64..1893, 1_u64..50), 0..40),
        (form, place) in form(),
        format in select(vec![Format::V1, Format::V2, Format::V3, Format::Counts]),
        (spelling, by_year, is_bounded) in (select(vec![None, Some(Spelling::Lower), Some(Spelling::Commonest)]), any::<bool>(), any::<bool>()),
        asked in prop::option::of(select(WORDS)),
        stored in stored(),
        cut in cut(),
    ) {
        let rows_of = |place: usize| -> Vec<Row> {
            words.iter().map(|(word, year, count)| row(word[place], *year, *count, 1)).collect()
        };
        let text = match format {
            Format::Counts => words.iter().flat_map(|(word, _, count)| format!("{}\t{count}\n", word[0]).into_bytes()).collect(),
            format => write(format, &rows_of(0)),
        };
        let fold = |rows: &[Row]| match spelling {
            None => rows.to_vec(),
            Some(Spelling::Lower) => composed(&folded(rows)),
            _ => commonest(rows),
        };
        let mut expected = fold(&rows_of(place));
        let mut job = Job::new().format(format).normalize(form);
        if let Some(word) = asked {
            // Whatever the form in which it is asked for.
            let word_is = |ngram: &[u8]| expected_of(word[place], spelling) == expected_of(std::str::from_utf8(ngram).unwrap(), spelling);
            expected.retain(|row| word_is(&row.ngram));
            job = job.word(word[0]);
            prop_assume!(!expected.is_empty());
        }
        if spelling == Some(Spelling::Commonest) {
            // The commonest spelling of J with a caron and its lower case is one of both; the oracle knows no form.
            prop_assume!(!words.iter().any(|(word, ..)| word[0].ends_with('\u{30c}')));
        }
        job = spelling.into_iter().fold(job, Job::ignore_case);
        let by_year = by_year && format != Format::Counts;
        job = if by_year { job.by(By::Year) } else { job };
        let outcome = run(if is_bounded { job.memory(1) } else { job }, &text, &stored, cut).map_err(unexpected)?;
        prop_assert_eq!(written(&outcome), if by_year { by_years_tsv(&expected, 1) } else { tsv(&sums(&expected)) });
    }

    #[test]
    fn words_of_text_are_counted_under_the_normal_form(
        words in prop::collection::vec((select(WORDS), any::<bool>()), 0..60), (form, place) in form(), len in 1_usize..4, stored in stored(), cut in cut(),
    ) {
        let mut text = String::new();
        let mut expected = BTreeMap::new();
        for line in words.split_inclusive(|(_, ends_line)| *ends_line) {
            text = text + &line.iter().map(|(word, _)| word[0]).collect::<Vec<_>>().join(" ") + "\n";
            for ngram in line.windows(len) {
                let ngram = ngram.iter().map(|(word, _)| word[place]).collect::<Vec<_>>().join(" ");
                *expected.entry(ngram.into_bytes()).or_insert(0) += 1;
            }
        }
        let job = Job::new().format(Format::Text).ngram(NonZeroUsize::new(len).unwrap()).normalize(form);
        let outcome = run(job, text.as_bytes(), &stored, cut).map_err(unexpected)?;
        prop_assert_eq!(written(&outcome), tsv(&expected));
    }
}

/// The form under which a word in normal form is found.
fn expected_of(word: &str, spelling: Option<Spelling>) -> String {
    if spelling.is_some() { word.to_lowercase().replace("j\u{30c}", "\u{1f0}") } else { word.to_owned() }
}

#[test]
fn what_is_asked_for_is_normalized_likewise() {
    let text = "cafe\u{301}\t1900\t5\t1\ncafé\t1900\t2\t1\ncafe\t1900\t1\t1\nﬁn\t1900\t1\t1\n".as_bytes();
    let scratch = Scratch::with([("v2.tsv", text), ("list", "cafe\u{301}\nﬁn\n".as_bytes())]);
    for cut in ways_to_cut() {
        let run = |options: &[&str]| scratch.run(cut.iter().chain(&["-i", "v2", "v2.tsv"]).chain(options));
        run(&[]).gives("cafe\u{301}\t5\ncafé\t2\ncafe\t1\nﬁn\t1\n");
        run(&["--normalize=nfc"]).gives("café\t7\ncafe\t1\nﬁn\t1\n");
        run(&["--normalize=nfkc", "--words-from=list"]).gives("café\t7\nfin\t1\n");
        run(&["--normalize=nfc", "-w", "cafe\u{301}"]).gives("café\t7\n");
        run(&["--normalize=nfc", "-w", "no\u{308}"]).exits(1).writes("nö\t0\n");
        run(&["--normalize=nfc", "--exclude-from=list"]).gives("cafe\t1\n");
        run(&["--normalize=nfc", "--prefix", "cafe\u{301}"]).gives("café\t7\n");
        run(&["--normalize=nfc", "--regex", "é$"]).gives("café\t7\n");
        run(&["--normalize=nfkc", "--exclude-regex", "^caf"]).gives("fin\t1\n");
    }
    let ran = scratch.run(["plot", "v2.tsv", "--data", "-w", "café", "-w", "cafe\u{301}", "--normalize=nfc"]);
    ran.gives("café\t1900\t7\n");
    let ran = scratch.run(["--normalize", "nfd"]);
    assert!(ran.exits(2).stderr().contains("[possible values: nfc, nfkc]"), "{ran}");
}

/// Bytes that are not UTF-8 stay, and ngrams of a result can be counted again.
#[test]
fn a_result_counts_to_itself() {
    let text = b"e\xCC\x81\xFF\t3\ne\xCC\x81\t1\n\xC2\xA0\t2\n\xCC\x81\t1\n";
    let count = |text: &[u8]| {
        let job = Job::new().format(Format::Counts).normalize(Normalization::Nfkc);
        written(&job.input(Input::from_bytes("rows", text.to_vec())).run().unwrap())
    };
    let once = count(text);
    assert_eq!(once, b"\xC3\xA9\xFF\t3\n \t2\n\xC3\xA9\t1\n\xCC\x81\t1\n");
    assert_eq!(count(&once), once);
}
