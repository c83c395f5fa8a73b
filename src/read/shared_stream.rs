//! A stream that workers share: one of them reads it for all.
//!
//! Decompressing takes longer than counting, so the worker that reads should go on reading. It leaves its chunks to the
//! others, and takes one itself only when more than [`MAX_AHEAD`] wait. An example with the workers A, B and C:
//!
//! ```text
//! A comes   nobody reads: A reads chunk 0 and takes it, because nobody waits for chunks.
//! B comes   nobody reads: B begins to read chunk 1.
//! C comes   B reads: C waits. From now on the stream is shared.
//! B         has chunk 1: it queues it, wakes C and reads on. C takes chunk 1.
//! A comes   takes what is queued, or waits for chunk 2.
//! B         has queued chunks 3, 4 and 5 while A and C parse: it stops reading and takes chunk 3.
//! C comes   takes chunk 4. Then A takes chunk 5, and whoever comes next reads.
//! ```
//!
//! Chunks are taken in their order, and an error of the stream only after the chunks before it. So when a worker meets a
//! malformed line, all earlier lines are done or with some worker.

use std::collections::VecDeque;
use std::io;
use std::sync::atomic::Ordering;
use std::sync::{Condvar, Mutex, PoisonError};

use crate::read::chunk::{Span, StreamChunks};
use crate::read::input::Stream;
use crate::read::lock;

/// A stream, and its chunks that were read and not taken yet.
pub(super) struct SharedStream {
    /// Locked by the worker that reads.
    cutter: Mutex<Cutter>,
    /// Locked for moments only.
    queue: Mutex<Queue>,
    /// Wakes workers: a chunk is queued, or nobody reads any more.
    changed: Condvar,
}

/// Cuts the stream, and knows how much of the input, as it is stored, each chunk took.
struct Cutter {
    chunks: StreamChunks<Stream>,
    /// How many stored bytes the chunks so far took.
    stored: u64,
}

#[derive(Default)]
struct Queue {
    chunks: VecDeque<(Span, Vec<u8>)>,
    /// Buffers for further chunks.
    spare: Vec<Vec<u8>>,
    /// A worker reads.
    is_being_read: bool,
    /// Some worker has waited for a chunk.
    is_shared: bool,
    /// There is nothing more to read.
    has_ended: bool,
    /// What ended the stream, if it failed.
    error: Option<io::Error>,
}

/// The reader goes on while at most so many chunks wait.
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
            return queue.pop(buffer);
        }
        queue.is_being_read = true;
        drop(queue);
        let _turn = ReadTurn(self);
        self.read(buffer)
    }

    /// Reads until a chunk is left for this worker: until the others are too slow, or are not there.
    fn read(&self, buffer: &mut Vec<u8>) -> io::Result<Option<Span>> {
        let mut cutter = lock(&self.cutter);
        loop {
            let read = cutter.next(buffer);
            let mut queue = lock(&self.queue);
            match read {
                Ok(Some(span)) if !queue.is_shared => {
                    debug_assert!(queue.chunks.is_empty(), "chunks are taken in their order");
                    return Ok(Some(span));
                }
                Ok(Some(span)) => {
                    let spare = queue.spare.pop().unwrap_or_default();
                    queue.chunks.push_back((span, std::mem::replace(buffer, spare)));
                    if queue.chunks.len() > MAX_AHEAD {
                        return queue.pop(buffer);
                    }
                    self.changed.notify_one();
                }
                end => {
                    queue.has_ended = true;
                    queue.error = end.err();
                    return queue.pop(buffer);
                }
            }
        }
    }
}

impl Queue {
    /// The first chunk, in `buffer`. Without one, how the stream ended.
    fn pop(&mut self, buffer: &mut Vec<u8>) -> io::Result<Option<Span>> {
        let Some((span, text)) = self.chunks.pop_front() else {
            return self.error.take().map_or(Ok(None), Err);
        };
        self.spare.push(std::mem::replace(buffer, text));
        debug_assert!(span.lines.end <= buffer.len(), "{:?} of {} bytes", span.lines, buffer.len());
        Ok(Some(span))
    }
}

/// A worker's turn to read. However it ends, even by a panic, another worker can read next.
struct ReadTurn<'a>(&'a SharedStream);

impl Drop for ReadTurn<'_> {
    fn drop(&mut self) {
        lock(&self.0.queue).is_being_read = false;
        self.0.changed.notify_all();
    }
}

impl Cutter {
    fn next(&mut self, buffer: &mut Vec<u8>) -> io::Result<Option<Span>> {
        let span = self.chunks.next(buffer)?;
        let stored = self.chunks.reader().facts.stored.load(Ordering::Relaxed);
        let taken = stored - std::mem::replace(&mut self.stored, stored);
        Ok(span.map(|span| Span { stored: taken, ..span }))
    }
}
