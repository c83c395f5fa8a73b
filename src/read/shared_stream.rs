//! A stream that workers share: one of them reads it, for all.
//!
//! To decompress takes longer than to count, so nobody should keep the cutter from it: it leaves its chunks to the
//! others as long as these keep up, and only then takes one itself.

use std::collections::VecDeque;
use std::io;
use std::sync::atomic::Ordering;
use std::sync::{Condvar, Mutex, PoisonError};

use crate::read::chunk::{Span, StreamChunks};
use crate::read::input::Stream;
use crate::read::lock;

/// A stream, and its chunks that are read and not yet taken. They are taken in their order, and an error behind them is
/// met after them: so whoever meets a malformed line knows that all before it are with some worker.
pub(super) struct SharedStream {
    cutter: Mutex<Cutter>,
    queue: Mutex<Queue>,
    /// A chunk has come, or there is no cutter any more.
    changed: Condvar,
}

/// A stream, and how much of its input the chunks so far have taken.
struct Cutter {
    chunks: StreamChunks<Stream>,
    stored: u64,
}

#[derive(Default)]
struct Queue {
    chunks: VecDeque<(Span, Vec<u8>)>,
    /// Memory for chunks.
    spare: Vec<Vec<u8>>,
    /// Whether a worker reads.
    is_being_read: bool,
    /// Whether more than one worker has come.
    is_shared: bool,
    /// Whether there is nothing more to read,
    has_ended: bool,
    /// and why, where that is not the stream's end.
    error: Option<io::Error>,
}

/// How many chunks the cutter leaves to the others before it takes one itself.
const MAX_AHEAD: usize = 2;

impl SharedStream {
    pub(super) fn new(chunks: StreamChunks<Stream>) -> Self {
        let cutter = Mutex::new(Cutter { chunks, stored: 0 });
        Self { cutter, queue: Mutex::default(), changed: Condvar::new() }
    }

    /// The next chunk for a worker, in `buffer`; `None` at the end.
    pub(super) fn next(&self, buffer: &mut Vec<u8>) -> io::Result<Option<Span>> {
        let mut queue = lock(&self.queue);
        while queue.is_being_read && queue.chunks.is_empty() {
            queue.is_shared = true;
            queue = self.changed.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
        if queue.has_ended || !queue.chunks.is_empty() {
            return queue.take(buffer);
        }
        queue.is_being_read = true;
        drop(queue);
        let _turn = ReadTurn(self);
        self.read(buffer)
    }

    /// Reads until there is a chunk that the others have no time for.
    fn read(&self, buffer: &mut Vec<u8>) -> io::Result<Option<Span>> {
        let mut cutter = lock(&self.cutter);
        loop {
            let read = cutter.next(buffer);
            let mut queue = lock(&self.queue);
            match read {
                Ok(Some(chunk)) if !queue.is_shared => return Ok(Some(chunk)),
                Ok(Some(chunk)) => {
                    let spare = queue.spare.pop().unwrap_or_default();
                    queue.chunks.push_back((chunk, std::mem::replace(buffer, spare)));
                    if queue.chunks.len() > MAX_AHEAD {
                        return queue.take(buffer);
                    }
                    self.changed.notify_one();
                }
                end => {
                    queue.has_ended = true;
                    queue.error = end.err();
                    return queue.take(buffer);
                }
            }
        }
    }
}

impl Queue {
    /// The first chunk, in `buffer`; without one, what the stream ended with.
    fn take(&mut self, buffer: &mut Vec<u8>) -> io::Result<Option<Span>> {
        let Some((chunk, text)) = self.chunks.pop_front() else {
            return self.error.take().map_or(Ok(None), Err);
        };
        self.spare.push(std::mem::replace(buffer, text));
        Ok(Some(chunk))
    }
}

/// A worker's turn to read. However it ends, another may have the next.
struct ReadTurn<'a>(&'a SharedStream);

impl Drop for ReadTurn<'_> {
    fn drop(&mut self) {
        lock(&self.0.queue).is_being_read = false;
        self.0.changed.notify_all();
    }
}

impl Cutter {
    fn next(&mut self, buffer: &mut Vec<u8>) -> io::Result<Option<Span>> {
        let chunk = self.chunks.next(buffer);
        let stored = self.chunks.reader().facts.stored.load(Ordering::Relaxed);
        let taken = stored - std::mem::replace(&mut self.stored, stored);
        chunk.map(|chunk| chunk.map(|chunk| Span { stored: taken, ..chunk }))
    }
}
