//! Merges the case variants of each word, by a second MapReduce over the table. Lower-casing thus costs time for each
//! distinct word, not for each row.

use rayon::prelude::*;

use crate::error::Result;
use crate::filter::case::{Spelling, lower};
use crate::result::buckets::Buckets;
use crate::table::rows::Rows;
use crate::table::{Arena, Detail, Entry, Key, Table};

/// The entries of a table, with one entry for all case variants of a word.
///
/// # Errors
/// [`Error::Overflow`](crate::Error::Overflow) when a sum passes 2^64-1.
pub(crate) fn fold_case<D: Detail>(table: Table<D>, spelling: Spelling) -> Result<Buckets<D>> {
    let (lists, arenas) = table.into_entries();
    let folded: Table<CaseVariant<D>> = lists
        .into_par_iter()
        .fold(Table::default, |table, list| map(table, &list, &arenas))
        .reduce(Table::default, Table::merge)
        .compacted()?;
    let (lists, arenas) = folded.into_entries();
    let unpack = |Entry { key, count, detail }: Entry<CaseVariant<D>>| {
        let key = match spelling {
            Spelling::Lower => key,
            Spelling::Commonest => detail.key,
        };
        Entry { key, count, detail: detail.inner }
    };
    let lists = lists.into_par_iter().map(|list| list.into_iter().map(unpack).collect()).collect();
    Ok(Buckets::new(lists, arenas))
}

/// Adds the entries of a list to a worker's table, under their lower-cased ngrams.
fn map<D: Detail>(mut table: Table<CaseVariant<D>>, list: &[Entry<D>], arenas: &[Vec<u8>]) -> Table<CaseVariant<D>> {
    let mut buffer = Vec::new();
    for entry in list {
        let (ngram, from) = (entry.ngram(arenas), entry.arena(arenas));
        let lower = lower(ngram, &mut buffer);
        table.add(lower.into(), entry.count, |arena| CaseVariant {
            key: arena.key_of(ngram),
            count: entry.count,
            inner: entry.detail.moved(from, arena),
        });
    }
    table
}

/// The commonest spelling of a word so far. Of equally common spellings, the first by its bytes wins.
#[derive(Debug, Clone, Copy)]
struct CaseVariant<D> {
    key: Key,
    count: u64,
    inner: D,
}

impl<D: Detail> Detail for CaseVariant<D> {
    const NONE: Self = Self { key: Key::EMPTY, count: 0, inner: D::NONE };

    /// A variant without a spelling. Folding makes variants of entries, and never calls this function.
    fn of_rows(rows: &Rows, arena: &mut Arena) -> Self {
        Self { inner: D::of_rows(rows, arena), ..Self::NONE }
    }

    fn join(&mut self, later: Self, arena: &mut [u8]) -> Option<()> {
        let is_first = || later.key.ngram(arena) < self.key.ngram(arena);
        if later.count > self.count || later.count == self.count && is_first() {
            (self.key, self.count) = (later.key, later.count);
        }
        self.inner.join(later.inner, arena)
    }

    fn moved(self, from: &[u8], to: &mut Arena) -> Self {
        Self { key: to.key_of(self.key.ngram(from)), inner: self.inner.moved(from, to), ..self }
    }

    fn arena(&self) -> u16 {
        self.inner.arena()
    }

    fn shift(&mut self, by: usize) {
        if self.key.is_long() {
            self.key.shift(by);
        }
        self.inner.shift(by);
    }
}
