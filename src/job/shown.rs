//! Settings of a job: which words the result shows, in which order, and what their values are compared with.

use std::sync::Arc;

use super::Job;
use crate::result::corpus::{Corpus, DEFAULT_LIFE_SHARE};
use crate::result::cover::Coverage;
use crate::result::number::{Comparison, Number};
use crate::result::order::{Order, Sort};
use crate::result::select::{SelectOptions, Test};
use crate::write::values::ColumnMeasure;
use crate::write::{Column, Condition, InvalidColumns};

/// Which words the result shows, and in which order, by their values.
#[derive(Debug, Clone, Default)]
pub(super) struct ShownOptions {
    pub(super) sort: Option<SortBy>,
    is_reversed: bool,
    conditions: Vec<Condition>,
    pub(super) share_of: ShareOf,
    life_share: Option<f64>,
    /// The columns of the result, if the caller names them.
    columns: Vec<Column>,
}

impl ShownOptions {
    /// The share of a year's words from which a word is alive.
    pub(super) fn life_share(&self) -> f64 {
        self.life_share.unwrap_or(DEFAULT_LIFE_SHARE)
    }
}

/// What the words of the result are sorted by.
#[derive(Debug, Clone, Copy)]
pub(super) enum SortBy {
    Sort(Sort),
    Column(Column),
}

/// The sum of counts of which shares are parts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[non_exhaustive]
pub enum ShareOf {
    /// All counts of the input, in the years that count. [`Pos`](crate::Pos) decides about tagged ngrams, since they count
    /// the words of the input once more; the other filters do not matter.
    #[cfg_attr(feature = "cli", value(help = "Parts of all counts of the input"))]
    #[default]
    Input,
    /// The counts that pass the filters.
    #[cfg_attr(feature = "cli", value(help = "Parts of what passes the filters"))]
    Selection,
}

/// The words of the result, and their order.
impl Job {
    /// Sets the order of the result. The default is the order of the [words](Job::words) that the job asks for, or
    /// [`Sort::Count`] if it asks for none.
    pub fn sort(mut self, sort: Sort) -> Self {
        self.shown.sort = Some(SortBy::Sort(sort));
        self
    }

    /// Sorts by a column of whole words, the highest number first; by [`Column::Rank`], the lowest first. Words of equal
    /// numbers are in the order of their bytes. Words without a number are last, [reversed](Job::reverse) or not.
    ///
    /// # Errors
    /// [`InvalidColumns::NoValues`] if the words have no [numbers](Column::has_values) in the column, and are not in its
    /// order as with [`Sort::Word`].
    ///
    /// ```
    /// use ngram_count::Job;
    /// use ngram_count::write::Column;
    ///
    /// let newest = Job::new().input("data/sample-v2.tsv").sort_by(Column::First)?.run()?;
    /// assert_eq!(newest.counts.iter().next().map(|(word, _)| word), Some(&b"website"[..]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn sort_by(mut self, column: Column) -> Result<Self, InvalidColumns> {
        self.shown.sort = Some(match column {
            Column::Word => SortBy::Sort(Sort::Word),
            // All of these grow with the count, and equal counts have equal ones.
            Column::Count | Column::Share | Column::Rank => SortBy::Sort(Sort::Count),
            column if column.has_values() => SortBy::Column(column),
            column => return Err(InvalidColumns::NoValues(column)),
        });
        Ok(self)
    }

    /// Reverses the order if `yes`: the lowest count or number comes first, or the last word by its bytes. Words of equal
    /// counts or numbers stay in the order of their bytes. This changes nothing where there is no order.
    pub fn reverse(mut self, yes: bool) -> Self {
        self.shown.is_reversed = yes;
        self
    }

    /// Keeps only words that satisfy a condition. If there are several conditions, all must hold. A word without a value
    /// in the column satisfies none. The value is that of the whole word, even in a result [by years](Job::by).
    ///
    /// ```
    /// use ngram_count::Job;
    ///
    /// let job = Job::new().input("data/sample-v2.tsv").condition("first>=1950".parse()?).condition("count>100".parse()?);
    /// assert!(job.run()?.counts.len() > 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn condition(mut self, condition: Condition) -> Self {
        self.shown.conditions.push(condition);
        self
    }

    /// Keeps only the most frequent words: as many as it takes to make a share of all counts, at least. All counts are
    /// those of [`Job::share_of`]. Words of equal count are taken in the order of their bytes. If all words together make
    /// less, all stay.
    pub fn coverage(mut self, share: Coverage) -> Self {
        self.selection.coverage = Some(share);
        self
    }

    /// Sets the sum of counts of which [shares](Column::Share) are parts. The default is that of the input.
    pub fn share_of(mut self, share_of: ShareOf) -> Self {
        self.shown.share_of = share_of;
        self
    }

    /// Sets the share of a year's words that an ngram passes in the years [`Column::Born`] and [`Column::Died`]. The default
    /// is 0.000001, one of a million words. With [totals](Job::totals), the words are those of the books.
    pub fn life_share(mut self, share: f64) -> Self {
        self.shown.life_share = Some(share);
        self
    }

    /// Names the columns in which the result will be [written](crate::write::write()), so that the run collects what they
    /// need, and nothing else: the years, the volumes, the files in which an ngram occurs, the sum of the input, the ranks of
    /// all words. A run whose columns need the sum of the input or of its parts parses all of it, even for a few
    /// [words](Job::words).
    ///
    /// Without this call, [`Job::histories`] asks for the years, and shares are parts of what passes the filters.
    ///
    /// ```
    /// use ngram_count::write::{self, Column, OutputFormat, OutputOptions};
    /// use ngram_count::{Input, Job};
    ///
    /// let columns = vec![Column::Word, Column::Count, Column::Volumes];
    /// let poems = [Input::from_bytes("one", "a rose is a rose"), Input::from_bytes("two", "a daisy")];
    /// let outcome = Job::new().inputs(poems).columns(columns.clone()).run()?;
    /// let (mut options, mut text) = (OutputOptions::new(OutputFormat::Tsv), Vec::new());
    /// options.columns = columns;
    /// write::write(&outcome.counts, &options, &mut text)?;
    /// assert!(text.starts_with(b"a\t3\t2\n")); // three times, in two texts
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn columns(mut self, columns: impl IntoIterator<Item = Column>) -> Self {
        self.shown.columns.extend(columns);
        self
    }
}

