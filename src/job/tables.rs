//! Settings of a job: how it reads tables of PostgreSQL.

use std::num::NonZeroUsize;
use std::sync::Arc;

use super::Job;
use crate::filter::FilterOptions;
use crate::read::input::Input;
use crate::read::postgres::Request;

/// Tables of PostgreSQL.
impl Job {
    /// Sets the number of event loops that read a table, each in a thread of its own. The default is
    /// [`default_threads`](crate::default_threads).
    pub fn event_loops(mut self, event_loops: NonZeroUsize) -> Self {
        self.read_options.tables.pools.event_loops = event_loops;
        self
    }

    /// Sets the number of connections of each event loop. The default is
    /// [`DEFAULT_CONNECTIONS`](crate::DEFAULT_CONNECTIONS). If the server takes fewer, the run goes on with those, and
    /// [`InputStats::notes`](crate::InputStats::notes) says so.
    pub fn connections(mut self, connections: NonZeroUsize) -> Self {
        self.read_options.tables.pools.connections = connections;
        self
    }

    /// The number of connections that one table takes; 0 without a table.
    pub(super) fn table_connections(&self) -> usize {
        let has_table = self.inputs.iter().any(|input| matches!(input, Input::Postgres(_)));
        if has_table { self.read_options.tables.pools.connections() } else { 0 }
    }

    /// Derives what a run needs of a table.
    pub(super) fn prepare_tables(&mut self) {
        let needs_volumes = self.parts().is_some() && self.kept.volumes;
        let needs_years = self.read_options.needs.years || needs_volumes || self.needs_sizes;
        let words = if self.counts_all_words() { None } else { words(&self.filter) };
        let tables = &mut self.read_options.tables;
        tables.request = Request { needs_years, needs_volumes, words };
        tables.cancelled = Arc::clone(&self.control.cancelled);
    }
}

/// The words that a server can look up: not where several spellings are one word, or all rows are asked for. A server
/// has no words with a NUL, or that are not UTF-8.
fn words(filter: &FilterOptions) -> Option<Arc<[String]>> {
    let words = filter.words.as_ref().filter(|_| filter.normal_form.is_ngram() && !filter.sums_all)?;
    let words = words.iter().filter_map(|word| String::from_utf8(word.clone()).ok());
    let mut words: Vec<String> = words.filter(|word| !word.contains('\0')).collect();
    // Words that lie together in the index, and often in the table, come in one batch.
    words.sort_unstable();
    words.dedup();
    Some(words.into())
}
