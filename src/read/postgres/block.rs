//! Blocks of lines on their way from the connections to the workers.

use std::sync::Mutex;

use tokio::sync::mpsc::Sender;

use super::copy_text;
use crate::lock::lock;

/// Whole lines of a table.
pub(super) struct Block {
    pub(super) lines: Vec<u8>,
    /// The bytes of the table that are done with it, for progress.
    pub(super) stored: u64,
}

/// Buffers for reuse. A new buffer costs page faults.
#[derive(Default)]
pub(super) struct Spare(Mutex<Vec<Vec<u8>>>);

impl Spare {
    pub(super) fn take(&self) -> Vec<u8> {
        lock(&self.0).pop().unwrap_or_default()
    }

    pub(super) fn give(&self, mut buffer: Vec<u8>) {
        buffer.clear();
        lock(&self.0).push(buffer);
    }
}

/// Fills blocks with the rows of one connection.
pub(super) struct BlockWriter<'a> {
    lines: Vec<u8>,
    /// The beginning of a row whose end has not come yet.
    partial: Vec<u8>,
    stored: u64,
    /// The approximate length of a block in bytes.
    size: usize,
    spare: &'a Spare,
    to: Sender<Block>,
}

/// The workers take no more blocks.
pub(super) struct NobodyReads;

impl<'a> BlockWriter<'a> {
    pub(super) fn new(size: usize, spare: &'a Spare, to: Sender<Block>) -> Self {
        Self { lines: spare.take(), partial: Vec::new(), stored: 0, size, spare, to }
    }

    /// Appends a piece of COPY's text, which may end within a row.
    pub(super) fn append(&mut self, text: &[u8]) {
        let mut text = text;
        if !self.partial.is_empty() {
            let end = memchr::memchr(b'\n', text).map_or(text.len(), |end| end + 1);
            self.partial.extend_from_slice(&text[..end]);
            text = &text[end..];
            if !self.partial.ends_with(b"\n") {
                return;
            }
            copy_text::append(&self.partial, &mut self.lines);
            self.partial.clear();
        }
        let end = memchr::memrchr(b'\n', text).map_or(0, |end| end + 1);
        copy_text::append(&text[..end], &mut self.lines);
        self.partial.extend_from_slice(&text[end..]);
    }

    /// Notes that a task is done, which stands for so many bytes of the table.
    pub(super) fn finish_task(&mut self, stored: u64) {
        debug_assert!(self.partial.is_empty(), "a row of {} bytes has no end", self.partial.len());
        self.stored += stored;
    }

    /// Gives the block to the workers if it is large enough. Waits while they have enough blocks.
    pub(super) async fn give_if_full(&mut self) -> Result<(), NobodyReads> {
        if self.lines.len() >= self.size { self.give().await } else { Ok(()) }
    }

    /// Gives the block to the workers, however small it is.
    pub(super) async fn give(&mut self) -> Result<(), NobodyReads> {
        let lines = std::mem::replace(&mut self.lines, self.spare.take());
        let block = Block { lines, stored: std::mem::take(&mut self.stored) };
        if block.lines.is_empty() && block.stored == 0 {
            return Ok(());
        }
        self.to.send(block).await.map_err(|_| NobodyReads)
    }
}
