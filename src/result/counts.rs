//! `Counts`: the result of a run, ngrams with how often they occur, in order.

use std::sync::Arc;

use rayon::ThreadPool;

use crate::filter::years::{By, Years};
use crate::result::ordered::Ordered;
use crate::result::totals::Totals;
use crate::table::rows::Period;
use crate::table::{Detail, History, Uncovered};

/// Ngrams and how often each occurs, in the order that was asked for.
///
/// ```
/// let outcome = ngram_count::Job::new().input("data/sample-v2.tsv").top(3).run()?;
/// for (ngram, count) in &outcome.counts {
///     println!("{}: {count}", String::from_utf8_lossy(ngram));
/// }
/// # assert_eq!(outcome.counts.len(), 3);
/// # Ok::<(), ngram_count::Error>(())
/// ```
#[derive(Debug)]
pub struct Counts {
    pub(crate) words: Entries,
    /// What makes up one line of the result.
    pub(crate) by: By,
    /// The years that were counted.
    pub(crate) years: Years,
    /// How many words the corpus has in each year, where that is known.
    pub(crate) totals: Option<Totals>,
    /// The sum of all that was counted, before any selection among the words.
    pub(crate) total: u128,
    /// The threads that counted, for what else can be done side by side.
    pub(crate) pool: Arc<ThreadPool>,
}

/// The entries of a result, whatever [`Detail`] they keep: [`with_words`] tells which.
#[derive(Debug)]
pub(crate) enum Entries {
    /// How often each ngram occurs.
    Sums(Ordered<()>),
    /// How often each ngram occurs, and how often in years that the totals lack.
    Uncovered(Ordered<Uncovered>),
    /// How often each ngram occurs in each year.
    Histories(Ordered<History>),
}

/// Evaluates an expression with a name bound to the [`Ordered`] of some [`Entries`], compiled once for each detail. No
/// other place tells the details apart.
macro_rules! with_words {
    ($entries:expr, $words:ident => $body:expr) => {
        match $entries {
            $crate::result::counts::Entries::Sums($words) => $body,
            $crate::result::counts::Entries::Uncovered($words) => $body,
            $crate::result::counts::Entries::Histories($words) => $body,
        }
    };
}
pub(crate) use with_words;

impl Counts {
    /// How many ngrams there are.
    pub fn len(&self) -> usize {
        with_words!(&self.words, words => words.len())
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Each ngram's bytes, as they stood in the input, and its count.
    pub fn iter(&self) -> Iter<'_> {
        fn pairs<D: Detail>(words: &Ordered<D>) -> Iter<'_> {
            Iter(Box::new(words.iter().map(|entry| (entry.ngram(&words.arenas), entry.count))))
        }
        with_words!(&self.words, words => pairs(words))
    }

    /// Each ngram, and how often it occurs in each year, or decade, in which it does, the first one first. Nothing is
    /// known of years unless [`Job::by`](crate::Job::by) or [`Job::histories`](crate::Job::histories) asked for them.
    ///
    /// ```
    /// use ngram_count::{By, Job};
    ///
    /// let outcome = Job::new().input("data/sample-v2.tsv").word("Aardvark").by(By::Decade).run()?;
    /// for (ngram, periods) in outcome.counts.histories() {
    ///     println!("{} in the {}s: {}", String::from_utf8_lossy(ngram), periods[0].year, periods[0].count);
    /// }
    /// # Ok::<(), ngram_count::Error>(())
    /// ```
    pub fn histories(&self) -> impl Iterator<Item = (&[u8], Vec<Period>)> {
        let words = if let Entries::Histories(words) = &self.words { Some(words) } else { None };
        words.into_iter().flat_map(|words| {
            words.iter().map(|entry| {
                let years = entry.detail.periods(entry.arena(&words.arenas));
                (entry.ngram(&words.arenas), Period::by(self.by, years))
            })
        })
    }
}

/// Goes through [`Counts`] in their order.
pub struct Iter<'a>(Box<dyn Iterator<Item = (&'a [u8], u64)> + 'a>);

impl std::fmt::Debug for Iter<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Iter").finish_non_exhaustive()
    }
}

impl<'a> Iterator for Iter<'a> {
    type Item = (&'a [u8], u64);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        self.0.next()
    }
}

impl<'a> IntoIterator for &'a Counts {
    type Item = (&'a [u8], u64);
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}
