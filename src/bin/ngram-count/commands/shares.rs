//! Notes about shares: what they are parts of.

use ngram_count::write::{Column, OutputOptions};
use ngram_count::{Format, ShareOf, Stats};

use crate::args::{CountOptions, LineOptions};
use crate::terminal::messages;

/// Whether the count only searches its input for words, after the beginning. It reads all of it for shares of the input,
/// and for the spread over its parts.
pub(super) fn is_lookup(options: &CountOptions, output: &OutputOptions) -> bool {
    let lines = &options.lines;
    let has_totals = !options.result.totals.is_empty();
    let needs_total = |column: Column| column.needs_total(has_totals);
    let sums_all = lines.coverage.is_some() || columns(lines, output).any(needs_total);
    let needs_sizes = columns(lines, output).any(Column::needs_sizes);
    options.asks_for_words() && !needs_sizes && !(lines.share_of == ShareOf::Input && sums_all)
}

/// Notes that the words of the result make less than the share that --coverage asks for.
pub(super) fn note_coverage(lines: &LineOptions, is_covered: bool) {
    if let Some(share) = lines.coverage.filter(|_| !is_covered) {
        let remedy = match lines.share_of {
            ShareOf::Input => " of the input; --share-of selection asks for a share of what passes the filters",
            _ => "",
        };
        messages::say(format_args!("all words of the result together make less than {share}{remedy}"));
    }
}

/// Notes that counts of Google's files are compared with the counts in these files, and not with the words of the books.
pub(super) fn note_books(stats: &Stats, options: &CountOptions, output: &OutputOptions) {
    let is_of_books = |column: Column| matches!(column, Column::PerMillion | Column::Zipf);
    if !options.result.totals.is_empty() || !columns(&options.lines, output).any(is_of_books) {
        return;
    }
    let is_of_google = |format: Option<Format>| matches!(format, Some(Format::V1 | Format::V2 | Format::V3));
    if let Some(input) = stats.inputs.iter().find(|input| input.rows > 0 && is_of_google(input.format)) {
        messages::say(format_args!(
            "per-million and zipf compare with the counts in the input; with the words of all books if --totals names \
             them ({} is a table of books)",
            input.name
        ));
    }
}

/// The columns that the run calculates.
fn columns(lines: &LineOptions, output: &OutputOptions) -> impl Iterator<Item = Column> {
    output.columns.iter().copied().chain(lines.measured_columns())
}
