//! Random jobs over years, tags and case: the result is the oracle's, and equals the count of the parts' results.

use crate::common::laws::{self, unexpected};
use crate::common::oracle::{Row, by_years_tsv, commonest, folded, in_years, is_tagged, keep, lower, row, sums, write};
use crate::common::rows::{Stored, cut, pieces, run, stored, written};
use crate::common::{Scratch, tsv};
use ngram_count::{By, Format, Job, Outcome, Pos, Sort, Spelling, Years};
use proptest::prelude::*;
use proptest::sample::select;
use regex::bytes::Regex;

/// A random job.
#[derive(Debug, Clone)]
struct Asked {
    pos: Pos,
    spelling: Option<Spelling>,
    prefix: &'static str,
    regex: Option<&'static str>,
    /// Words that are left out, and an expression.
    excluded: (&'static [&'static str], Option<&'static str>),
    years: Option<(u64, u64)>,
    by: By,
    sort: Option<Sort>,
}

impl Asked {
    /// The job. It counts years only if `has_years`.
    fn job(&self, has_years: bool) -> Job {
        let mut job = Job::new().pos(self.pos).prefix(self.prefix).by(self.by);
        if let Some(regex) = self.regex {
            job = job.regex(regex).unwrap();
        }
        job = job.exclude(self.excluded.0.iter().copied());
        if let Some(regex) = self.excluded.1 {
            job = job.exclude_regex(regex).unwrap();
        }
        if let Some(spelling) = self.spelling {
            job = job.ignore_case(spelling);
        }
        if let Some((first, last)) = self.years.filter(|_| has_years) {
            job = job.years(Years::new(first, last).unwrap());
        }
        if let Some(sort) = self.sort {
            job = job.sort(sort);
        }
        job
    }

    /// The oracle's result.
    fn expected(&self, rows: &[Row]) -> Vec<u8> {
        let prefix = self.prefix.to_lowercase();
        let rows = keep(rows, |ngram| match self.spelling {
            Some(_) => lower(ngram).to_ascii_lowercase().starts_with(prefix.as_bytes()),
            None => ngram.starts_with(self.prefix.as_bytes()),
        });
        let rows = keep(&rows, |ngram| match self.pos {
            Pos::Drop => !is_tagged(ngram),
            Pos::Only => is_tagged(ngram),
            _ => true,
        });
        let is_match = |regex: &str, ngram: &[u8]| match self.spelling {
            None => Regex::new(regex).unwrap().is_match(ngram),
            Some(_) => Regex::new(&format!("(?i){regex}")).unwrap().is_match(&lower(ngram)),
        };
        let is_same = |word: &str, ngram: &[u8]| match self.spelling {
            None => word.as_bytes() == ngram,
            Some(_) => lower(word.as_bytes()) == lower(ngram),
        };
        let rows = keep(&rows, |ngram| self.regex.is_none_or(|regex| is_match(regex, ngram)));
        let (words, regex) = self.excluded;
        let rows = keep(&rows, |ngram| !words.iter().any(|word| is_same(word, ngram)));
        let rows = keep(&rows, |ngram| !regex.is_some_and(|regex| is_match(regex, ngram)));
        let (first, last) = self.years.unwrap_or((0, u64::MAX));
        let rows = in_years(&rows, first, last);
        let rows = match self.spelling {
            None => rows,
            Some(Spelling::Lower) => folded(&rows),
            Some(_) => commonest(&rows),
        };
        match self.by {
            By::Year => by_years_tsv(&rows, 1),
            By::Decade => by_years_tsv(&rows, 10),
            _ if self.sort == Some(Sort::Word) => {
                let lines = sums(&rows).into_iter().map(|(word, n)| [&word, format!("\t{n}\n").as_bytes()].concat());
                lines.collect::<Vec<_>>().concat()
            }
            _ => tsv(&sums(&rows)),
        }
    }
}

fn asked() -> impl Strategy<Value = Asked> {
    let years = prop_oneof![
        2 => Just(None),
        1 => (select(YEARS), select(YEARS)).prop_map(|(a, b)| Some((a.min(b), a.max(b)))),
    ];
    let spellings = [None, None, Some(Spelling::Lower), Some(Spelling::Commonest)].to_vec();
    let pos = select(&[Pos::Keep, Pos::Keep, Pos::Drop, Pos::Only][..]);
    let prefix = select(&["", "", "", "a", "A", "The", "the d"][..]);
    let regex = || select(&[None, None, None, None, Some("^.$"), Some("D"), Some("^[^_]*$"), Some("Σ")][..]);
    let words = select(EXCLUDED);
    let by = select(&[By::Word, By::Year, By::Decade][..]);
    (pos, select(spellings), prefix, regex(), (words, regex()), years, by, any::<bool>()).prop_map(
        |(pos, spelling, prefix, regex, excluded, years, by, sorts)| {
            let sort = sorts.then_some(Sort::Word);
            Asked { pos, spelling, prefix, regex, excluded, years, by, sort }
        },
    )
}

const EXCLUDED: &[&[&str]] = &[&[], &[], &[], &["a"], &["the dog", "A_DET", "", "İ"], &["ΟΔΟΣ", "no such word"]];

const YEARS: &[u64] = &[0, 9, 10, 999, 1000, 1899, 1900, 1901, 1909, 1910, 1989, 1990, 1999, 2000, 9999, 10_000];

