//! The comparison of inputs with others: both are counted in one run.

use super::Job;
use super::shown::SortBy;
use crate::error::{Error, Result};
use crate::filter::years::By;
use crate::write::Column;

impl Job {
    /// Puts the inputs with which the others are compared behind these. Words are then ordered by how sure their difference
    /// is, unless the job asks for another order.
    pub(super) fn join_compared(&mut self) {
        if self.against.is_empty() {
            return;
        }
        self.first_there = Some(self.inputs.len());
        self.inputs.append(&mut self.against);
        if self.filter.words.is_none() {
            self.shown.sort.get_or_insert(SortBy::Column(Column::LogLikelihood));
        }
    }

    /// Checks that a comparison asks for nothing that it has not.
    ///
    /// # Errors
    /// [`Error::Comparison`].
    pub(super) fn check_comparison(&self) -> Result<()> {
        let is_of_words = self.by == By::Word && self.parts().is_none() && self.totals.is_none();
        if self.first_there.is_some() && !is_of_words { Err(Error::Comparison) } else { Ok(()) }
    }
}
