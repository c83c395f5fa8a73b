//! `Corpus`: what the values of a word are compared with: the sum of all counts, the totals, the ranks of all words.

use std::sync::OnceLock;

use crate::filter::years::{By, Years};
use crate::result::dispersion::PartSizes;
use crate::result::parts::PartsOf;
use crate::result::ranks::Ranks;
use crate::result::totals::Totals;
use crate::table::rows::Period;

/// The share of a year's words from which a word is alive, unless the job sets another: one of a million words.
pub(crate) const DEFAULT_LIFE_SHARE: f64 = 1e-6;

/// The numbers that the values of all words share.
#[derive(Debug)]
pub(crate) struct Corpus {
    /// The sum of the counts of which shares are parts.
    pub(crate) total: u128,
    /// What the periods of words are.
    pub(crate) parts: PartsOf,
    /// The number of all words in each part, if a column measures dispersion.
    pub(crate) sizes: Option<PartSizes>,
    /// The share of a year's words from which a word is alive.
    pub(crate) life_share: f64,
    /// The numbers of all words here and there, if inputs are compared. Made floating-point once: for 128 bits, that takes a
    /// call.
    pub(crate) compared: Option<[f64; 2]>,
    /// The numbers of words of the books, if the totals are known.
    pub(crate) books: Option<Books>,
    /// The ranks among all counted words, if the job asks for them. Else whoever needs ranks takes those of the result.
    pub(crate) ranks: OnceLock<Ranks>,
}

/// The numbers of words of the books.
#[derive(Debug)]
pub(crate) struct Books {
    /// The number of words in each year.
    pub(crate) of_years: Totals,
    /// The number of words in each year or decade, in the years that count.
    pub(crate) by_period: Totals,
    /// The number of words in all years that count.
    pub(crate) all: u64,
}

impl Corpus {
    pub(crate) fn new(total: u128, totals: Option<Totals>, by: By, years: Years) -> Self {
        let books = totals.map(|totals| {
            let (by_period, all) = (totals.by(by, years), totals.of(years));
            Books { of_years: totals, by_period, all }
        });
        Self {
            total,
            parts: PartsOf::Years,
            sizes: None,
            life_share: DEFAULT_LIFE_SHARE,
            compared: None,
            books,
            ranks: OnceLock::new(),
        }
    }

    /// Whether a word passes the share of the words of a year: of the books' words if the totals are known, otherwise of
    /// the input's.
    pub(crate) fn is_alive(&self, period: &Period) -> bool {
        let words = match (&self.books, &self.sizes) {
            (Some(books), _) => books.of_years.of_year(period.year).map(|words| words as f64),
            (None, Some(sizes)) => sizes.of_part(period.year).map(|words| words as f64),
            (None, None) => None,
        };
        words.is_some_and(|words| words > 0.0 && period.count > 0 && period.count as f64 >= self.life_share * words)
    }

    /// The number of words in each year, if the totals are known.
    pub(crate) fn totals(&self) -> Option<&Totals> {
        self.books.as_ref().map(|books| &books.of_years)
    }
}
