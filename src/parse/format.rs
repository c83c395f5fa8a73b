//! The input formats: the fields of a line, and the counted number among them.

use std::fmt;

/// The format of an input's lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Format {
    /// Google's version 20090715: `ngram TAB year TAB match_count TAB page_count TAB volume_count`. Counts are sums of
    /// match_counts.
    #[cfg_attr(
        feature = "cli",
        value(
            help = "Google's 20090715: ngram, year, match_count, page_count and volume_count, with TABs between them"
        )
    )]
    V1,
    /// Google's version 20120701: `ngram TAB year TAB match_count TAB volume_count`. Counts are sums of match_counts.
    #[cfg_attr(
        feature = "cli",
        value(help = "Google's 20120701: ngram, year, match_count and volume_count, with TABs between them")
    )]
    V2,
    /// Google's version 20200217: `ngram`, then for each year a TAB and `year,match_count,volume_count`. Counts are
    /// sums of match_counts.
    #[cfg_attr(
        feature = "cli",
        value(help = "Google's 20200217: ngram, then for each year a TAB and year,match_count,volume_count")
    )]
    V3,
    /// Earlier counts: `ngram TAB count`. This crate writes such lines, too.
    #[cfg_attr(feature = "cli", value(help = "Counts made before: ngram, TAB, count"))]
    Counts,
    /// Running text. Each word counts once.
    #[cfg_attr(feature = "cli", value(help = "Any text, whose words are counted"))]
    Text,
}

impl Format {
    /// Whether each row has a year.
    pub(crate) fn has_years(self) -> bool {
        match self {
            Self::V1 | Self::V2 | Self::V3 => true,
            Self::Counts | Self::Text => false,
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::V1 => "v1",
            Self::V2 => "v2",
            Self::V3 => "v3",
            Self::Counts => "counts",
            Self::Text => "text",
        })
    }
}
