//! The comparison of inputs with others, or of years with others: both sides are counted in one run.

use super::shown::SortBy;
use super::{Job, ShareOf};
use crate::error::{Error, Result};
use crate::filter::years::{By, Years};
use crate::read::input::Input;
use crate::write::Column;

/// Two periods that are compared.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rise {
    /// The first period and the second, which is compared with it.
    pub(super) years: [Years; 2],
    /// The minimum of volumes that a word has in both together.
    pub(super) min_volumes: u64,
}

impl Job {
    /// Adds an input with which the others are compared. It may have any format, and all filters hold for it, too. The
    /// result has the words of both, and how often each occurs [there](crate::write::Column::CountThere). Its default
    /// order is by [log-likelihood](crate::write::Column::LogLikelihood), and the [top](Job::top) goes by it, too.
    ///
    /// A comparison is by words: with years, files, volumes or totals, the run returns [`Error::Comparison`].
    ///
    /// ```
    /// use ngram_count::{Input, Job};
    ///
    /// let [here, there] = ["the whale the whale", "the ship the sea"].map(|text| Input::from_bytes("a text", text));
    /// let outcome = Job::new().input(here).against(there).top(1).run()?;
    /// assert_eq!(outcome.counts.iter().collect::<Vec<_>>(), [(&b"whale"[..], 2)]);
    /// # Ok::<(), ngram_count::Error>(())
    /// ```
    pub fn against(mut self, input: impl Into<Input>) -> Self {
        self.against.push(input.into());
        self
    }

    /// Compares the years `after` with the years `before`. The count of a word is that in `after`, and its count
    /// [there](crate::write::Column::CountThere) that in `before`. Words with fewer than `min_volumes` volumes in both
    /// together are left out, and so are words that occur in neither. The default order is by
    /// [log-ratio](crate::write::Column::LogRatio): first what has risen most, last what has fallen most.
    ///
    /// The inputs must have years; texts have those [of their names](Job::year_from), and each is one volume. The run
    /// returns [`Error::Comparison`] if the job also asks for [years](Job::years) or results by years, files or other
    /// inputs.
    ///
    /// ```
    /// use ngram_count::Job;
    ///
    /// let job = Job::new().input("data/sample-v2.tsv").rise("1900-1949".parse()?, "1950-1999".parse()?, 40);
    /// let outcome = job.top(1).run()?;
    /// assert_eq!(outcome.counts.len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn rise(mut self, before: Years, after: Years, min_volumes: u64) -> Self {
        self.rise = Some(Rise { years: [before, after], min_volumes });
        self
    }

    /// Whether the job compares.
    pub(super) fn compares(&self) -> bool {
        self.rise.is_some() || self.first_there.is_some()
    }

    /// Puts the inputs with which the others are compared behind these, and sets the default order.
    ///
    /// # Errors
    /// [`Error::Comparison`] if inputs and years are to be compared, or years and others are asked for.
    pub(super) fn prepare_comparison(&mut self) -> Result<()> {
        if !self.against.is_empty() {
            self.first_there = Some(self.inputs.len());
            // The words of a text may be compared with those of Google's files, to which settings for text mean nothing.
            self.read_options.needs.text = false;
            self.inputs.append(&mut self.against);
        }
        if let Some(Rise { years: [before, after], .. }) = self.rise {
            if self.first_there.is_some() || self.read_options.parse.years.is_some() {
                return Err(Error::Comparison);
            }
            let (first, last) = (before.first.min(after.first), before.last.max(after.last));
            self.read_options.parse.years = Some(Years { first, last });
            self.read_options.needs.volumes = self.year_from.is_none();
        }
        if self.compares() && self.filter.words.is_none() {
            let column = self.comparison_column();
            self.shown.sort.get_or_insert(SortBy::Column(column));
        }
        Ok(())
    }

    /// The column by which a comparison is ordered.
    pub(super) fn comparison_column(&self) -> Column {
        if self.rise.is_some() { Column::LogRatio } else { Column::LogLikelihood }
    }

    /// Checks that a comparison asks for nothing that it has not.
    ///
    /// # Errors
    /// [`Error::Comparison`].
    pub(super) fn check_comparison(&self) -> Result<()> {
        let against_dated = self.first_there.is_some() && self.year_from.is_some();
        let has_years = self.parts().is_some() || self.totals.is_some() || against_dated;
        let is_of_words = self.by == By::Word && !has_years;
        if self.compares() && !is_of_words { Err(Error::Comparison) } else { Ok(()) }
    }

    /// The periods whose texts are compared, `[before, after]`.
    pub(super) fn compared_texts(&self) -> Option<[Years; 2]> {
        self.rise.filter(|_| self.year_from.is_some()).map(|rise| rise.years)
    }

    /// The sum of the counts of which shares are parts. `total` is that of what passes the filters, `left_out` of the rest.
    /// `compared` has all words here and there of a comparison.
    pub(super) fn all_words(&self, total: u128, left_out: u128, compared: Option<[u128; 2]>) -> u128 {
        match compared {
            Some([here, _]) if self.shown.share_of == ShareOf::Input => here,
            Some(_) => total,
            None => total + left_out,
        }
    }
}
