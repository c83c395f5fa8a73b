//! Files of total counts, as a naive reader reads them.

use std::collections::BTreeMap;

use ngram_count::Totals;

use crate::words::in_a_file;

/// See the [crate's table](crate).
pub fn check(data: &[u8]) {
    // A blank line comes first, so that nobody takes the text for compressed data or for another encoding.
    let text = [b"\n", data].concat();
    let found = in_a_file(&text, |path| Totals::read(path));
    match (read(&text), &found) {
        (Some(expected), Ok(totals)) => {
            for (&year, &words) in &expected {
                assert_eq!(totals.of_year(year), Some(words));
                let next = year.saturating_add(1);
                assert_eq!(totals.of_year(next), expected.get(&next).copied());
            }
        }
        (None, Err(_)) => {}
        (Some(_), Err(error)) if error.to_string().contains("tar archive") => {}
        (expected, found) => panic!("{found:?}, but a naive reader has {expected:?}"),
    }
}

/// The number of words of each year; `None` for a text with an error.
fn read(text: &[u8]) -> Option<BTreeMap<u64, u64>> {
    let mut years = BTreeMap::new();
    if text.contains(&0) {
        return None;
    }
    for line in text.split(|&byte| byte == b'\n') {
        let fields: Vec<&[u8]> =
            line.split(|&byte| byte == b'\t').map(<[u8]>::trim_ascii).filter(|field| !field.is_empty()).collect();
        let Some(first) = fields.first() else { continue };
        let records: Vec<Vec<&[u8]>> = if first.contains(&b',') {
            fields.iter().map(|record| record.split(|&byte| byte == b',').map(<[u8]>::trim_ascii).collect()).collect()
        } else {
            vec![fields]
        };
        for record in records {
            let numbers: Option<Vec<u64>> = record.iter().map(|field| number(field)).collect();
            let [year, matches, _, _] = numbers?[..] else { return None };
            if years.insert(year, matches).is_some() {
                return None;
            }
        }
    }
    let sum: u128 = years.values().map(|&words| u128::from(words)).sum();
    (!years.is_empty() && sum <= u128::from(u64::MAX)).then_some(years)
}

fn number(field: &[u8]) -> Option<u64> {
    let is_digits = !field.is_empty() && field.iter().all(u8::is_ascii_digit);
    is_digits.then(|| std::str::from_utf8(field).ok()?.parse().ok())?
}
