//! The options of the count, which is what the program does when no other command is named.

use std::ffi::OsString;
use std::io::{self, IsTerminal};

use clap::{Args, ValueHint};
use ngram_count::write::{Column, OutputOptions};
use ngram_count::{Format, Input, Job};

use crate::args::input::{InputOptions, TextOptions};
use crate::args::machine::{MessageOptions, WorkOptions};
use crate::args::result::{FormOptions, LineOptions};
use crate::args::totals::NO_TEXT;
use crate::args::words::{PatternOptions, WordOptions};
use crate::error::Error;

/// What is to be counted, and how the result looks.
#[derive(Debug, Args)]
pub(crate) struct CountOptions {
    /// Files to count; none, or -, is standard input.
    ///
    /// Plain or compressed with gzip, zstd or zip, which is told from the content. The words of all files are added up
    /// together.
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) files: Vec<OsString>,

    #[command(flatten)]
    input: InputOptions,

    #[command(flatten)]
    text: TextOptions,

    #[command(flatten)]
    asked: WordOptions,

    #[command(flatten)]
    like: PatternOptions,

    #[command(flatten)]
    lines: LineOptions,

    #[command(flatten)]
    pub(crate) form: FormOptions,

    #[command(flatten)]
    work: WorkOptions,

    #[command(flatten)]
    pub(crate) talk: MessageOptions,
}

impl CountOptions {
    /// Whether no input was named, so that standard input is read.
    pub(crate) fn names_no_input(&self) -> bool {
        self.files.is_empty()
    }

    /// Whether the result is that of a look-up.
    pub(crate) fn asks_for_words(&self) -> bool {
        !self.asked.words.is_empty() || !self.asked.words_from.is_empty()
    }

    /// Whether there may be a bar: not where the user types the input into it.
    pub(crate) fn shows_progress(&self) -> bool {
        let is_typed = self.files.iter().any(is_stdin) && io::stdin().is_terminal();
        !self.talk.quiet && !is_typed
    }

    /// What the library is to do.
    ///
    /// # Errors
    /// When a list of words or the file of totals can't be read, or options do not go together.
    pub(crate) fn job(&self) -> Result<Job, Error> {
        let job = match self.files.as_slice() {
            [] => Job::new().inputs([Input::Stdin]),
            files => Job::new().inputs(files.iter().map(Input::from_name)),
        };
        let job = self.input.apply(job);
        let job = self.text.apply(job);
        let job = self.asked.apply(job)?;
        let job = self.like.apply(job)?;
        let job = self.lines.apply(job);
        let mut job = self.work.apply(job);
        let columns = self.form.columns(&self.lines);
        let needs_totals = |column| matches!(column, &Column::PerMillion | &Column::Spark);
        if let Some(totals) = self.form.totals()?.filter(|_| columns.iter().any(needs_totals)) {
            job = job.totals(totals);
        }
        Ok(job.histories(columns.into_iter().any(Column::needs_histories)))
    }

    /// What the result looks like.
    ///
    /// # Errors
    /// Where the file of totals does not go with text, and for columns that mean nothing.
    pub(crate) fn form(&self) -> Result<OutputOptions, Error> {
        let reads_stdin = self.names_no_input() || self.files.iter().chain(&self.asked.words_from).any(is_stdin);
        if reads_stdin && self.form.totals.as_ref().is_some_and(is_stdin) {
            return Err(Error::Usage("standard input (-) is named twice, but can be read only once".into()));
        }
        let is_text = matches!(self.input.input_format.format(), Some(Format::Text));
        if self.form.totals.is_some() && (is_text || self.text.tokens.is_some() || self.text.order.is_some()) {
            return Err(Error::Usage(NO_TEXT.into()));
        }
        self.form.form(&self.lines)
    }
}

fn is_stdin(name: &OsString) -> bool {
    name == "-"
}
