//! A stream that workers share: one of them reads it, for all.
//!
//! To decompress takes longer than to count, so nobody should keep the reader from it: it leaves its chunks to the
//! others as long as these keep up, and only then takes one itself.

use std::collections::VecDeque;
use std::io;
use std::sync::atomic::Ordering;
use std::sync::{Condvar, Mutex, PoisonError};

use super::lock;
use crate::chunk::{Chunk, Lines};
use crate::input::Stream;

/// A stream, and its chunks that are read and not yet taken.
pub(super) struct Shared {
    reader: Mutex<Reader>,
    queue: Mutex<Queue>,
    /// A chunk has come, or there is no reader any more.
    changed: Condvar,
}

/// A stream, and how much of its input the chunks so far have taken.
struct Reader {
    lines: Lines<Stream>,
    stored: u64,
}

#[derive(Default)]
struct Queue {
    chunks: VecDeque<(Chunk, Vec<u8>)>,
    /// Memory for chunks.
    spare: Vec<Vec<u8>>,
    /// Whether a worker reads.
    is_read: bool,
    /// Whether more than one worker has come.
    is_shared: bool,
    /// Whether there is nothing more to read.
    has_ended: bool,
}

/// How many chunks the reader leaves to the others before it takes one itself.
const AHEAD: usize = 2;

impl Shared {
    pub(super) fn new(lines: Lines<Stream>) -> Self {
        let reader = Mutex::new(Reader { lines, stored: 0 });
        Self { reader, queue: Mutex::default(), changed: Condvar::new() }
    }

    /// The next chunk for a worker, in `buffer`; `None` at the end. Chunks may come to workers in any order.
    pub(super) fn next(&self, buffer: &mut Vec<u8>) -> io::Result<Option<Chunk>> {
        let mut queue = lock(&self.queue);
        loop {
            if let Some((chunk, text)) = queue.chunks.pop_front() {
                queue.spare.push(std::mem::replace(buffer, text));
                return Ok(Some(chunk));
            }
            if queue.has_ended {
                return Ok(None);
            }
            if !queue.is_read {
                break;
            }
            queue.is_shared = true;
            queue = self.changed.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
        queue.is_read = true;
        drop(queue);
        let _turn = Turn(self);
        self.read(buffer)
    }

    /// Reads until there is a chunk that the others have no time for.
    fn read(&self, buffer: &mut Vec<u8>) -> io::Result<Option<Chunk>> {
        let mut reader = lock(&self.reader);
        loop {
            let chunk = reader.next(buffer);
            let mut queue = lock(&self.queue);
            let Ok(Some(chunk)) = chunk else {
                queue.has_ended = true;
                return chunk;
            };
            if !queue.is_shared || queue.chunks.len() == AHEAD {
                return Ok(Some(chunk));
            }
            let room = queue.spare.pop().unwrap_or_default();
            queue.chunks.push_back((chunk, std::mem::replace(buffer, room)));
            self.changed.notify_one();
        }
    }
}

/// A worker's turn to read. However it ends, another may have the next.
struct Turn<'a>(&'a Shared);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        lock(&self.0.queue).is_read = false;
        self.0.changed.notify_all();
    }
}

impl Reader {
    fn next(&mut self, buffer: &mut Vec<u8>) -> io::Result<Option<Chunk>> {
        let chunk = self.lines.next(buffer);
        let stored = self.lines.reader().stored.load(Ordering::Relaxed);
        let taken = stored - std::mem::replace(&mut self.stored, stored);
        chunk.map(|chunk| chunk.map(|chunk| Chunk { stored: taken, ..chunk }))
    }
}