/// Rows, mostly of few ngrams in runs, of which some are variants of others.
fn rows() -> impl Strategy<Value = Vec<Row>> {
    let few = [
        "a",
        "A",
        "a_DET",
        "A_DET",
        "the dog",
        "The dog",
        "THE DOG",
        "the_DET dog_NOUN",
        "The_DET Dog_NOUN",
        "_NOUN_",
        "",
        "_START_ a",
        "ΟΔΟΣ",
        "οδος",
        "ΟΔΟΣ_X",
        "İ",
        "i\u{307}",
        "a\u{1}",
        "a\u{8}b",
        "antidisestablishmentarianism",
        "ANTIDISESTABLISHMENTARIANISM",
        "Antidisestablishmentarianism_NOUN",
        "App_Code",
        "app_code",
    ];
    let ngram = prop_oneof![
        20 => select(few.to_vec()).prop_map(|ngram| ngram.as_bytes().to_vec()),
        1 => select(vec![b"\xFFA".to_vec(), b"\xFFa".to_vec(), b"\x1F\x8Ba".to_vec(), b"\xEF\xBB\xBFa".to_vec()]),
    ];
    let count = prop_oneof![8 => 0_u64..20, 1 => 0_u64..10_000_000_000];
    let year = prop_oneof![4 => 1890_u64..1912, 2 => select(YEARS)];
    let run = (ngram, prop::collection::vec((year, count, 0_u64..1000), 1..12), any::<bool>()).prop_map(
        |(ngram, mut years, sorted)| {
            if sorted {
                years.sort_unstable();
            }
            years.into_iter().map(|(year, matches, volumes)| row(&ngram, year, matches, volumes)).collect::<Vec<_>>()
        },
    );
    prop::collection::vec(run, 0..25).prop_map(|runs| runs.concat())
}

fn format() -> impl Strategy<Value = Format> {
    select(vec![Format::V1, Format::V2, Format::V3])
}

/// Lines behind a blank one, so that the first ngram is not taken for a byte-order mark or for compressed data.
fn behind_a_blank_line(lines: &[&[u8]]) -> Vec<u8> {
    [b"\n", &lines.concat()[..]].concat()
}

/// The result without the blank line before such an ngram.
fn lines_of(outcome: &Outcome) -> Vec<u8> {
    let text = written(outcome);
    text.strip_prefix(b"\n").unwrap_or(&text).to_vec()
}

proptest! {
    #![proptest_config(laws::config())]

    #[test]
    fn the_result_is_the_oracles(rows in rows(), format in format(), asked in asked(), stored in stored(), cut in cut()) {
        let outcome = run(asked.job(true).format(format), &behind_a_blank_line(&[&write(format, &rows)]), &stored, cut).map_err(unexpected)?;
        prop_assert_eq!(lines_of(&outcome), asked.expected(&rows));
    }

    /// The commonest spelling of a part may differ from that of the whole.
    #[test]
    fn counts_of_parts_make_the_count_of_all(
        rows in rows(),
        format in format(),
        asked in asked().prop_filter("parts can't know", |asked| asked.spelling != Some(Spelling::Commonest)),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
        stored in stored(),
        cut in cut(),
    ) {
        let text = behind_a_blank_line(&[&write(format, &rows)]);
        let lines: Vec<&[u8]> = text.split_inclusive(|&byte| byte == b'\n').collect();
        let mut parts = Vec::new();
        for part in pieces(&lines, &cuts) {
            let outcome = run(asked.job(true).format(format), &behind_a_blank_line(part), &Stored::Plain, cut).map_err(unexpected)?;
            parts.extend(written(&outcome));
        }
        // A decade that begins before the first year that is wanted would be left out the second time.
        let (made, has_years) = match asked.by {
            By::Word => (Format::Counts, false),
            by => (Format::V2, by == By::Year),
        };
        let again = run(asked.job(has_years).format(made), &parts, &stored, cut).map_err(unexpected)?;
        prop_assert_eq!(lines_of(&again), asked.expected(&rows));
    }

    #[test]
    fn a_result_by_years_holds_all_that_can_be_asked(
        rows in rows(), format in format(), asked in asked(), cut in cut(), stored in stored(),
    ) {
        let years = run(Job::new().by(By::Year).format(format), &behind_a_blank_line(&[&write(format, &rows)]), &Stored::Plain, cut).map_err(unexpected)?;
        let again = run(asked.job(true).format(Format::V2), &written(&years), &stored, cut).map_err(unexpected)?;
        prop_assert_eq!(lines_of(&again), asked.expected(&rows));
    }
}

proptest! {
    #![proptest_config(laws::config_of_processes())]

    #[test]
    fn the_command_obeys_the_law_as_well(
        rows in rows(),
        format in format(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..4),
        options in select(vec![
            &[][..], &["--ignore-case"], &["--pos=drop"], &["--by=year"], &["--by=decade"], &["--prefix=a"], &["--sort=word"],
            &["--by=decade", "--ignore-case", "--pos=only"],
        ]),
    ) {
        let text = behind_a_blank_line(&[&write(format, &rows)]);
        let lines: Vec<&[u8]> = text.split_inclusive(|&byte| byte == b'\n').collect();
        let parts = pieces(&lines, &cuts).into_iter().filter(|part| !part.is_empty());
        let name = format.to_string();
        let count = |text: &[u8], more: &[&str]| {
            Scratch::new().pipe(text, options.iter().chain(more)).exits(0).says("").stdout().to_vec()
        };
        let all = count(&text, &["-i", &name]);
        let parts: Vec<u8> = parts.flat_map(|part| count(&behind_a_blank_line(part), &["-j1", "-i", &name])).collect();
        prop_assert_eq!(count(&parts, &[]), all);
    }
}