impl Job {
    /// The columns by which words are sorted and selected.
    pub(super) fn measured_columns(&self) -> impl Iterator<Item = Column> {
        let sorted = if let Some(SortBy::Column(column)) = self.shown.sort { Some(column) } else { None };
        self.shown.conditions.iter().map(Condition::column).chain(sorted)
    }

    /// All columns that the run must know.
    fn needed_columns(&self) -> impl Iterator<Item = Column> {
        self.shown.columns.iter().copied().chain(self.measured_columns())
    }

    /// Derives the settings that the columns need.
    pub(super) fn prepare_columns(&mut self) {
        let needed: Vec<Column> = self.needed_columns().collect();
        self.kept.years |= needed.iter().any(|column| column.needs_years());
        // A comparison of years has volumes without histories.
        let needs_volumes = needed.contains(&Column::Volumes) && self.rise.is_none();
        self.kept.volumes = needs_volumes || self.kept.volumes && self.shown.columns.is_empty();
        self.kept.files |= needs_volumes;
        self.read_options.needs.volumes |= needs_volumes;
        self.needs_sizes = needed.iter().any(|column| column.needs_sizes());
        self.selection.needs_ranks = needed.contains(&Column::Rank);
        let has_totals = self.totals.is_some();
        let needs_total =
            self.selection.coverage.is_some() || needed.iter().any(|column| column.needs_total(has_totals));
        self.filter.sums_all = self.compares() || self.shown.share_of == ShareOf::Input && needs_total;
    }

    /// The selection, with what depends on the values of words.
    pub(super) fn selection(&self, corpus: &Arc<Corpus>) -> SelectOptions {
        let measure = |column| Arc::new(ColumnMeasure { column, corpus: Arc::clone(corpus) });
        let floor = self.rise.filter(|_| self.filter.words.is_none());
        let min_volumes = floor.map(|rise| Test {
            measure: measure(Column::Volumes),
            comparison: Comparison::AtLeast,
            number: Number::Whole(rise.min_volumes.max(1)),
        });
        let tests = self.shown.conditions.iter().map(|condition| Test {
            measure: measure(condition.column()),
            comparison: condition.comparison,
            number: condition.number,
        });
        let order = self.shown.sort.map(|sort| match sort {
            SortBy::Sort(sort) => Order::from(sort),
            SortBy::Column(column) => Order::by_value(measure(column)),
        });
        let order = match order {
            None if self.shown.is_reversed && self.filter.words.is_none() => Some(Sort::Count.into()),
            order => order,
        };
        let order = order.map(|order| order.reversed(self.shown.is_reversed));
        // The words that differ most are those that a comparison is made for.
        let compares = self.compares() && self.selection.coverage.is_none();
        let sorted = if let Some(SortBy::Column(column)) = self.shown.sort { column } else { self.comparison_column() };
        let top_by = compares.then(|| Order::by_value(measure(sorted)).reversed(self.shown.is_reversed));
        SelectOptions { tests: tests.chain(min_volumes).collect(), top_by, order, ..self.selection.clone() }
    }
}
