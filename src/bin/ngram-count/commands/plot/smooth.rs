//! The moving average of Google's viewer.

/// The moving average: for each value, the mean of itself, the `sides` values before and the `sides` values after. At
/// the ends, and beside a gap, the mean is over fewer values. A gap stays a gap.
///
/// We sum each window separately. A running sum would carry rounding errors from high values to low ones.
pub(crate) fn smooth(values: &[Option<f64>], sides: usize) -> Vec<Option<f64>> {
    let mean = |place: usize| {
        let end = place.saturating_add(sides).saturating_add(1).min(values.len());
        let window = &values[place.saturating_sub(sides)..end];
        let known = window.iter().flatten().count();
        window.iter().flatten().sum::<f64>() / known as f64
    };
    (0..values.len()).map(|place| values[place].map(|_| mean(place))).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_ends_have_the_years_that_there_are() {
        let values = [1.0, 2.0, 6.0, 0.0, 3.0].map(Some);
        assert_eq!(smooth(&values, 0), values);
        assert_eq!(smooth(&values, 1), [1.5, 3.0, 8.0 / 3.0, 3.0, 1.5].map(Some));
        assert_eq!(smooth(&values, 100), [2.4; 5].map(Some));
        assert_eq!(smooth(&values, usize::MAX), [2.4; 5].map(Some));
        assert_eq!(smooth(&[Some(1.0), None, Some(5.0)], 1), [Some(1.0), None, Some(5.0)]);
        assert_eq!(smooth(&[Some(1.0), None, Some(5.0)], 2), [Some(3.0), None, Some(3.0)]);
        assert_eq!(smooth(&[], 3), []);
    }

    proptest! {
        #[test]
        fn it_is_the_naive_average(
            values in prop::collection::vec(prop::option::weighted(0.9, 0.0..1e6_f64), 0..60),
            sides in 0_usize..70,
        ) {
            let smoothed = smooth(&values, sides);
            prop_assert_eq!(smoothed.len(), values.len());
            for (place, mean) in smoothed.into_iter().enumerate() {
                let near = |other: &usize| other.abs_diff(place) <= sides;
                let known: Vec<f64> = (0..values.len()).filter(near).filter_map(|other| values[other]).collect();
                let naive = values[place].map(|_| known.iter().sum::<f64>() / known.len() as f64);
                prop_assert_eq!(mean.is_some(), naive.is_some());
                let (mean, naive) = (mean.unwrap_or(0.0), naive.unwrap_or(0.0));
                prop_assert!((mean - naive).abs() <= 1e-9 * naive, "{mean} {naive}");
            }
        }
    }
}
