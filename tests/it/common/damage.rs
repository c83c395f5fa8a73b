//! Lines of every format with every kind of damage in every field.

use std::cmp::Ordering;

use ngram_count::{By, Error, Format, InvalidYears, Job};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestCaseResult;

use super::laws::unexpected;
use super::naive::read;
use super::oracle::{by_years_tsv, sums};
use super::rows::{Stored, run, written};
use super::tsv;

type Cut = (usize, usize);

/// A valid number: mostly of few digits, sometimes of as many as vectors hold, and with leading zeros.
fn number() -> BoxedStrategy<String> {
    prop_oneof![
        6 => (0_u64..3000).prop_map(|number| number.to_string()),
        2 => (0_u64..1_000_000_000).prop_map(|number| number.to_string()),
        1 => (0_u64..1000, 8_usize..40).prop_map(|(number, width)| format!("{number:0width$}")),
    ]
    .boxed()
}

/// A field that is no number of at most 64 bits.
fn damaged() -> BoxedStrategy<String> {
    let texts = [
        "",
        "x",
        "1x",
        "x1",
        "-1",
        "+1",
        " 1",
        "1 ",
        "1.0",
        "1e3",
        "1:",
        "/1",
        "1\r",
        "\r",
        "1,1",
        ",",
        "1,",
        "18446744073709551616",
        "99999999999999999999",
        "100000000000000000000",
        "00000000018446744073709551616",
        "340282366920938463463374607431768211456",
    ];
    select(texts.to_vec()).prop_map(str::to_owned).boxed()
}

/// The fields of a row behind the ngram. If `is_damaged`, one field is damaged.
fn fields(number_of: usize, is_damaged: bool) -> BoxedStrategy<Vec<String>> {
    let fields = prop::collection::vec(number(), number_of);
    if !is_damaged {
        return fields.boxed();
    }
    (fields, damaged(), 0..number_of + 2)
        .prop_map(move |(mut fields, damaged, place)| {
            match place.cmp(&number_of) {
                Ordering::Less => fields[place] = damaged,
                Ordering::Equal => _ = fields.pop(),
                Ordering::Greater => fields.push("1".into()),
            }
            fields
        })
        .boxed()
}

/// A line without its end. In v3, one of several years is damaged.
fn line(format: Format, is_damaged: bool) -> BoxedStrategy<Vec<u8>> {
    let ngram = select(vec!["a", "", "Aardvark", "New York", "an ngram of more than sixteen bytes", "b\rc"]);
    let rest = match format {
        Format::V3 => {
            let years = |most| prop::collection::vec(fields(3, false), 0..most);
            let join = |years: Vec<Vec<String>>| years.iter().map(|year| year.join(",")).collect::<Vec<_>>().join("\t");
            (years(8), fields(3, is_damaged), years(8))
                .prop_map(move |(before, middle, behind)| join([before, vec![middle], behind].concat()))
                .boxed()
        }
        Format::V1 => fields(4, is_damaged).prop_map(|fields| fields.join("\t")).boxed(),
        Format::V2 => fields(3, is_damaged).prop_map(|fields| fields.join("\t")).boxed(),
        _ => fields(1, is_damaged).prop_map(|fields| fields.join("\t")).boxed(),
    };
    (ngram, rest).prop_map(|(ngram, rest)| format!("{ngram}\t{rest}").into_bytes()).boxed()
}

/// A format and a text in it, in which some lines are damaged.
pub(crate) fn text() -> impl Strategy<Value = (Format, Vec<u8>)> {
    select(vec![Format::V1, Format::V2, Format::V3, Format::Counts]).prop_flat_map(|format| {
        let line = prop_oneof![10 => line(format, false), 1 => line(format, true)];
        let end = prop_oneof![8 => Just(&b"\n"[..]), 1 => Just(&b"\r\n"[..])];
        let times = prop_oneof![3 => Just(1), 1 => 2_usize..9];
        let runs = prop::collection::vec((line, end, times), 0..25);
        (Just(format), runs, any::<bool>()).prop_map(|(format, runs, has_end)| {
            let mut text: Vec<u8> =
                runs.into_iter().flat_map(|(line, end, times)| [&line, end].concat().repeat(times)).collect();
            if !has_end {
                text.pop();
            }
            (format, text)
        })
    })
}

/// Checks that each job, with any chunks, finds the same lines malformed, and counts all others.
pub(crate) fn is_found_in_every_path((format, text): &(Format, Vec<u8>), stored: &Stored, cut: Cut) -> TestCaseResult {
    let (rows, malformed) = read(*format, text);
    let job = || Job::new().format(*format);
    let mut jobs = vec![job(), job().words(["a", "b\rc"]), job().prefix("a")];
    if *format != Format::Counts {
        let years = |text: &str| text.parse().map_err(|error: InvalidYears| unexpected(error.into()));
        jobs.extend([job().by(By::Year), job().histories(true), job().years(years("0-")?)]);
        jobs.push(job().by(By::Decade).years(years("1-2000")?));
    }
    for job in jobs {
        match (run(job.clone(), text, stored, cut), malformed.first()) {
            (Ok(outcome), None) => prop_assert_eq!(outcome.stats.malformed, 0),
            (Err(Error::Malformed { line, .. }), Some(first)) => prop_assert_eq!(line, *first),
            (result, first) => prop_assert!(false, "{result:?}, but the first malformed line is {first:?}"),
        }
        let outcome = run(job.skip_malformed(true), text, stored, cut).map_err(unexpected)?;
        prop_assert_eq!(outcome.stats.malformed, malformed.len() as u64);
    }
    let skipping = || Job::new().format(*format).skip_malformed(true);
    prop_assert_eq!(written(&run(skipping(), text, stored, cut).map_err(unexpected)?), tsv(&sums(&rows)));
    if *format != Format::Counts {
        let by_year = run(skipping().by(By::Year), text, stored, cut).map_err(unexpected)?;
        prop_assert_eq!(written(&by_year), by_years_tsv(&rows, 1));
    }
    Ok(())
}
