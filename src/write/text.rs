//! `TextMaker`: turns a bucket of entries into text.

use std::io;

use crate::result::bucket::Bucket;
use crate::result::buckets::Buckets;
use crate::result::order::Arenas;
use crate::table::{Detail, Entry};
#[cfg(feature = "postgres")]
use crate::write::copy_text;
use crate::write::format::OutputFormat;
use crate::write::lines::{LineMaker, ResultLine};
use crate::write::{delimited, json};

/// The text of a bucket. Another bucket reuses its memory.
#[derive(Debug, Default)]
pub(super) struct Text {
    pub(super) bytes: Vec<u8>,
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
    pub(super) lines: LineMaker<'a>,
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
        let Text { bytes, replaced } = text;
        bytes.clear();
        *replaced = 0;
        let loaded = self.words.load(bucket)?;
        let (entries, arenas) = (loaded.sorted(), loaded.arenas());
        bytes.reserve(32 * entries.len());
        let columns = self.lines.columns;
        match self.format {
            OutputFormat::Tsv if self.lines.are_counts() => {
                delimited::tsv_counts(entries, arenas, bytes);
                #[cfg(feature = "postgres")]
                if self.is_copy {
                    copy_text::escape_lines(bytes)?;
                }
                Ok(())
            }
            #[cfg(feature = "postgres")]
            OutputFormat::Tsv if self.is_copy => {
                self.each_line(&entries, arenas, before, |line| copy_text::row(line.cells(columns), bytes))
            }
            OutputFormat::Tsv => self.each_line(&entries, arenas, before, |line| {
                delimited::tsv(line.cells(columns), bytes);
                Ok(())
            }),
            OutputFormat::Csv => {
                let mut writer = delimited::csv_writer(bytes);
                self.each_line(&entries, arenas, before, |line| delimited::csv(line.cells(columns), &mut writer))?;
                writer.flush()
            }
            OutputFormat::Json | OutputFormat::Jsonl => self.each_line(&entries, arenas, before, |line| {
                if self.format == OutputFormat::Json && !bytes.is_empty() {
                    bytes.extend_from_slice(self.format.separator());
                }
                let names = columns.iter().map(|column| column.name());
                let is_replaced = json::object(names.zip(line.cells(columns)), bytes)?;
                // An ngram with several lines counts once.
                *replaced += u64::from(is_replaced && line.is_first);
                if self.format == OutputFormat::Jsonl {
                    bytes.push(b'\n');
                }
                Ok(())
            }),
        }
    }

    #[inline]
    fn each_line(
        &self,
        entries: &[&Entry<D>],
        arenas: &Arenas,
        before: u128,
        mut each: impl FnMut(&ResultLine<'_>) -> io::Result<()>,
    ) -> io::Result<()> {
        let (mut so_far, mut years) = (before, Vec::new());
        for (number, entry) in entries.iter().enumerate() {
            if let Some(later) = entries.get(number + ANNOUNCED_AHEAD) {
                self.lines.announce(later, arenas);
            }
            so_far += u128::from(entry.count);
            self.lines.of(entry, arenas, so_far, &mut years, &mut each)?;
        }
        Ok(())
    }
}
