//! `Shared`: what all event loops of a table share: the tasks that are left, the way to stop, and what became of the
//! connections.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::sleep;

use super::address::Address;
use super::block::Spare;
use super::failure::{Failure, FailureKind};
use super::plan::{Plan, Task};
use crate::lock::lock;

/// How often a loop looks whether the caller has ended the run.
const LOOK: Duration = Duration::from_millis(20);

pub(super) struct Shared {
    pub(super) address: Address,
    pub(super) plan: Plan,
    /// The number of the next task.
    next: AtomicUsize,
    /// The snapshot that all connections read; `None` if the server exports none.
    pub(super) snapshot: Option<String>,
    /// The approximate length of a block in bytes.
    pub(super) block_size: usize,
    pub(super) spare: Spare,
    /// Tells the connections to end early.
    stop: watch::Sender<bool>,
    /// Whether the caller has ended the run.
    cancelled: Arc<AtomicBool>,
    outcome: Mutex<PoolOutcome>,
}

/// What became of the connections.
#[derive(Debug, Default, Clone)]
pub(super) struct PoolOutcome {
    /// The first failure that ended the reading.
    pub(super) failure: Option<Failure>,
    /// The number of connections that read.
    pub(super) used: usize,
    /// Why others could not.
    pub(super) refused: Option<FailureKind>,
}

impl Shared {
    pub(super) fn new(
        address: Address,
        plan: Plan,
        snapshot: Option<String>,
        block_size: usize,
        cancelled: Arc<AtomicBool>,
    ) -> Self {
        Self {
            address,
            plan,
            next: AtomicUsize::new(0),
            snapshot,
            block_size,
            spare: Spare::default(),
            stop: watch::Sender::new(false),
            cancelled,
            outcome: Mutex::default(),
        }
    }

    /// The next task; `None` when all are taken.
    pub(super) fn next_task(&self) -> Option<&Task> {
        self.plan.tasks.get(self.next.fetch_add(1, Ordering::Relaxed))
    }

    /// Whether some task is not taken.
    pub(super) fn has_tasks(&self) -> bool {
        self.next.load(Ordering::Relaxed) < self.plan.tasks.len()
    }

    /// Notes that a connection reads.
    pub(super) fn note_used(&self) {
        lock(&self.outcome).used += 1;
    }

    /// Notes that a connection can't read, and others go on without it.
    pub(super) fn note_refused(&self, kind: FailureKind) {
        lock(&self.outcome).refused.get_or_insert(kind);
    }

    /// Notes a failure, and ends the reading.
    pub(super) fn fail(&self, failure: Failure) {
        lock(&self.outcome).failure.get_or_insert(failure);
        self.stop();
    }

    /// Tells all connections to end.
    pub(super) fn stop(&self) {
        self.stop.send_replace(true);
    }

    /// Waits until the connections should end early.
    pub(super) async fn stopped(&self) {
        let mut stop = self.stop.subscribe();
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => {}
            () = cancelled(&self.cancelled) => {}
        }
    }

    pub(super) fn outcome(&self) -> PoolOutcome {
        lock(&self.outcome).clone()
    }
}

/// Waits until the caller ends the run.
pub(super) async fn cancelled(flag: &AtomicBool) {
    while !flag.load(Ordering::Relaxed) {
        sleep(LOOK).await;
    }
}
