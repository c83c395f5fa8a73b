//! The options of `plot`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, ValueHint};
use ngram_count::write::OutputFormat;

use crate::args::files::FileLists;
use crate::args::input::InputOptions;
use crate::args::run::{MessageOptions, WorkOptions};
use crate::args::text::TextOptions;
use crate::args::texts::DatedOptions;
use crate::args::values::{parse_cells, parse_sides};
use crate::args::words::WordOptions;

pub(super) const USAGE: &str = "ngram-count plot [OPTIONS] --word WORD FILE...";

pub(super) const AFTER_LONG_HELP: &str = "\
Examples:
  Two words over two centuries, in the terminal:
      ngram-count plot *.gz --word telegraph --word telephone --years 1800-2000
  In a million words of the books of each year, as Google's viewer shows them:
      ngram-count plot *.gz --word telegraph --totals totalcounts.txt --smooth 3
  As pictures:
      ngram-count plot *.gz --word telegraph --svg telegraph.svg --png telegraph.png
  The numbers behind it, for another program:
      ngram-count plot *.gz --word telegraph --data --format csv > telegraph.csv

Exit status:
  0    all is well
  1    none of the words occurs: there is no chart, and pictures are not written
  2    an error: standard error says which, and there is no chart
  130  ended by Ctrl-C";

/// Which words are drawn, and how.
#[derive(Debug, Args)]
pub(crate) struct PlotOptions {
    /// Files with the words; none, or -, is standard input.
    ///
    /// They must have years: v1, v2 or v3, plain or compressed with gzip, bzip2, xz, zstd or zip; or text whose names
    /// have the years (--year-from). Counts have none. The words of all files are added up together.
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) files: Vec<OsString>,

    #[command(flatten)]
    pub(crate) lists: FileLists,

    #[command(flatten)]
    pub(crate) words: WordOptions,

    /// Average over N years on each side [default: 0].
    ///
    /// As in Google's viewer, each year gets the mean of itself, the N years before it and the N years after it. At the
    /// ends of the chart, it is the mean of fewer years.
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true, value_parser = parse_sides)]
    pub(crate) smooth: usize,

    /// File of total counts: draw per million words; may be repeated.
    ///
    /// FILE is Google's, or one of --write-totals. Several files are added up year by year. FILE says how many words
    /// the books of each year have. It must be of the same version and language as the input. A year that FILE does not
    /// have is left out.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) totals: Vec<OsString>,

    /// Write the chart to FILE as SVG.
    ///
    /// With --svg, --png or --data, nothing is drawn in the terminal. FILE is replaced in one step when all is done; -
    /// is standard output.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) svg: Option<PathBuf>,

    /// Write the chart to FILE as PNG.
    ///
    /// It has 1800 times 1000 pixels. FILE is replaced in one step when all is done; - is standard output.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) png: Option<PathBuf>,

    /// Print the numbers instead of drawing them.
    ///
    /// There is a line for each word and year: word, year, and count, or with --totals per-million. In years without
    /// the word it is 0.
    #[arg(long)]
    pub(crate) data: bool,

    /// With --data, the format: tsv, csv, json, jsonl or table.
    ///
    /// tsv (the default) has TABs between the columns. csv is RFC 4180, with a header and lines that end in CR LF. json
    /// is one array of objects, jsonl one object a line, table has aligned columns for a terminal.
    #[arg(
        short,
        long,
        value_name = "FORMAT",
        requires = "data",
        default_value = "tsv",
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub(crate) format: OutputFormat,

    /// With --data, begin TSV with a line of column names.
    #[arg(long, requires = "data", hide_short_help = true)]
    pub(crate) header: bool,

    /// Draw with the characters of ASCII alone.
    ///
    /// Default in locales that are not UTF-8.
    #[arg(long)]
    pub(crate) ascii: bool,

    /// Width of the chart in characters [default: the terminal's].
    ///
    /// --width, --height and --ascii are for the chart in the terminal alone.
    #[arg(long, value_name = "N", hide_short_help = true, value_parser = parse_cells)]
    pub(crate) width: Option<usize>,

    /// Height of the chart in lines [default: the terminal's].
    ///
    /// The default is one line less than the terminal has, for the prompt, and at most 40.
    #[arg(long, value_name = "N", hide_short_help = true, value_parser = parse_cells)]
    pub(crate) height: Option<usize>,

    #[command(flatten)]
    pub(crate) input: InputOptions,

    #[command(flatten)]
    pub(crate) text: TextOptions,

    #[command(flatten)]
    pub(crate) dates: DatedOptions,

    #[command(flatten)]
    pub(crate) work: WorkOptions,

    #[command(flatten)]
    pub(crate) messages: MessageOptions,
}

impl PlotOptions {
    /// Whether the user names no input. The command then reads standard input.
    pub(crate) fn names_no_input(&self) -> bool {
        self.files.is_empty()
    }

    /// Whether the command draws a chart, in the terminal or in a picture.
    pub(crate) fn draws(&self) -> bool {
        !self.data || self.svg.is_some() || self.png.is_some()
    }

    /// Whether the command draws the chart in the terminal.
    pub(crate) fn draws_in_terminal(&self) -> bool {
        !self.data && self.svg.is_none() && self.png.is_none()
    }
}
