//! Laws for all inputs, independent of storage and chunks. Workers read plain files in two ways, so there are two tests
//! of each law: `properties.rs` reads the files by position, `mapped.rs` maps them.

use std::cmp::Reverse;

use ngram_count::{Error, Format, Job, Sort};
use proptest::prelude::*;
use proptest::test_runner::{TestCaseError, TestCaseResult};

use super::rows::{Stored, pieces, run, shape, written};
use super::{oracle, tsv};

type Cut = (usize, usize);

/// The settings of a property test: `PROPTEST_CASES` cases, by default 256, beside those that a test passes over.
pub(crate) fn config() -> ProptestConfig {
    let config = ProptestConfig::default();
    ProptestConfig { failure_persistence: None, max_global_rejects: config.cases * 8 + 1024, ..config }
}

/// As [`config`], for a test that starts some processes for each case: a fifth of the cases.
pub(crate) fn config_of_processes() -> ProptestConfig {
    let config = config();
    ProptestConfig { cases: config.cases.div_ceil(5), ..config }
}

/// The failure for an unexpected error.
#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
pub(crate) fn unexpected(error: Error) -> TestCaseError {
    TestCaseError::fail(error.to_string())
}

/// Checks that the counts are those of the oracle, and that `auto` detects the format.
pub(crate) fn counts_as_the_oracle((format, text): &(Format, Vec<u8>), stored: &Stored, cut: Cut) -> TestCaseResult {
    let (counts, malformed) = oracle(shape(*format), text);
    prop_assert!(malformed.is_empty());
    let is_row = |line: &&[u8]| line.contains(&b'\t') && ![&b"\t"[..], b"\t\r"].contains(line);
    let lines = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text).split(|&byte| byte == b'\n');
    let rows: usize = lines.filter(is_row).count();
    for job in [Job::new().format(*format), Job::new()] {
        let outcome = run(job, text, stored, cut).map_err(unexpected)?;
        prop_assert_eq!(outcome.counts.len(), counts.len());
        prop_assert_eq!(written(&outcome), tsv(&counts));
        prop_assert_eq!(outcome.stats.rows, rows as u64);
    }
    Ok(())
}

/// Checks that the words asked for have the oracle's counts.
pub(crate) fn looks_up_as_the_oracle((format, text): &(Format, Vec<u8>), stored: &Stored, cut: Cut) -> TestCaseResult {
    let (counts, _) = oracle(shape(*format), text);
    let words: Vec<Vec<u8>> = counts.keys().step_by(2).cloned().chain([b"no such word".to_vec()]).collect();
    let outcome = run(Job::new().format(*format).words(words.clone()), text, stored, cut).map_err(unexpected)?;
    let found: Vec<(Vec<u8>, u64)> = outcome.counts.iter().map(|(word, count)| (word.to_vec(), count)).collect();
    let expected: Vec<_> = words.iter().map(|word| (word.clone(), counts.get(word).copied().unwrap_or(0))).collect();
    prop_assert_eq!(outcome.no_word_occurs, expected.iter().all(|(_, count)| *count == 0));
    prop_assert_eq!(found, expected);
    Ok(())
}

/// Checks that the selection and the order are those of naive algorithms.
pub(crate) fn selects_as_the_oracle(
    (format, text): &(Format, Vec<u8>),
    (top, (min_count, max_count), sort, asked): (Option<usize>, (u64, Option<u64>), Option<Sort>, bool),
    cut: Cut,
) -> TestCaseResult {
    let (counts, _) = oracle(shape(*format), text);
    let mut job = Job::new().format(*format).min_count(min_count);
    let mut rows: Vec<(Vec<u8>, u64)> = counts.into_iter().collect();
    if asked {
        rows = rows.into_iter().rev().step_by(2).collect();
        job = job.words(rows.iter().map(|(word, _)| word.clone()));
    }
    rows.retain(|(_, count)| *count >= min_count);
    if let Some(max_count) = max_count {
        job = job.max_count(max_count);
        rows.retain(|(_, count)| *count <= max_count);
    }
    if let Some(top) = top {
        job = job.top(top);
        let mut best = rows.clone();
        best.sort_by_key(|(word, count)| (Reverse(*count), word.clone()));
        best.truncate(top);
        rows.retain(|row| best.contains(row));
    }
    if let Some(sort) = sort {
        job = job.sort(sort);
    }
    let outcome = run(job, text, &Stored::Plain, cut).map_err(unexpected)?;
    let mut found: Vec<(Vec<u8>, u64)> = outcome.counts.iter().map(|(word, count)| (word.to_vec(), count)).collect();
    match sort {
        Some(Sort::Word) => rows.sort(),
        None if asked => {}
        Some(Sort::Count) | None => rows.sort_by_key(|(word, count)| (Reverse(*count), word.clone())),
        _ => {
            rows.sort();
            found.sort();
        }
    }
    prop_assert_eq!(found, rows);
    Ok(())
}

/// Checks that a run reports the number of the first malformed line, or leaves out all malformed lines.
pub(crate) fn finds_the_first_malformed_line(
    (format, text): &(Format, Vec<u8>),
    stored: &Stored,
    cut: Cut,
) -> TestCaseResult {
    let (counts, malformed) = oracle(shape(*format), text);
    match (run(Job::new().format(*format), text, stored, cut), malformed.first()) {
        (Ok(outcome), None) => prop_assert_eq!(written(&outcome), tsv(&counts)),
        (Err(Error::Malformed { line, .. }), Some(first)) => prop_assert_eq!(line, *first),
        (result, first) => prop_assert!(false, "{result:?}, but the first malformed line is {first:?}"),
    }
    let outcome = run(Job::new().format(*format).skip_malformed(true), text, stored, cut).map_err(unexpected)?;
    prop_assert_eq!(written(&outcome), tsv(&counts));
    prop_assert_eq!(outcome.stats.malformed, malformed.len() as u64);
    let told = outcome.stats.inputs[0].first_malformed.as_ref().map(|(line, _)| *line);
    prop_assert_eq!(told, malformed.first().copied());
    Ok(())
}

/// Checks the law `count(all) = count(concatenation of count(part))`, byte for byte.
pub(crate) fn counts_of_parts_make_the_count_of_all(
    (format, text): &(Format, Vec<u8>),
    cuts: &[prop::sample::Index],
    stored: &Stored,
    cut: Cut,
) -> TestCaseResult {
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    let lines: Vec<&[u8]> = text.split_inclusive(|&byte| byte == b'\n').collect();
    let mut parts = Vec::new();
    for part in pieces(&lines, cuts) {
        let outcome = run(Job::new().format(*format), &part.concat(), stored, cut).map_err(unexpected)?;
        parts.extend(written(&outcome));
    }
    let again = run(Job::new().format(Format::Counts), &parts, stored, cut).map_err(unexpected)?;
    let all = run(Job::new().format(*format), text, stored, cut).map_err(unexpected)?;
    prop_assert_eq!(written(&again), written(&all));
    Ok(())
}
