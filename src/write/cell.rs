//! `Cell`: the value in a column of a line, before formatting.

use crate::write::sparkline::Sparkline;

/// The value in a column of a line.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Cell<'a> {
    /// The bytes of an ngram.
    Ngram(&'a [u8]),
    /// The bytes of a file's name.
    Name(&'a [u8]),
    /// An exact number.
    Number(u64),
    /// A number with at most this number of decimal places, and at least one.
    Real(f64, usize),
    /// A number with at most this number of decimal places. In JSON it has at least one.
    Mean(f64, usize),
    /// A measured number, with the fewest digits that identify it.
    Measured(f64),
    /// A line of bars.
    Sparkline(Sparkline),
    /// An unknown value.
    Missing,
}

/// A number in all formats: rounded, without trailing zeros, and with a decimal point. Without the point, a line of
/// `--by year` with per-million would look like a line of the format v1.
pub(super) fn real(value: f64, places: usize) -> String {
    let mut text = mean(value, places);
    if !text.contains('.') {
        text.push_str(".0");
    }
    text
}

/// A rounded number without trailing zeros, and without a decimal point if it is whole.
pub(super) fn mean(value: f64, places: usize) -> String {
    debug_assert!(places > 0, "a whole number may end with zeros");
    let mut text = format!("{value:.places$}");
    text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
    text
}

/// A number in the fewest digits that identify it, as in JSON.
pub(super) fn measured(value: f64) -> String {
    serde_json::Value::from(value).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_no_zeros_at_their_ends() {
        for (value, with_point, without) in [
            (0.0, "0.0", "0"),
            (100.0, "100.0", "100"),
            (1.5, "1.5", "1.5"),
            (0.000_000_4, "0.0", "0"),
            (2.000_000_6, "2.000001", "2.000001"),
            (1e15, "1000000000000000.0", "1000000000000000"),
        ] {
            assert_eq!((&*real(value, 6), &*mean(value, 6)), (with_point, without));
        }
        assert_eq!(["0.25", "4000000.0", "3.2e-7"], [0.25, 4e6, 3.2e-7].map(measured).each_ref().map(String::as_str));
    }
}
