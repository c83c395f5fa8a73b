//! Options that name files in lists.

use std::ffi::OsString;

use clap::{Args, ValueHint};

use crate::args::headings;

/// Lists of files to count.
#[derive(Debug, Args)]
#[command(next_help_heading = headings::COUNTED)]
pub(crate) struct FileLists {
    /// Count the files that FILE names, one a line.
    ///
    /// May be repeated. The names come after those of the command line. - is standard input, as in find corpus -name
    /// '*.txt' | ngram-count --files-from -
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, hide_short_help = true)]
    pub(crate) files_from: Vec<OsString>,

    /// Count the files that FILE names, with a NUL behind each.
    ///
    /// As --files-from, for names that may hold line ends: find corpus -print0 | ngram-count --files0-from -
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, hide_short_help = true)]
    pub(crate) files0_from: Vec<OsString>,
}

impl FileLists {
    /// Whether there is no list.
    pub(crate) fn are_empty(&self) -> bool {
        self.files_from.is_empty() && self.files0_from.is_empty()
    }

    /// The lists, and the byte behind each name in them.
    pub(crate) fn with_separators(&self) -> impl Iterator<Item = (&OsString, u8)> {
        let of = |lists, separator| <[OsString]>::iter(lists).map(move |list| (list, separator));
        of(&self.files_from, b'\n').chain(of(&self.files0_from, 0))
    }
}
