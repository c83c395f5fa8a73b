//! Tables of PostgreSQL as a source of chunks: several event loops, each in a thread of its own with a pool of
//! connections, read one snapshot of a table.
//!
//! ```text
//!                    plan: ranges of pages, or batches of words
//!                      |  each connection takes the next task
//!       .--------------+--------------.
//!   event loop 0   event loop 1   event loop 2        threads of their own
//!   o o o o o o    o o o o o o    o o o o o o         a pool of 6 connections each
//!       '--------------+--------------'
//!                      |  blocks of whole lines
//!       .--------------+--------------.
//!    worker 0       worker 1       worker 2           the same workers as for files: parse, filter, table
//! ```
//!
//! | files | what they are for |
//! |---|---|
//! | `address`, `password`, `redact` | the URL |
//! | `session`, `tls`, `coalesce`, `cancel`, `failure` | one connection |
//! | `relation`, `columns`, `plan`, `sql` | what to read, and the statements |
//! | `pool`, `work`, `shared` | the event loops, and what a connection does |
//! | `copy_text`, `block`, `chunks` | from rows to the workers |
//!
//! All connections read the snapshot of the first one, so rows committed meanwhile change nothing.

pub(crate) mod address;
mod block;
pub(crate) mod cancel;
mod chunks;
mod coalesce;
mod columns;
mod copy_text;
pub(crate) mod failure;
mod password;
mod plan;
pub(crate) mod pool;
pub(crate) mod redact;
mod relation;
pub(crate) mod session;
mod shared;
pub(crate) mod sql;
mod tls;
mod work;

use std::fmt;
use std::io;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};

use tokio::runtime::Builder;

use self::address::Address;
pub(crate) use self::chunks::TableChunks;
pub(crate) use self::copy_text::fault;
use self::failure::Failure;
pub(crate) use self::plan::Request;
pub use self::pool::DEFAULT_CONNECTIONS;
use self::pool::Leading;
pub(crate) use self::pool::Pools;
use self::redact::redacted;
use self::relation::Relation;
use self::session::Session;

/// Settings for reading tables.
#[derive(Debug, Clone, Default)]
pub(crate) struct TableOptions {
    pub(crate) pools: Pools,
    pub(crate) request: Request,
    /// Whether the caller has ended the run.
    pub(crate) cancelled: Arc<AtomicBool>,
}

/// A table that a URL names. [`Input::from_name`](crate::Input::from_name) makes it.
#[derive(Clone)]
pub struct PostgresTable {
    url: Arc<str>,
    /// The parts of the URL, or what is wrong with it.
    address: Arc<Result<Address, String>>,
    /// The length of the table's pages in bytes, once a check has found it.
    bytes: Arc<OnceLock<Option<u64>>>,
}

impl PostgresTable {
    pub(crate) fn new(url: &str) -> Self {
        let address = Address::parse(url, &|name| std::env::var(name).ok());
        Self { url: url.into(), address: Arc::new(address), bytes: Arc::default() }
    }

    /// Looks the table up, and returns the length of its pages in bytes. `None` for what has no pages, such as a view.
    ///
    /// # Errors
    /// When the server or the table can't be reached.
    pub(crate) fn check(&self) -> io::Result<Option<u64>> {
        if let Some(bytes) = self.bytes.get() {
            return Ok(*bytes);
        }
        let address = self.address()?;
        let bytes = on_a_thread(async || {
            let session = Session::open(address).await?;
            let relation = Relation::find(&session.client, address).await?;
            session.close().await;
            Ok(relation.bytes())
        })?;
        Ok(*self.bytes.get_or_init(|| bytes))
    }

    /// Starts to read the table.
    ///
    /// # Errors
    /// When the server or the table can't be reached, or threads can't be started.
    pub(crate) fn open(&self, options: &TableOptions, block_size: usize) -> io::Result<TableChunks> {
        let bytes = self.check()?.unwrap_or(0);
        TableChunks::open(Leading { address: self.address()?.clone(), options: options.clone(), bytes, block_size })
    }

    /// The table's name, as in the URL; the URL without its password if it names no table.
    pub(crate) fn name(&self) -> String {
        self.address.as_ref().as_ref().map_or_else(|_| self.to_string(), |address| address.table.to_string())
    }

    pub(crate) fn address(&self) -> io::Result<&Address> {
        self.address.as_ref().as_ref().map_err(|reason| io::Error::other(reason.clone()))
    }
}

/// Runs a future on a thread of its own: the caller may have an event loop already, which must not wait.
pub(crate) fn on_a_thread<T: Send>(run: impl AsyncFnOnce() -> Result<T, Failure> + Send) -> io::Result<T> {
    let start = || {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        Ok(runtime.block_on(run())?)
    };
    std::thread::scope(|scope| scope.spawn(start).join().map_err(|_| io::Error::other("the event loop has ended"))?)
}

/// The URL without its password.
impl fmt::Display for PostgresTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&redacted(&self.url))
    }
}

impl fmt::Debug for PostgresTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PostgresTable").field(&redacted(&self.url)).finish()
    }
}

impl PartialEq for PostgresTable {
    fn eq(&self, other: &Self) -> bool {
        self.url == other.url
    }
}

impl Eq for PostgresTable {}
