//! A worker's side of reading: it takes chunk after chunk, and records the parser's report of each.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::lock::lock;
use crate::parse::report::{ChunkReport, Nul};
use crate::parse::{Emit, Lines};
use crate::read::Reader;
use crate::read::chunk::Span;
use crate::read::source::{Open, Source};

/// The access of one worker to the chunks.
pub(crate) struct Worker<'a> {
    reader: &'a Reader,
    /// The source of the last chunk. The next chunk comes from the same source, as long as it has more.
    source: Option<Arc<Source>>,
    /// The buffer for the current chunk, unless the file is mapped.
    buffer: Vec<u8>,
}

/// A chunk in the hands of a worker: its lines, and the data that the reader needs after the parsing.
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

    /// The next chunk; `None` when no input is left, or the caller has cancelled the run.
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
            can_be_reread: open.is_parallel(),
            options: &reader.options.parse,
        };
        Some(Chunk { lines, span, source, open, reader })
    }
}

impl Chunk<'_> {
    /// The number of the input that the chunk is of.
    pub(crate) fn file(&self) -> usize {
        self.source.index
    }

    /// Gives the N-grams across the seams with the chunks on both sides to `sink`, if these chunks are done. Otherwise, the
    /// worker that ends one of them gives them to its own.
    pub(crate) fn join(&self, report: &mut ChunkReport, sink: &mut impl Emit) {
        if let Some(edge) = report.edge.take() {
            let seams = &self.reader.records[self.source.index].seams;
            report.rows += seams.add(self.span.seq, edge, self.lines.options.text.ngram_len, sink);
        }
    }

    /// Records the parser's report of the chunk, and releases the chunk's memory.
    pub(crate) fn done(self, mut report: ChunkReport) {
        let Self { reader, source, .. } = self;
        report.nul = report.nul.map(|nul| Nul { at: self.span.offset + nul.at, ..nul });
        let is_malformed = report.malformed > 0 && !reader.options.parse.skip_malformed;
        if is_malformed || report.nul.is_some() {
            self.end_input(is_malformed);
        }
        self.open.release(&self.span);
        let mut line_numbers = lock(&reader.records[source.index].line_numbers);
        // The message is about the first malformed line of an input, so other malformed lines need no explanation.
        if report.malformed > 0 && !line_numbers.has_malformed_before(self.span.seq) {
            self.explain(&mut report);
        }
        line_numbers.add(self.span.seq, report);
        reader.control.done.fetch_add(self.span.stored, Ordering::Relaxed);
    }

    /// Gives the input up, because a line of this chunk is malformed, or the chunk is not text.
    fn end_input(&self, is_malformed: bool) {
        let Self { reader, source, .. } = *self;
        match self.open.changed() {
            // The change explains any error in the lines.
            Some(changed) => reader.fail(source.index, changed),
            None if is_malformed || !reader.options.keep_going => reader.stop_at(source.index),
            None => {}
        }
        // Perhaps no worker will reach the end of the input.
        reader.keep_found(source);
    }

    /// Completes the report of the first malformed line: finds what explains it, and the number of lines before the
    /// chunk.
    fn explain(&self, report: &mut ChunkReport) {
        if let Some((line, reason)) = &mut report.first_malformed
            && let Some(line) = line_of(self.lines.text, *line)
        {
            self.open.explain(line, reason);
        }
        if report.lacks_lines() || self.open.input.begins_within_file() {
            match self.open.lines_before(&self.span) {
                Ok(lines) => report.lines_before = Some(lines),
                Err(error) => self.reader.fail(self.source.index, error),
            }
        }
    }
}

/// Line number `line` (from 1) of some lines.
fn line_of(lines: &[u8], line: u64) -> Option<&[u8]> {
    let number = usize::try_from(line.checked_sub(1)?).ok()?;
    lines.split(|&byte| byte == b'\n').nth(number)
}
