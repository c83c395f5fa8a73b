//! An event loop: a thread with a pool of connections. The first loop's first connection leads: it makes the plan, and
//! exports the snapshot that all others read.

use std::future::Future;
use std::io;
use std::num::NonZeroUsize;
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::runtime::Builder;
use tokio::sync::mpsc::Sender;

use super::TableOptions;
use super::address::Address;
use super::block::Block;
use super::failure::{Failure, FailureKind};
use super::plan::Plan;
use super::relation::Relation;
use super::session::{self, Session};
use super::shared::{Shared, cancelled};
use super::sql;
use super::work::{Stopped, work};

/// Begins a transaction that reads one state of the database.
const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// The number of event loops, and of connections of each.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pools {
    pub(crate) event_loops: NonZeroUsize,
    pub(crate) connections: NonZeroUsize,
}

/// The default number of connections of an event loop.
pub const DEFAULT_CONNECTIONS: NonZeroUsize = NonZeroUsize::new(6).expect("not zero");

/// As many event loops as the system runs at once.
impl Default for Pools {
    fn default() -> Self {
        let event_loops = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        Self { event_loops, connections: DEFAULT_CONNECTIONS }
    }
}

impl Pools {
    /// The number of all connections.
    pub(crate) fn connections(self) -> usize {
        self.event_loops.get().saturating_mul(self.connections.get())
    }

    /// The number of connections of loop `number`. No more are needed than there are tasks, and without a snapshot one
    /// connection reads alone.
    pub(super) fn of_loop(self, number: usize, shared: &Shared) -> usize {
        let tasks = if shared.snapshot.is_some() { shared.plan.tasks.len().max(1) } else { 1 };
        let (all, loops) = (self.connections().min(tasks), self.event_loops.get());
        all / loops + usize::from(number < all % loops)
    }
}

/// What the leader needs to know.
pub(super) struct Leading {
    pub(super) address: Address,
    pub(super) options: TableOptions,
    /// The table's length for progress, in bytes.
    pub(super) bytes: u64,
    pub(super) block_size: usize,
}

/// Starts the first loop. Once there is a plan, it sends the plan to the opener, and reads with its own connections.
pub(super) fn start_leader(
    leading: Leading,
    to: Sender<Block>,
    opener: mpsc::Sender<Result<Arc<Shared>, Failure>>,
) -> io::Result<JoinHandle<()>> {
    start(0, async move {
        let TableOptions { pools, cancelled: flag, .. } = leading.options.clone();
        let led = tokio::select! {
            led = lead(leading) => led,
            () = cancelled(&flag) => Err(Failure::new("the run was cancelled")),
        };
        match led {
            Ok((leader, shared)) => {
                let shared = Arc::new(shared);
                // An opener that is gone wants no rows.
                if opener.send(Ok(Arc::clone(&shared))).is_ok() {
                    run_pool(Some(leader), pools.of_loop(0, &shared), &shared, &to).await;
                }
            }
            Err(failure) => {
                let _ = opener.send(Err(failure));
            }
        }
    })
}

/// Starts another loop.
pub(super) fn start_follower(
    number: usize,
    connections: usize,
    shared: Arc<Shared>,
    to: Sender<Block>,
) -> io::Result<JoinHandle<()>> {
    start(number, async move { run_pool(None, connections, &shared, &to).await })
}

fn start(number: usize, run: impl Future<Output = ()> + Send + 'static) -> io::Result<JoinHandle<()>> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    std::thread::Builder::new().name(format!("event-loop-{number}")).spawn(move || runtime.block_on(run))
}

/// Runs all connections of a loop until no task is left.
async fn run_pool(leader: Option<Session>, connections: usize, shared: &Shared, to: &Sender<Block>) {
    let followers = connections - usize::from(leader.is_some());
    let sessions = leader.map(Some).into_iter().chain((0..followers).map(|_| None));
    let mut running: FuturesUnordered<_> = sessions.map(|session| run_connection(session, shared, to)).collect();
    while running.next().await.is_some() {}
}

/// Runs one connection. Without a session, it opens one.
async fn run_connection(session: Option<Session>, shared: &Shared, to: &Sender<Block>) {
    let opened = if let Some(session) = session {
        Ok(session)
    } else {
        tokio::select! {
            opened = follow(shared) => opened,
            () = shared.stopped() => return,
        }
    };
    let session = match opened {
        Ok(session) => session,
        // The others may have finished meanwhile, and the snapshot with them.
        Err(_) if !shared.has_tasks() => return,
        Err(failure) if failure.kind == FailureKind::Other => return shared.fail(failure),
        Err(failure) => return shared.note_refused(failure.kind),
    };
    if !shared.has_tasks() {
        return session.close().await;
    }
    shared.note_used();
    tokio::select! {
        done = work(&session, shared, to) => match done {
            Ok(()) => {}
            Err(Stopped::Failed(failure)) => shared.fail(failure),
            Err(Stopped::NobodyReads) => shared.stop(),
        },
        () = shared.stopped() => session::cancel(&shared.address, session.cancel_token()).await,
    }
    session.close().await;
}

/// Opens a connection that reads the leader's snapshot.
async fn follow(shared: &Shared) -> Result<Session, Failure> {
    let session = Session::open(&shared.address).await?;
    session.client.batch_execute(BEGIN).await?;
    let snapshot = shared.snapshot.as_deref().unwrap_or_default();
    let set = format!("SET TRANSACTION SNAPSHOT {}", sql::literal(snapshot));
    session.client.batch_execute(&set).await.map_err(|error| Failure::from(error).of_kind(FailureKind::NoSnapshot))?;
    Ok(session)
}

/// Opens the first connection, looks the table up, and plans the tasks.
async fn lead(leading: Leading) -> Result<(Session, Shared), Failure> {
    let Leading { address, options: TableOptions { request, pools, cancelled }, bytes, block_size } = leading;
    let session = Session::open(&address).await?;
    let client = &session.client;
    client.batch_execute(BEGIN).await?;
    let relation = Relation::find(client, &address).await?;
    let plan = Plan::new(client, &relation, &request, pools.connections(), bytes).await?;
    let snapshot = if let Ok(rows) = client.query_typed("SELECT pg_export_snapshot()", &[]).await {
        rows.first().map(|row| row.try_get(0)).transpose()?
    } else {
        // The failed statement has ended the transaction: a new one reads alone.
        client.batch_execute("ROLLBACK").await?;
        client.batch_execute(BEGIN).await?;
        None
    };
    let reads_alone = snapshot.is_none() && plan.tasks.len() > 1;
    let shared = Shared::new(address, plan, snapshot, block_size, cancelled);
    if reads_alone {
        shared.note_refused(FailureKind::NoSnapshot);
    }
    Ok((session, shared))
}
