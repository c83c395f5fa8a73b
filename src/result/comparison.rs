//! The measures of a comparison: how much more often a word occurs here than there.
//!
//! ```text
//!                   here        there
//! the word          count       count-there        a word is rarer here where
//! other words       ...         ...                count / here < count-there / there
//! all words         here        there
//! ```

/// A word and both corpora: its counts, and the numbers of all words.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Compared {
    pub(crate) count: f64,
    pub(crate) count_there: f64,
    pub(crate) here: f64,
    pub(crate) there: f64,
}

/// What a count of 0 is taken for where its logarithm is asked for, as in Hardie (2014).
const FOR_ZERO: f64 = 0.5;

impl Compared {
    /// The log-likelihood G² of Dunning (1993), with all four cells of the table; negative where the word is rarer here.
    /// `None` if a corpus has no words.
    pub(crate) fn log_likelihood(self) -> Option<f64> {
        let Self { count, count_there, here, there } = self;
        if here <= 0.0 || there <= 0.0 {
            return None;
        }
        let (all, of_word) = (here + there, count + count_there);
        let cell = |found: f64, row: f64, column: f64| {
            if found > 0.0 { found * (found * all / (row * column)).ln() } else { 0.0 }
        };
        let others = all - of_word;
        let sum = cell(count, of_word, here)
            + cell(count_there, of_word, there)
            + cell(here - count, others, here)
            + cell(there - count_there, others, there);
        // Rounding may leave a sum just below 0 where the frequencies are equal.
        let value = (2.0 * sum).max(0.0);
        Some(if count * there < count_there * here { -value } else { value })
    }

    /// The binary logarithm of the ratio of both frequencies, as in Hardie (2014): 1 for a word that is twice as frequent
    /// here, -1 for half as frequent. `None` if a corpus has no words, or the word occurs in none.
    pub(crate) fn log_ratio(self) -> Option<f64> {
        let Self { count, count_there, here, there } = self;
        if here <= 0.0 || there <= 0.0 || count + count_there <= 0.0 {
            return None;
        }
        let or_some = |count: f64| if count > 0.0 { count } else { FOR_ZERO };
        // One division, so that equal ratios of counts up to some millions are equal numbers.
        Some((or_some(count) * there / (or_some(count_there) * here)).log2())
    }

    /// By how many percent the frequency here differs from that there, as in Gabrielatos and Marchi (2011). `None` if the
    /// word does not occur there, or a corpus has no words.
    pub(crate) fn difference(self) -> Option<f64> {
        let Self { count, count_there, here, there } = self;
        if here <= 0.0 || count_there <= 0.0 {
            return None;
        }
        Some((count * there / (count_there * here) - 1.0) * 100.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(count: u32, count_there: u32, here: u32, there: u32) -> Compared {
        let [count, count_there, here, there] = [count, count_there, here, there].map(f64::from);
        Compared { count, count_there, here, there }
    }

    fn rounded(value: Option<f64>) -> Option<String> {
        value.map(|value| format!("{value:.2}"))
    }

    /// The first lines of the table of bigrams in Dunning (1993): the words together and apart.
    #[test]
    fn log_likelihood_is_that_of_dunning() {
        let table = [(110, 2442, 111, 29114, "270.72"), (29, 13, 123, 31612, "263.90")];
        for (both, first, second, neither, expected) in table {
            let value = compared(both, first, both + second, first + neither).log_likelihood();
            assert_eq!(rounded(value).as_deref(), Some(expected));
            let turned = compared(first, both, first + neither, both + second).log_likelihood();
            assert_eq!(rounded(turned), Some(format!("-{expected}")));
        }
    }

    /// The texts and their order in the tests of the R package quanteda.
    #[test]
    fn words_come_in_the_order_of_quanteda() {
        let counts =
            [("a", 3, 2), ("b", 2, 1), ("c", 6, 2), ("d", 1, 4), ("e", 1, 1), ("f", 1, 1), ("g", 1, 0), ("h", 2, 1)];
        let value = |count, count_there| compared(count, count_there, 17, 12).log_likelihood().unwrap();
        let mut words: Vec<(f64, &str)> =
            counts.iter().map(|&(word, count, count_there)| (-value(count, count_there), word)).collect();
        words.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(other.1)));
        assert_eq!(words.iter().map(|(_, word)| *word).collect::<String>(), "cgbhaefd");
    }

    #[test]
    fn ratios_are_logarithms_and_differences_are_percent() {
        assert_eq!(rounded(compared(6, 2, 10_000, 10_000).log_ratio()).as_deref(), Some("1.58"));
        assert_eq!(compared(4, 2, 100, 100).log_ratio(), Some(1.0));
        assert_eq!(compared(2, 4, 100, 100).log_ratio(), Some(-1.0));
        assert_eq!(compared(4, 0, 100, 100).log_ratio(), Some(3.0));
        assert_eq!(compared(0, 4, 100, 100).log_ratio(), Some(-3.0));
        assert_eq!(compared(1, 4, 21, 49).log_ratio(), compared(6, 24, 21, 49).log_ratio());
        assert_eq!(compared(3, 2, 100, 100).difference(), Some(50.0));
        assert_eq!(compared(0, 2, 100, 100).difference(), Some(-100.0));
        assert_eq!(compared(3, 0, 100, 100).difference(), None);
    }

    #[test]
    fn nothing_is_compared_with_an_empty_corpus() {
        for empty in [compared(0, 2, 0, 10), compared(2, 0, 10, 0), compared(0, 0, 0, 0)] {
            assert_eq!((empty.log_likelihood(), empty.log_ratio(), empty.difference()), (None, None, None));
        }
        assert_eq!(compared(0, 0, 10, 10).log_likelihood(), Some(0.0));
        assert_eq!(compared(5, 5, 10, 10).log_likelihood(), Some(0.0));
        assert_eq!(compared(10, 0, 10, 5).log_likelihood().map(f64::is_finite), Some(true));
    }
}
