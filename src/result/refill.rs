//! The second MapReduce: moves the entries of a table to other ngrams in another table, each thread into a table of its
//! own.

use std::sync::{Arc, Mutex};

use rayon::prelude::*;

use crate::lock::{into_inner, lock};
use crate::table::spill::Spill;
use crate::table::{Detail, Overflow, Part, Table};

/// The tables of the current pool's threads.
pub(super) struct TablesOfThreads<D> {
    tables: Vec<Mutex<Table<D>>>,
    spill: Arc<Spill>,
}

impl<D: Detail> TablesOfThreads<D> {
    pub(super) fn new(spill: &Arc<Spill>) -> Self {
        let tables = (0..rayon::current_num_threads()).map(|_thread| Mutex::new(Table::new(spill))).collect();
        Self { tables, spill: Arc::clone(spill) }
    }

    /// Calls `add` with the table of this thread. `add` must not wait for other threads of the pool.
    pub(super) fn with(&self, add: impl FnOnce(&mut Table<D>)) {
        add(&mut lock(&self.tables[rayon::current_thread_index().unwrap_or_default()]));
    }

    /// One table with all entries. Ngrams may have several entries.
    pub(super) fn merged(self) -> Table<D> {
        let tables = self.tables.into_par_iter().map(into_inner);
        tables.reduce(|| Table::new(&self.spill), Table::merge)
    }
}

/// A table to which `add` adds the entries of `table`, part by part. Ngrams may have several entries.
///
/// # Errors
/// [`Overflow`] when a sum of the given table passes 2^64-1.
pub(super) fn refill<D: Detail, T: Detail>(
    table: Table<D>,
    add: impl Fn(&mut Table<T>, &Part<D>) + Sync,
) -> Result<Table<T>, Overflow> {
    let tables = TablesOfThreads::new(table.spill());
    table.finish(|part| tables.with(|own| add(own, &part)))?;
    Ok(tables.merged())
}
