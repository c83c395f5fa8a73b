//! Dated texts: the year of each text, from its name.

use regex::bytes::Regex;

use super::Job;
use crate::error::{Error, Result};
use crate::filter::compile;
use crate::filter::years::{Years, side_of};
use crate::read::input::Input;

/// Texts with years.
impl Job {
    /// Takes the year of each text from its name, the [path or the name](crate::Counts::files) of the input. The first
    /// match of the regular expression is the year, or its first group if the expression has one. Texts are then like
    /// Google's books: each has its words in one year, and is one volume of it.
    ///
    /// A name without a year is an error of the run ([`Error::NoYearInName`]), and so is an input that is not text
    /// ([`Error::NoText`]). The run does not read texts of years that [do not count](Job::years).
    ///
    /// # Errors
    /// As [`Job::regex`].
    ///
    /// ```
    /// use ngram_count::{By, Input, Job};
    ///
    /// let texts = [("1851-whale.txt", "the whale"), ("1852-bleak.txt", "the fog"), ("1851-gables.txt", "the house")];
    /// let job = Job::new().inputs(texts.map(|(name, text)| Input::from_bytes(name, text)));
    /// let outcome = job.year_from("^[0-9]{4}")?.by(By::Year).word("the").run()?;
    /// let (_, years) = outcome.counts.histories().next().expect("one word");
    /// let years: Vec<_> = years.iter().map(|year| (year.year, year.count, year.volumes)).collect();
    /// assert_eq!(years, [(1851, 2, 2), (1852, 1, 1)]);
    /// # Ok::<(), ngram_count::Error>(())
    /// ```
    pub fn year_from(mut self, regex: impl AsRef<str>) -> Result<Self> {
        self.year_from = Some(compile(regex.as_ref())?);
        self.read_options.needs.text = true;
        Ok(self)
    }

    /// Finds the year of each text, and drops the texts of other years.
    ///
    /// # Errors
    /// [`Error::NoYearInName`].
    pub(super) fn date_texts(&mut self) -> Result<()> {
        let Some(regex) = &self.year_from else { return Ok(()) };
        let mut read = Vec::new();
        for input in std::mem::take(&mut self.inputs) {
            read.push((year_of(&input, regex)?, input));
        }
        read.retain(|(year, _)| self.counts_text_of(*year));
        (self.text_years, self.inputs) = read.into_iter().unzip();
        Ok(())
    }

    /// Whether the run counts all words of the texts, too.
    pub(super) fn counts_own_totals(&self) -> bool {
        self.counts_totals && self.year_from.is_some()
    }

    /// Whether the run counts all words of the input, whatever the filters.
    pub(super) fn counts_all_words(&self) -> bool {
        self.needs_sizes || self.counts_own_totals() || self.compared_texts().is_some()
    }

    /// Whether the run reads an input.
    pub(super) fn reads(&self, input: &Input) -> bool {
        let is_wanted = |regex| year_of(input, regex).is_ok_and(|year| self.counts_text_of(year));
        self.year_from.as_ref().is_none_or(is_wanted)
    }

    /// Whether the texts of a year count.
    fn counts_text_of(&self, year: u64) -> bool {
        match self.compared_texts() {
            Some(periods) => side_of(periods, year).is_some(),
            None => self.wanted_years().contains(year),
        }
    }

    /// The years that count.
    pub(super) fn wanted_years(&self) -> Years {
        self.read_options.parse.years.unwrap_or_default()
    }
}

/// The year in the name of an input.
fn year_of(input: &Input, regex: &Regex) -> Result<u64> {
    let name = input.name();
    let found = regex.captures(&name).and_then(|groups| groups.get(1).or_else(|| groups.get(0)));
    let digits = found.map(|found| found.as_bytes());
    let is_number = |digits: &&[u8]| digits.iter().all(u8::is_ascii_digit);
    let year = digits.filter(is_number).and_then(|digits| str::from_utf8(digits).ok()?.parse().ok());
    year.ok_or_else(|| Error::NoYearInName { input: input.to_string(), found: digits.map(Into::into) })
}
