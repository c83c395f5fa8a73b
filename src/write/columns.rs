//! `Column`: the columns of a result, their names and their requirements.

use std::fmt;

use crate::filter::years::By;
use crate::result::parts::PartsOf;

/// A column of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Column {
    /// The ngram.
    Word,
    /// The year, or the first year of the decade. Only results by years or decades have it.
    Year,
    /// The name of the file, as the user wrote it. Only results by files have it. In TSV, a TAB is `\t`, an LF `\n`, a CR
    /// `\r` and a backslash `\\`.
    File,
    /// How often the ngram occurs: the sum of match_counts.
    Count,
    /// The sum of volume_counts; of text, the number of files with the ngram. 0 in a run [without
    /// them](crate::Job::without_volumes). Earlier counts have no volumes.
    Volumes,
    /// The number of years in which the ngram occurs.
    Years,
    /// The first year in which the ngram occurs.
    First,
    /// The last year in which the ngram occurs.
    Last,
    /// The year in which the ngram occurs most often. Of several such years, the first wins.
    Peak,
    /// The first year in which the ngram passes a share of the year's words: see [`Job::life_share`](crate::Job::life_share).
    /// All words of the input count, whatever the filters, except that of [tags](crate::Job::pos).
    Born,
    /// The last such year.
    Died,
    /// The count divided by the sum of all counts of the input, from 0 to 1: see [`Job::share_of`](crate::Job::share_of).
    Share,
    /// The sum of the shares up to this line.
    Cumulative,
    /// The rank by count: 1 for the most frequent ngram. Equal counts have equal ranks.
    ///
    /// The ranks are those among all ngrams that pass the filters, if the job [names](crate::Job::columns) this column;
    /// otherwise those among the ngrams of the result.
    Rank,
    /// The share of the parts in which the ngram occurs, from 0 to 1. Parts are the years of the input, or its files if it
    /// has no years; parts without any word do not count.
    Range,
    /// How unevenly the ngram is spread over these parts: Gries's deviation of proportions, from 0 to nearly 1. It is half
    /// the sum, over all parts, of the difference between the part's share of the ngram and its share of all words. All
    /// words of the input count, whatever the filters, except that of [tags](crate::Job::pos).
    Dp,
    /// The ngram's count per million words of the corpus, in the years that count and that the
    /// [totals](crate::Job::totals) have. Without totals, the count per million of the sum of all counts, as of
    /// [`Column::Share`]; only results by words have that.
    PerMillion,
    /// The Zipf scale: the logarithm to base 10 of the count per thousand million words, as of [`Column::PerMillion`].
    /// Frequent words have 4 to 7, rare ones 1 to 3. An ngram that does not occur has no value.
    Zipf,
    /// The count in the inputs [with which the others are compared](crate::Job::against). Only a comparison has this column
    /// and the next three.
    CountThere,
    /// The log-likelihood G² of Dunning (1993): how sure it is that the frequencies differ. Negative if the ngram is rarer
    /// than in the inputs of the comparison. All words of the inputs count, whatever the filters, except that of
    /// [tags](crate::Job::pos).
    LogLikelihood,
    /// The binary logarithm of the ratio of both frequencies, by Hardie (2014): 1 for an ngram that is twice as frequent. A
    /// count of 0 is taken for one half.
    LogRatio,
    /// By how many percent the frequency differs from that in the inputs of the comparison; missing if it is 0 there.
    Difference,
    /// The ngram's counts over the years, as a line of bars: see [`Column::MAX_SPARK_BARS`].
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
    /// The maximum number of bars in [`Column::Spark`].
    ///
    /// All lines of a result have bars for the same years, from the first to the last year in which any of its words
    /// occurs. A bar stands for one year, or for an equal part of the time if there are more years than bars. Its value
    /// is the mean over its years; with [`Job::totals`](crate::Job::totals), the word's count per million words of
    /// these years. A bar's height is its value in sevenths of the word's highest value, rounded, and at least one: `▂`
    /// to `█`. `▁` means that the word does not occur.
    pub const MAX_SPARK_BARS: usize = 24;

    /// All columns.
    pub const ALL: &'static [Self] = &[
        Self::Word,
        Self::Year,
        Self::File,
        Self::Count,
        Self::Volumes,
        Self::Years,
        Self::First,
        Self::Last,
        Self::Peak,
        Self::Born,
        Self::Died,
        Self::Share,
        Self::Cumulative,
        Self::Rank,
        Self::Range,
        Self::Dp,
        Self::PerMillion,
        Self::Zipf,
        Self::CountThere,
        Self::LogLikelihood,
        Self::LogRatio,
        Self::Difference,
        Self::Spark,
    ];

    /// The column's name in headers, in JSON and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Word => "word",
            Self::Year => "year",
            Self::File => "file",
            Self::Count => "count",
            Self::Volumes => "volumes",
            Self::Years => "years",
            Self::First => "first",
            Self::Last => "last",
            Self::Peak => "peak",
            Self::Born => "born",
            Self::Died => "died",
            Self::Share => "share",
            Self::Cumulative => "cumulative",
            Self::Rank => "rank",
            Self::Range => "range",
            Self::Dp => "dp",
            Self::PerMillion => "per-million",
            Self::Zipf => "zipf",
            Self::CountThere => "count-there",
            Self::LogLikelihood => "log-likelihood",
            Self::LogRatio => "log-ratio",
            Self::Difference => "diff",
            Self::Spark => "spark",
        }
    }

    /// Whether the column needs to know years, which some inputs lack.
    pub(crate) const fn needs_years(self) -> bool {
        matches!(self, Self::Year | Self::Years | Self::First | Self::Last | Self::Peak | Self::Spark)
            || self.is_of_life()
    }

    /// Whether the column is a year in which an ngram passes a share: see [`Job::life_share`](crate::Job::life_share).
    pub(crate) const fn is_of_life(self) -> bool {
        matches!(self, Self::Born | Self::Died)
    }

    /// Whether the column needs the number of all words in each part of the input.
    pub const fn needs_sizes(self) -> bool {
        matches!(self, Self::Range | Self::Dp) || self.is_of_life()
    }

    /// Whether the column needs the counts of each year. [`Job::columns`](crate::Job::columns) asks for all that columns
    /// need.
    pub const fn needs_histories(self) -> bool {
        matches!(self, Self::Year | Self::Volumes | Self::Years | Self::First | Self::Last | Self::Peak | Self::Spark)
            || self.is_of_life()
    }

    /// Whether a line needs the periods of its ngram for the column. Texts have no volumes but their number.
    pub(crate) fn needs_periods(self, parts: &PartsOf) -> bool {
        match self {
            Self::Volumes => parts.are_files(),
            Self::PerMillion | Self::Zipf => true,
            _ => self.needs_sizes() || self.needs_years() && !matches!(self, Self::Year),
        }
    }

    /// Whether the column is a count in relation to the [totals](crate::Job::totals), if there are any.
    pub const fn uses_totals(self) -> bool {
        matches!(self, Self::PerMillion | Self::Zipf | Self::Spark) || self.is_of_life()
    }

    /// Whether the column is a part of the sum of all counts: see [`Job::share_of`](crate::Job::share_of).
    pub const fn needs_total(self, has_totals: bool) -> bool {
        matches!(self, Self::Share | Self::Cumulative) || (matches!(self, Self::PerMillion | Self::Zipf) && !has_totals)
    }

    /// Whether whole words have numbers in the column, by which they can be [sorted](crate::Job::sort_by) and
    /// [selected](crate::Job::condition). The sum of the shares depends on the order, and the year is that of a line.
    pub const fn has_values(self) -> bool {
        !matches!(self, Self::Word | Self::Year | Self::File | Self::Cumulative | Self::Spark)
    }

    /// The columns in which whole words [have numbers](Self::has_values).
    pub fn with_values() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|column| column.has_values())
    }

    /// Whether the column shows a year, which has no separators between thousands.
    pub(crate) const fn is_year(self) -> bool {
        matches!(self, Self::Year | Self::First | Self::Last | Self::Peak | Self::Born | Self::Died)
    }

    /// Whether the column needs a comparison: see [`Job::against`](crate::Job::against).
    pub const fn needs_comparison(self) -> bool {
        matches!(self, Self::CountThere | Self::LogLikelihood | Self::LogRatio | Self::Difference)
    }

    /// Whether a comparison can have the column: it needs neither years nor files.
    pub const fn is_of_comparison(self) -> bool {
        self.needs_comparison()
            || matches!(self, Self::Word | Self::Count | Self::Volumes | Self::Share | Self::Cumulative | Self::Rank)
    }

    /// The columns of a comparison that names none.
    pub fn comparison_defaults() -> Vec<Self> {
        vec![Self::Word, Self::Count, Self::CountThere, Self::LogLikelihood, Self::LogRatio]
    }

    /// Checks that a result has no column of a comparison without one, and a comparison has no others.
    ///
    /// # Errors
    /// [`InvalidColumns`], which names the first column without a meaning.
    pub fn check_comparison(mut columns: impl Iterator<Item = Self>, compares: bool) -> Result<(), InvalidColumns> {
        let wrong =
            columns.find(|column| if compares { !column.is_of_comparison() } else { column.needs_comparison() });
        match wrong {
            Some(column) if compares => Err(InvalidColumns::NotOfComparison(column)),
            Some(column) => Err(InvalidColumns::NeedsComparison(column)),
            None => Ok(()),
        }
    }

    /// The columns of a [wide](crate::write::OutputOptions::wide) result that names none.
    pub fn wide_defaults(has_totals: bool) -> Vec<Self> {
        vec![Self::Word, if has_totals { Self::PerMillion } else { Self::Count }]
    }

    /// Checks that the columns make a [wide](crate::write::OutputOptions::wide) result.
    ///
    /// # Errors
    /// [`InvalidColumns`], which names the first column without a meaning.
    pub fn check_wide(columns: &[Self], by: By, has_totals: bool) -> Result<(), InvalidColumns> {
        match columns {
            _ if matches!(by, By::Word | By::File) => Err(InvalidColumns::WideNeedsPeriods),
            [Self::Word, column] if *column != Self::Word && *column != Self::Year => {
                Self::check(columns, by, has_totals)
            }
            _ => Err(InvalidColumns::NotWide),
        }
    }

    /// The columns of a result that names none.
    pub fn defaults(by: By) -> Vec<Self> {
        match by {
            By::Word => vec![Self::Word, Self::Count],
            By::File => vec![Self::Word, Self::File, Self::Count],
            By::Year | By::Decade => vec![Self::Word, Self::Year, Self::Count, Self::Volumes],
        }
    }

    /// Checks that all columns have a meaning in a result by words, years, decades or files.
    ///
    /// # Errors
    /// [`InvalidColumns`], which names the first column without a meaning.
    pub fn check(columns: &[Self], by: By, has_totals: bool) -> Result<(), InvalidColumns> {
        for (number, &column) in columns.iter().enumerate() {
            if columns[..number].contains(&column) {
                return Err(InvalidColumns::Repeated(column));
            }
            return Err(match (column, by) {
                (Self::Year, By::Word | By::File) => InvalidColumns::NeedsPeriods(column),
                (Self::File, By::Word | By::Year | By::Decade) => InvalidColumns::NeedsFiles(column),
                (_, By::Word) | (Self::Word | Self::Year | Self::File | Self::Count | Self::Volumes, _) => continue,
                (Self::PerMillion | Self::Zipf, By::File) => InvalidColumns::NotOfFiles(column),
                (Self::PerMillion | Self::Zipf, _) if has_totals => continue,
                (Self::PerMillion | Self::Zipf, _) => InvalidColumns::NeedsTotals(column),
                _ => InvalidColumns::OfWholeWords(column),
            });
        }
        if columns.is_empty() { Err(InvalidColumns::None) } else { Ok(()) }
    }
}

