//! A worker's side of reading: it takes chunk after chunk, and says what each held.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::parse::report::{ChunkReport, Nul};
use crate::parse::{Lines, Malformed};
use crate::read::chunk::Span;
use crate::read::source::{Open, Source};
use crate::read::unpack::Compression;
use crate::read::{Reader, lock};

/// Gives one worker its chunks.
pub(crate) struct Worker<'a> {
    reader: &'a Reader,
    /// Where the last chunk came from. The next one comes from there, too, while there are more.
    source: Option<Arc<Source>>,
    /// Holds the chunk at hand, unless it lies in a mapped file.
    buffer: Vec<u8>,
}

/// A chunk in the hands of a worker: its lines, and what the reader needs when they are parsed.
pub(crate) struct Chunk<'a> {
    pub(crate) lines: Lines<'a>,
    span: Span,
    source: &'a Source,
    open: &'a Open,
    reader: &'a Reader,
}

impl<'a> Worker<'a> {
    pub(super) fn new(reader: &'a Reader) -> Self {
        Self { reader, source: None, buffer: Vec::new() }
    }

    /// The next chunk; `None` when all inputs are given out, or the run is cancelled.
    pub(crate) fn next(&mut self) -> Option<Chunk<'_>> {
        let Self { reader, source: last, buffer } = self;
        let span = loop {
            if reader.is_cancelled() {
                return None;
            }
            let source = last.take().filter(|source| reader.is_wanted(source)).or_else(|| reader.next_source())?;
            if let Some(span) = reader.next_span(&source, buffer) {
                *last = Some(source);
                break span;
            }
            reader.close(&source);
        };
        let source = last.as_ref()?;
        let open = source.open()?;
        let lines = Lines {
            text: open.text(&span, buffer),
            offset: span.offset,
            format: open.detected.format,
            can_be_reread: open.is_plain(),
            options: &reader.options.parse,
        };
        Some(Chunk { lines, span, source, open, reader })
    }
}

impl Chunk<'_> {
    /// Records what the parser reports of the chunk, and gives its memory back.
    pub(crate) fn done(self, mut report: ChunkReport) {
        let Self { reader, source, .. } = self;
        report.nul = report.nul.map(|nul| Nul { at: self.span.offset + nul.at, ..nul });
        let is_malformed = report.malformed > 0 && !reader.options.parse.skip_malformed;
        if is_malformed || report.nul.is_some() {
            self.end_input(is_malformed);
        }
        self.open.release(&self.span);
        let mut line_numbers = lock(&reader.records[source.index].line_numbers);
        // The message is about the first malformed line of an input, so the others need no second look.
        if report.malformed > 0 && !line_numbers.has_malformed_before(self.span.seq) {
            self.explain(&mut report);
        }
        line_numbers.add(self.span.seq, report);
        reader.control.done.fetch_add(self.span.stored, Ordering::Relaxed);
    }

    /// Gives the input up: a line of this chunk is malformed, or it is not text.
    fn end_input(&self, is_malformed: bool) {
        let Self { reader, source, .. } = *self;
        match self.open.changed() {
            // The change explains whatever is wrong with the lines.
            Some(changed) => reader.fail(source.index, changed),
            None if is_malformed || !reader.options.keep_going => reader.stop_at(source.index),
            None => {}
        }
        // Perhaps no worker comes to the end of the input now.
        reader.keep_found(source);
    }

    /// Takes the second look that the first malformed line needs: does compressed data begin in it, and what is its
    /// number?
    fn explain(&self, report: &mut ChunkReport) {
        if let Some((line, reason)) = &mut report.first_malformed
            && let Some(compression) = compression_within(self.lines.text, *line)
        {
            *reason = Malformed::Compressed { compression };
        }
        if report.lacks_lines() {
            match self.open.lines_before(&self.span) {
                Ok(lines) => report.lines_before = Some(lines),
                Err(error) => self.reader.fail(self.source.index, error),
            }
        }
    }
}

/// The compression of data that begins within line number `line` of some lines, as where `cat` joins files.
fn compression_within(lines: &[u8], line: u64) -> Option<Compression> {
    let number = usize::try_from(line.checked_sub(1)?).ok()?;
    Compression::within(lines.split(|&byte| byte == b'\n').nth(number)?)
}
