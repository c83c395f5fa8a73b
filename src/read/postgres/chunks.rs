//! `TableChunks`: the blocks of a table as chunks for the workers.

use std::io;
use std::sync::{Arc, Mutex, mpsc};
use std::thread::JoinHandle;

use tokio::sync::mpsc::{Receiver, channel};

use super::block::Block;
use super::failure::FailureKind;
use super::pool::{Leading, Pools, start_follower, start_leader};
use super::shared::{PoolOutcome, Shared};
use crate::lock::lock;
use crate::parse::Format;
use crate::read::chunk::Span;
use crate::read::note::{FewerConnections, Note};

/// A table that event loops read.
pub(crate) struct TableChunks {
    shared: Arc<Shared>,
    blocks: Mutex<Blocks>,
    loops: Vec<JoinHandle<()>>,
    pools: Pools,
}

/// The way from the loops, and the place of the next chunk.
struct Blocks {
    receiver: Receiver<Block>,
    next: u64,
    offset: u64,
}

/// The number of blocks that wait for workers.
const MAX_AHEAD: usize = 4;

impl TableChunks {
    /// Connects, makes the plan, and starts the loops.
    ///
    /// # Errors
    /// When the server or the table can't be reached, or a thread can't be started.
    pub(super) fn open(leading: Leading) -> io::Result<Self> {
        let pools = leading.options.pools;
        let (to, receiver) = channel(MAX_AHEAD);
        let (opener, plan) = mpsc::channel();
        let leader = start_leader(leading, to.clone(), opener)?;
        let shared = plan.recv().map_err(|_| io::Error::other("the event loop has ended early"))??;
        let blocks = Mutex::new(Blocks { receiver, next: 0, offset: 0 });
        let mut chunks = Self { shared, blocks, loops: vec![leader], pools };
        for number in 1..pools.event_loops.get() {
            let connections = pools.of_loop(number, &chunks.shared);
            if connections > 0 {
                chunks.loops.push(start_follower(number, connections, Arc::clone(&chunks.shared), to.clone())?);
            }
        }
        Ok(chunks)
    }

    /// The format of the lines.
    pub(crate) fn format(&self) -> Format {
        self.shared.plan.format
    }

    /// The next chunk, in `buffer`; `None` at the end.
    ///
    /// # Errors
    /// What ended the reading early, after all rows before it.
    pub(crate) fn next(&self, buffer: &mut Vec<u8>) -> io::Result<Option<Span>> {
        let mut blocks = lock(&self.blocks);
        let Some(Block { lines, stored }) = blocks.receiver.blocking_recv() else {
            return self.shared.outcome().failure.map_or(Ok(None), |failure| Err(failure.into()));
        };
        let span = Span { seq: blocks.next, lines: 0..lines.len(), offset: blocks.offset, stored };
        blocks.next += 1;
        blocks.offset += lines.len() as u64;
        drop(blocks);
        self.shared.spare.give(std::mem::replace(buffer, lines));
        Ok(Some(span))
    }

    /// A note, if fewer connections read than could have shared the work.
    pub(crate) fn note(&self) -> Option<Note> {
        let PoolOutcome { used, refused, .. } = self.shared.outcome();
        let reason = match refused? {
            FailureKind::TooManyConnections => FewerConnections::Limit,
            FailureKind::NoSnapshot => FewerConnections::NoSnapshot,
            FailureKind::Other => return None,
        };
        let asked = self.pools.connections();
        (used < asked).then_some(Note::FewerConnections { used, asked, reason })
    }
}

impl Drop for TableChunks {
    /// Ends the loops. They cancel their queries, if the run ends early.
    fn drop(&mut self) {
        self.shared.stop();
        lock(&self.blocks).receiver.close();
        for event_loop in self.loops.drain(..) {
            // A loop that has panicked has said so on standard error.
            let _ = event_loop.join();
        }
    }
}
