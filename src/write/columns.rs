//! `Column`: the columns of a result, their names, and what they need.

use std::fmt;

use crate::filter::years::By;

/// A column of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Column {
    /// The ngram.
    Word,
    /// The year, or the first year of the decade. Only results by years or decades have it.
    Year,
    /// How often the ngram occurs: the sum of match_counts.
    Count,
    /// The sum of volume_counts.
    Volumes,
    /// In how many years the ngram occurs.
    Years,
    /// The first year in which the ngram occurs.
    First,
    /// The last year in which the ngram occurs.
    Last,
    /// The year in which the ngram occurs most often; of several such years, the first.
    Peak,
    /// The count divided by the sum of all that was counted: from 0 to 1.
    Share,
    /// The sum of the shares up to this line.
    Cumulative,
    /// The rank by count: 1 for the most frequent ngram. Equal counts have equal ranks.
    Rank,
    /// How often the ngram occurs in a million words of the corpus, in the years that were counted and that the totals
    /// have. Needs [`Job::totals`](crate::Job::totals).
    PerMillion,
    /// How often the ngram occurs over the years, as a line of bars: see [`Column::MAX_SPARK_BARS`].
    Spark,
}

/// On the command line, columns have the names of the header.
#[cfg(feature = "cli")]
impl clap::ValueEnum for Column {
    fn value_variants<'a>() -> &'a [Self] {
        Self::ALL
    }

    fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
        Some(clap::builder::PossibleValue::new(self.name()))
    }
}

impl Column {
    /// The largest number of bars in [`Column::Spark`].
    ///
    /// All lines of a result have bars for the same years, from the first to the last one in which any of its words
    /// occurs. A bar stands for one year; if there are more years than bars, for an equal part of the time. Its value is the
    /// mean of its years, or with [`Job::totals`](crate::Job::totals) how often the word occurs in a million words of these years. It is drawn
    /// in sevenths of the highest bar of the word, rounded, and at least one: `▂` to `█`. `▁` is none.
    pub const MAX_SPARK_BARS: usize = 24;

    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::Word,
        Self::Year,
        Self::Count,
        Self::Volumes,
        Self::Years,
        Self::First,
        Self::Last,
        Self::Peak,
        Self::Share,
        Self::Cumulative,
        Self::Rank,
        Self::PerMillion,
        Self::Spark,
    ];

    /// Its name in headers, in JSON and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Word => "word",
            Self::Year => "year",
            Self::Count => "count",
            Self::Volumes => "volumes",
            Self::Years => "years",
            Self::First => "first",
            Self::Last => "last",
            Self::Peak => "peak",
            Self::Share => "share",
            Self::Cumulative => "cumulative",
            Self::Rank => "rank",
            Self::PerMillion => "per-million",
            Self::Spark => "spark",
        }
    }

    /// Whether it can be told only from what is known of each year.
    pub const fn needs_histories(self) -> bool {
        matches!(self, Self::Year | Self::Volumes | Self::Years | Self::First | Self::Last | Self::Peak | Self::Spark)
    }

    /// Those of a result for which none are named.
    pub fn defaults(by: By) -> Vec<Self> {
        match by {
            By::Word => vec![Self::Word, Self::Count],
            By::Year | By::Decade => vec![Self::Word, Self::Year, Self::Count, Self::Volumes],
        }
    }

    /// Finds columns that mean nothing in a result by words, years or decades.
    ///
    /// # Errors
    /// [`InvalidColumns`] that names the first such column.
    pub fn check(columns: &[Self], by: By, has_totals: bool) -> Result<(), InvalidColumns> {
        for (number, &column) in columns.iter().enumerate() {
            if columns[..number].contains(&column) {
                return Err(InvalidColumns::Repeated(column));
            }
            return Err(match (column, by) {
                (Self::Year, By::Word) => InvalidColumns::NeedsPeriods(column),
                (Self::PerMillion, _) if !has_totals => InvalidColumns::NeedsTotals(column),
                (Self::Word | Self::Year | Self::Count | Self::Volumes | Self::PerMillion, _) | (_, By::Word) => {
                    continue;
                }
                _ => InvalidColumns::OfWholeWords(column),
            });
        }
        if columns.is_empty() { Err(InvalidColumns::None) } else { Ok(()) }
    }
}

/// Columns mean nothing in a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidColumns {
    /// There is no column.
    None,
    /// The column is named twice.
    Repeated(Column),
    /// The column is of results by years or decades: see [`Job::by`](crate::Job::by).
    NeedsPeriods(Column),
    /// The column is of results by words alone.
    OfWholeWords(Column),
    /// The column needs the number of words in each year: see [`Job::totals`](crate::Job::totals).
    NeedsTotals(Column),
}

impl fmt::Display for InvalidColumns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("expected at least one column"),
            Self::Repeated(column) => write!(f, "the column {column} is named twice"),
            Self::NeedsPeriods(column) => write!(f, "the column {column} needs a result by years or decades"),
            Self::OfWholeWords(column) => {
                write!(f, "the column {column} is of whole words: a result by years or decades does not have it")
            }
            Self::NeedsTotals(column) => write!(f, "the column {column} needs total counts"),
        }
    }
}

impl std::error::Error for InvalidColumns {}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
