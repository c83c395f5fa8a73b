//! A stream that workers share: one worker reads it for all.
//!
//! Decompressing takes longer than counting, so the worker that reads should go on reading. It leaves its chunks to the
//! other workers, and takes a chunk itself only when more than [`MAX_AHEAD`] wait. An example with the workers A, B and
//! C:
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
//! Workers take the chunks in order, and an error of the stream only after the chunks before it. When a worker meets a
//! malformed line, all earlier lines are therefore done or in the hands of some worker.

use std::collections::VecDeque;
use std::io;
use std::sync::atomic::Ordering;
use std::sync::{Condvar, Mutex, PoisonError};

use crate::lock::lock;
use crate::read::chunk::{Span, StreamChunks};
use crate::read::input::Stream;

/// A stream, and a queue of its chunks that no worker has taken yet.
pub(super) struct SharedStream {
    /// The cutter. The worker that reads holds its lock.
    cutter: Mutex<Cutter>,
    /// The queue. Workers hold its lock only for moments.
    queue: Mutex<ChunkQueue>,
    /// Wakes workers when a chunk is queued, or when no worker reads any more.
    changed: Condvar,
}

/// The stream, cut into chunks, and the number of stored bytes of each chunk.
struct Cutter {
    chunks: StreamChunks<Stream>,
    /// The number of stored bytes of the chunks so far.
    stored: u64,
}

#[derive(Default)]
struct ChunkQueue {
    chunks: VecDeque<(Span, Vec<u8>)>,
    /// Buffers for reuse.
    spare: Vec<Vec<u8>>,
    /// Whether a worker is reading.
    is_being_read: bool,
    /// Whether some worker has waited for a chunk.
    is_shared: bool,
    /// Whether the stream has ended.
    has_ended: bool,
    /// The error that ended the stream, if it failed.
    error: Option<io::Error>,
}

/// The maximum number of waiting chunks with which a worker goes on reading.
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

    /// Reads until this worker should take a chunk itself: until the other workers are too slow, or none is there.
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

impl ChunkQueue {
    /// Takes the first queued chunk, in `buffer`. Without a queued chunk, returns the end or the error of the stream.
    fn pop(&mut self, buffer: &mut Vec<u8>) -> io::Result<Option<Span>> {
        let Some((span, text)) = self.chunks.pop_front() else {
            return self.error.take().map_or(Ok(None), Err);
        };
        self.spare.push(std::mem::replace(buffer, text));
        debug_assert!(span.lines.end <= buffer.len(), "{:?} of {} bytes", span.lines, buffer.len());
        Ok(Some(span))
    }
}

/// A worker's turn to read. When it ends, even by a panic, another worker can read.
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
