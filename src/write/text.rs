//! `TextMaker`: turns a bucket of entries into text.

use std::io;

use rayon::prelude::*;

use crate::result::bucket::Bucket;
use crate::result::buckets::Buckets;
use crate::result::line::Line;
use crate::result::order::Arenas;
use crate::table::{Detail, Entry};
use crate::write::aligned::{Aligned, Head, Layout};
#[cfg(feature = "postgres")]
use crate::write::copy_text;
use crate::write::delimited;
use crate::write::format::OutputFormat;
use crate::write::lines::{LineMaker, ResultLine};
use crate::write::packing::Deflated;
use crate::write::rows::{self, Rows};
use crate::write::wide::Wide;

/// The text of a bucket. Another bucket reuses its memory.
#[derive(Default)]
pub(super) struct Text {
    pub(super) bytes: Vec<u8>,
    /// The same, where the result is compressed with gzip.
    pub(super) deflated: Deflated,
    /// The number of ngrams that are not UTF-8, in JSON.
    pub(super) replaced: u64,
}

/// The number of entries between the one that becomes lines and the one whose years are fetched into the cache. Entries
/// in order have their years anywhere in memory: without the fetch, an eighth of the time of `--columns
/// word,first,peak` was the wait for them.
const ANNOUNCED_AHEAD: usize = 8;

/// The maker of texts for the buckets of a result.
pub(super) struct TextMaker<'a, D> {
    pub(super) format: OutputFormat,
    /// Whether TSV has the escapes of COPY.
    #[cfg(feature = "postgres")]
    pub(super) is_copy: bool,
    /// The names of the columns.
    pub(super) names: &'a [String],
    pub(super) lines: LineMaker<'a>,
    /// The columns of a line for each word and all of its years, if the result is wide.
    pub(super) wide: Option<&'a Wide>,
    /// The layout of [`OutputFormat::Table`].
    pub(super) layout: Option<Layout<'a>>,
    pub(super) words: &'a Buckets<D>,
}

/// A bucket, and the sum of all counts before it (0 if no column needs the sum).
type Summed<'a, D> = (Bucket<'a, D>, u128);

impl<'a, D: Detail> TextMaker<'a, D> {
    /// The buckets of the result in order.
    pub(super) fn buckets(&self) -> Vec<Summed<'a, D>> {
        let mut so_far = 0;
        let buckets = self.words.buckets().into_iter().map(|bucket| {
            let before = so_far;
            if self.lines.add_up() {
                so_far += self.words.sum(bucket);
            }
            (bucket, before)
        });
        buckets.collect()
    }

    /// Loads and sorts a bucket, and replaces the content of `text` by the bucket's lines.
    pub(super) fn make(&self, text: &mut Text, (bucket, before): Summed<'a, D>) -> io::Result<()> {
        let Text { bytes, replaced, .. } = text;
        bytes.clear();
        *replaced = 0;
        let loaded = self.words.load(bucket)?;
        let (entries, arenas) = (loaded.sorted(), loaded.arenas());
        bytes.reserve(32 * entries.len());
        match (self.format, &self.layout) {
            (OutputFormat::Tsv, _) if self.lines.are_counts() => {
                delimited::tsv_counts(entries, arenas, bytes);
                #[cfg(feature = "postgres")]
                if self.is_copy {
                    copy_text::escape_lines(bytes)?;
                }
                Ok(())
            }
            #[cfg(feature = "postgres")]
            (OutputFormat::Tsv, _) if self.is_copy => self.rows(&entries, arenas, before, &mut rows::CopyText(bytes)),
            (OutputFormat::Tsv, _) => self.rows(&entries, arenas, before, &mut rows::Tsv(bytes)),
            (OutputFormat::Csv, _) => {
                let mut csv = rows::Csv(delimited::csv_writer(bytes));
                self.rows(&entries, arenas, before, &mut csv)?;
                csv.0.flush()
            }
            (OutputFormat::Table, Some(layout)) => {
                self.rows(&entries, arenas, before, &mut Aligned { layout, text: bytes })
            }
            (format, _) => {
                let mut json = rows::Json { text: bytes, format, names: self.names, replaced: 0 };
                self.rows(&entries, arenas, before, &mut json)?;
                *replaced = json.replaced;
                Ok(())
            }
        }
    }

    /// The layout of all rows, by a pass over the result on all threads.
    ///
    /// # Errors
    /// When the temporary file of the result can't be read.
    pub(super) fn measured<'h>(&self, heads: &'h [Head]) -> io::Result<Layout<'h>> {
        let of_bucket = |(bucket, before)| {
            let loaded = self.words.load(bucket)?;
            let mut layout = Layout::new(heads);
            // Only the sum up to a line depends on the order.
            let entries: Vec<_> = if self.lines.add_up() { loaded.sorted() } else { loaded.entries().collect() };
            self.rows(&entries, loaded.arenas(), before, &mut layout)?;
            Ok(layout)
        };
        let layouts = self.buckets().into_par_iter().map(of_bucket);
        layouts.try_reduce(|| Layout::new(heads), |one, other| Ok(one.join(other)))
    }

    /// Gives the rows of some entries to `rows`.
    #[inline]
    fn rows(&self, entries: &[&Entry<D>], arenas: &Arenas, before: u128, rows: &mut impl Rows) -> io::Result<()> {
        let (mut so_far, mut years) = (before, Vec::new());
        for (number, entry) in entries.iter().enumerate() {
            if let Some(later) = entries.get(number + ANNOUNCED_AHEAD) {
                self.lines.announce(later, arenas);
            }
            if let Some(wide) = &self.wide {
                let word = Line::with_periods(entry, arenas, &self.lines.corpus.parts, &mut years);
                rows.row(wide.cells(word, self.lines.corpus), true)?;
                continue;
            }
            so_far += u128::from(entry.count);
            let columns = self.lines.columns;
            let each = |line: &ResultLine<'_>| rows.row(line.cells(columns), line.is_first());
            self.lines.of(entry, arenas, so_far, &mut years, each)?;
        }
        Ok(())
    }
}