/// The error of columns that have no meaning in a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidColumns {
    /// There is no column.
    None,
    /// The column is named twice.
    Repeated(Column),
    /// The column needs a result by years or decades: see [`Job::by`](crate::Job::by).
    NeedsPeriods(Column),
    /// The column needs a result by files: see [`Job::by`](crate::Job::by).
    NeedsFiles(Column),
    /// The column has no meaning in a result by files: nothing is known of the corpus that a file belongs to.
    NotOfFiles(Column),
    /// The column needs a result by words.
    OfWholeWords(Column),
    /// In a result by years or decades, the column needs the number of words in each year: see
    /// [`Job::totals`](crate::Job::totals).
    NeedsTotals(Column),
    /// The column needs a comparison: see [`Job::against`](crate::Job::against).
    NeedsComparison(Column),
    /// A comparison does not have the column.
    NotOfComparison(Column),
    /// Words have no numbers in the column to be sorted by.
    NoValues(Column),
    /// A wide result needs years or decades.
    WideNeedsPeriods,
    /// A wide result needs the column word and one that each year has.
    NotWide,
}

impl fmt::Display for InvalidColumns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("expected at least one column"),
            Self::Repeated(column) => write!(f, "the column {column} is named twice"),
            Self::NeedsPeriods(column) => write!(f, "the column {column} needs a result by years or decades"),
            Self::NeedsFiles(column) => write!(f, "the column {column} needs a result by files"),
            Self::NotOfFiles(column) => write!(f, "a result by files does not have the column {column}"),
            Self::OfWholeWords(column) => {
                write!(f, "the column {column} is of whole words: a result by years, decades or files does not have it")
            }
            Self::NeedsTotals(column) => {
                write!(f, "in a result by years or decades, the column {column} needs total counts")
            }
            Self::NeedsComparison(column) => write!(f, "the column {column} needs inputs to compare with"),
            Self::NotOfComparison(column) => write!(f, "a comparison has no column {column}"),
            Self::WideNeedsPeriods => f.write_str("a column for each year needs a result by years or decades"),
            Self::NotWide => f.write_str(
                "with a column for each year, expected the column word and one of count, volumes, per-million, zipf",
            ),
            Self::NoValues(column) => write!(f, "the column {column} has no numbers of words to sort by"),
        }
    }
}

impl std::error::Error for InvalidColumns {}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::decode::csv::COLUMNS;

    /// Reading comes before writing, and so can't ask [`Column`] for the names.
    #[test]
    fn the_reader_knows_the_names_of_all_columns() {
        assert!(Column::ALL.iter().map(|column| column.name().as_bytes()).eq(COLUMNS));
    }
}
