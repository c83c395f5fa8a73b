//! The ticks of the axes, at round numbers.

/// An axis from 0 on.
#[derive(Debug, PartialEq)]
pub(crate) struct Axis {
    /// The last tick.
    pub(crate) top: f64,
    /// The ticks, each with its label.
    pub(crate) ticks: Vec<(f64, String)>,
}

impl Axis {
    /// The length of the longest label.
    pub(crate) fn label_width(&self) -> usize {
        self.ticks.iter().map(|(_, label)| label.len()).max().unwrap_or(0)
    }
}

/// The units of large numbers.
const UNITS: [(i32, &str); 6] = [(18, "E"), (15, "P"), (12, "T"), (9, "G"), (6, "M"), (3, "k")];

/// An axis up to `highest` or a little more, with at most `most` steps. Whole values have whole steps.
pub(crate) fn values(highest: f64, most: usize, is_whole: bool) -> Axis {
    let most = most.max(1) as f64;
    let least = if highest > 0.0 { highest / most } else { 1.0 / most };
    // The first digits of a step, in tenths.
    let (mut digits, mut power) = (10, least.log10().floor() as i32);
    if is_whole {
        power = power.max(0);
    }
    let step = loop {
        let step = f64::from(digits) / 10.0 * 10_f64.powi(power);
        // A rounding error of the division must not cost a step.
        if step >= least * (1.0 - 1e-9) {
            break step;
        }
        (digits, power) = match digits {
            10 => (20, power),
            // 2.5 is no whole number.
            20 if !is_whole || power > 0 => (25, power),
            20 | 25 => (50, power),
            _ => (10, power + 1),
        };
    };
    let steps = (highest / step - 1e-9).ceil().max(1.0);
    let top = steps * step;
    let (unit, name) = UNITS.into_iter().find(|(unit, _)| top >= 1e4 && top >= 10_f64.powi(*unit)).unwrap_or((0, ""));
    let places = usize::try_from(unit - power + i32::from(digits == 25)).unwrap_or(0);
    let label = |value: f64| match value {
        0.0 => "0".to_owned(),
        value => format!("{:.places$}{name}", value / 10_f64.powi(unit)),
    };
    let ticks = (0..=steps as u32).map(|number| f64::from(number) * step);
    Axis { top, ticks: ticks.map(|value| (value, label(value))).collect() }
}

/// The years of the ticks: at least one and at most `most`, at equal round distances.
pub(crate) fn years(first: u64, last: u64, most: usize) -> Vec<u64> {
    let most = most.max(1) as u64;
    let steps = (0..5).flat_map(|power| [1, 2, 5].map(|digit| digit * 10_u64.pow(power)));
    for step in steps {
        let start = first.next_multiple_of(step);
        if start > last {
            break;
        }
        if (last - start) / step < most {
            return (start..=last).step_by(step as usize).collect();
        }
    }
    vec![first]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn marks_are_at_round_numbers() {
        let labels = |highest, most, is_whole| {
            let labels = values(highest, most, is_whole).ticks.into_iter().map(|(_, label)| label);
            labels.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(labels(97.0, 5, true), "0 20 40 60 80 100");
        assert_eq!(labels(3.0, 10, true), "0 1 2 3");
        assert_eq!(labels(0.3, 3, false), "0 0.1 0.2 0.3");
        assert_eq!(labels(0.000_021, 4, false), "0 0.00001 0.00002 0.00003");
        assert_eq!(labels(9_000.0, 2, true), "0 5k 10k");
        assert_eq!(labels(99.0, 4, true), "0 25 50 75 100");
        assert_eq!(labels(9.9, 4, true), "0 5 10");
        assert_eq!(labels(0.9, 4, false), "0 0.25 0.50 0.75 1.00");
        assert_eq!(labels(8_000.0, 4, true), "0 2000 4000 6000 8000");
        assert_eq!(labels(12_345.0, 6, true), "0 2.5k 5.0k 7.5k 10.0k 12.5k");
        assert_eq!(labels(2_400_000.0, 5, true), "0 0.5M 1.0M 1.5M 2.0M 2.5M");
        assert_eq!(labels(u64::MAX as f64, 2, true), "0 10E 20E");
        assert_eq!(labels(0.0, 4, true), "0 1");
    }

    #[test]
    fn years_are_round() {
        assert_eq!(years(1800, 2008, 6), [1800, 1850, 1900, 1950, 2000]);
        assert_eq!(years(1993, 1999, 10), [1993, 1994, 1995, 1996, 1997, 1998, 1999]);
        assert_eq!(years(1993, 1999, 3), [1994, 1996, 1998]);
        assert_eq!(years(1993, 1993, 3), [1993]);
        assert_eq!(years(0, 9_999, 3), [0, 5000]);
    }

    proptest! {
        #[test]
        fn the_axis_holds_all_values(highest in prop_oneof![0.0..1.0_f64, 0.0..1e20_f64], most in 1_usize..20, whole: bool) {
            let axis = values(highest, most, whole);
            prop_assert!(axis.top >= highest * (1.0 - 1e-6));
            prop_assert!(axis.ticks.len() >= 2 && axis.ticks.len() <= most + 1);
            prop_assert_eq!(axis.ticks.last().map(|tick| tick.0), Some(axis.top));
            prop_assert!(!whole || axis.ticks.iter().all(|(value, _)| value.fract() == 0.0));
        }

        #[test]
        fn marked_years_are_in_the_chart(first in 0_u64..20_000, more in 0_u64..10_000, most in 1_usize..20) {
            let marked = years(first, first + more, most);
            prop_assert!(!marked.is_empty() && marked.len() <= most);
            prop_assert!(marked.iter().all(|&year| first <= year && year <= first + more));
        }
    }
}
