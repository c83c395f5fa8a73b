//! `PartSizes`: how evenly a word is spread over the parts of a corpus, its files or its years.
//!
//! ```text
//! part              1     2     3     4     5      Gries's example: 50 words in 5 parts
//! words in all      9    10    10    10    11      s = 0.18, 0.2, 0.2, 0.2, 0.22
//! of which "a"      1     2     3     4     5      v = 1/15, 2/15, 3/15, 4/15, 5/15
//! range             1: "a" is in 5 of 5 parts
//! dp                0.18: half the sum of |v - s| = (0.1133 + 0.0667 + 0 + 0.0667 + 0.1133) / 2
//! ```
//!
//! Parts without the word add their whole share, so only the word's own parts are looked at:
//! half of (the sum of |v - s| - s over the word's parts, and 1).

use std::collections::BTreeMap;

use crate::table::rows::Period;

/// The number of words in each part of the input, whatever the filters.
#[derive(Debug)]
pub(crate) struct PartSizes {
    /// Parts without words are no parts.
    words: BTreeMap<u64, u128>,
    /// The number of words in all parts.
    all: u128,
}

impl PartSizes {
    pub(crate) fn new(words: BTreeMap<u64, u128>) -> Self {
        debug_assert!(words.values().all(|&words| words > 0), "parts have words");
        let all = words.values().sum();
        Self { words, all }
    }

    /// The number of words in a part; `None` for a part without words.
    pub(crate) fn of_part(&self, part: u64) -> Option<u128> {
        self.words.get(&part).copied()
    }

    /// The share of the parts in which a word occurs; `None` if there are no parts.
    pub(crate) fn range(&self, periods: &[Period]) -> Option<f64> {
        let occurs = periods.iter().filter(|period| period.count > 0).count();
        (!self.words.is_empty()).then(|| occurs as f64 / self.words.len() as f64)
    }

    /// Gries's deviation of proportions: 0 for a word that is spread as evenly as all words are, and nearly 1 for one that
    /// is in one small part alone. `None` for a word that does not occur.
    pub(crate) fn deviation(&self, periods: &[Period]) -> Option<f64> {
        let count: u128 = periods.iter().map(|period| u128::from(period.count)).sum();
        let deviation = |period: &Period| {
            let size = self.words.get(&period.year).copied().unwrap_or_default();
            let (of_word, of_all) = (period.count as f64 / count as f64, size as f64 / self.all as f64);
            (of_word - of_all).abs() - of_all
        };
        // Rounding may pass either end.
        (count > 0).then(|| (0.5 * (1.0 + periods.iter().map(deviation).sum::<f64>())).clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXTS: [&str; 5] = [
        "b a m n i b e u p",
        "b a s a t b e w q n",
        "b c a g a b e s t a",
        "b a g h a b e a a t",
        "b a h a a b e a x a t",
    ];

    /// The example of Gries, Dispersions and adjusted frequencies in corpora (2008), and Analyzing dispersion (2020), with
    /// the values of its tables; that of "a" is calculated above.
    #[test]
    fn the_published_example_has_the_published_values() {
        let sizes = (0..).zip(TEXTS.map(|text| text.split(' ').count() as u128)).collect();
        let sizes = PartSizes::new(sizes);
        for (word, range, deviation) in
            [("a", 1.0, 0.18), ("b", 1.0, 0.02), ("i", 0.2, 0.82), ("q", 0.2, 0.8), ("x", 0.2, 0.78)]
        {
            let count = |text: &str| text.split(' ').filter(|other| *other == word).count() as u64;
            let periods = (0..).zip(TEXTS).map(|(year, text)| Period { year, count: count(text), volumes: 0 });
            let periods: Vec<_> = periods.filter(|period| period.count > 0).collect();
            assert_eq!(sizes.range(&periods), Some(range), "{word}");
            let found = sizes.deviation(&periods).unwrap();
            assert!((found - deviation).abs() < 1e-12, "{word}: {found}");
        }
    }

    #[test]
    fn a_word_that_does_not_occur_has_no_deviation() {
        let sizes = PartSizes::new(BTreeMap::from([(1999, 7)]));
        assert_eq!((sizes.range(&[]), sizes.deviation(&[])), (Some(0.0), None));
        let zero = [Period { year: 1999, count: 0, volumes: 1 }];
        assert_eq!((sizes.range(&zero), sizes.deviation(&zero)), (Some(0.0), None));
        let none = PartSizes::new(BTreeMap::new());
        assert_eq!((none.range(&[]), none.deviation(&[])), (None, None));
    }
}
