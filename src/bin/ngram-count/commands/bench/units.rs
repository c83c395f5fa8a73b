//! Numbers with three or four digits, and one unit for all times of a table.

use crate::commands::bench::measured::Measured;

/// The unit of times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Seconds,
    Milliseconds,
    Microseconds,
}

impl Unit {
    /// The unit in which the shortest time of all results has enough digits.
    pub(super) fn of_results(results: &[Measured]) -> Self {
        Self::of(results.iter().map(|result| result.times.min).fold(f64::INFINITY, f64::min))
    }

    /// The unit for a time in seconds.
    fn of(shortest: f64) -> Self {
        match shortest {
            1.0.. => Self::Seconds,
            0.001.. => Self::Milliseconds,
            _ => Self::Microseconds,
        }
    }

    pub(super) fn name(self, has_unicode: bool) -> &'static str {
        match self {
            Self::Seconds => "s",
            Self::Milliseconds => "ms",
            Self::Microseconds if has_unicode => "µs",
            Self::Microseconds => "us",
        }
    }

    /// A time in this unit, without the unit's name.
    pub(super) fn show(self, seconds: f64) -> String {
        match self {
            Self::Seconds => format!("{seconds:.3}"),
            Self::Milliseconds => format!("{:.1}", seconds * 1e3),
            Self::Microseconds => format!("{:.0}", seconds * 1e6),
        }
    }
}

/// A number to three digits: `950`, `12.3k`, `121M`.
pub(super) fn short(number: f64) -> String {
    let (value, unit) = match number {
        999.5e6.. => (number / 1e9, "G"),
        999.5e3.. => (number / 1e6, "M"),
        999.5.. => (number / 1e3, "k"),
        _ => return format!("{number:.0}"),
    };
    let decimals = match value {
        99.95.. => 0,
        9.995.. => 1,
        _ => 2,
    };
    format!("{value:.decimals$}{unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_three_digits() {
        let cases = [(0.0, "0"), (7.4, "7"), (999.0, "999"), (999.9, "1.00k"), (12_345.0, "12.3k"), (121e6, "121M")];
        for (number, text) in cases.into_iter().chain([(99_960.0, "100k"), (2.5e9, "2.50G"), (999.6e3, "1.00M")]) {
            assert_eq!(short(number), text);
        }
    }

    #[test]
    fn times_have_the_unit_that_suits_the_shortest() {
        for (seconds, text, unit) in [(1.5, "1.500", "s"), (0.0123, "12.3", "ms"), (0.000_456, "456", "us")] {
            assert_eq!((Unit::of(seconds).show(seconds), Unit::of(seconds).name(false)), (text.into(), unit));
        }
    }
}
