//! Options of dated texts.

use clap::Args;

use crate::args::headings;

/// Where texts have their years.
#[derive(Debug, Args)]
#[command(next_help_heading = headings::COUNTED)]
pub(crate) struct DatedOptions {
    /// Take the year of each text from its name: the match of RE.
    ///
    /// Texts then have years and volumes, as Google's files have: --by year, --years, plot and all columns of years work.
    /// The year is the first match of RE in the path as it is named, or its first group: '/([0-9]{4})-' finds 1851 in
    /// corpus/1851-11.txt. A name without a year is an error. Each file is one volume. --years leaves files of other
    /// years unread. Cannot be combined with Google's formats or counts.
    #[arg(long, value_name = "RE", allow_hyphen_values = true, hide_short_help = true)]
    pub(crate) year_from: Option<String>,
}
