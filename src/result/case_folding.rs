//! Merges the case variants of each word, and the forms of each headword, by a second MapReduce over the table.
//! Lower-casing thus costs time for each distinct word, not for each row.

use crate::filter::case::Spelling;
use crate::filter::normal_form::NormalForm;
use crate::result::refill::refill;
use crate::table::rows::Rows;
use crate::table::spill::Record;
use crate::table::{Arena, Detail, Entry, Key, Overflow, Part, Table};

/// A table with one entry for all case variants of a word, under their normal form. Ngrams may have several entries.
///
/// # Errors
/// [`Overflow`] when a sum of the given table passes 2^64-1.
pub(super) fn fold_case<D: Detail>(
    table: Table<D>,
    normal_form: &NormalForm,
) -> Result<Table<CaseVariant<D>>, Overflow> {
    refill(table, |own, part| map(own, part, normal_form))
}

/// The entries of the result that a list of the folded table has.
pub(super) fn unfold<D: Detail>(list: Vec<Entry<CaseVariant<D>>>, spelling: Spelling) -> Vec<Entry<D>> {
    let unpack = |Entry { key, count, detail }: Entry<CaseVariant<D>>| {
        let key = match spelling {
            Spelling::Lower => key,
            Spelling::Commonest => detail.key,
        };
        Entry { key, count, detail: detail.inner }
    };
    list.into_iter().map(unpack).collect()
}

/// Adds the entries of a part to a thread's table, under their normal forms.
fn map<D: Detail>(table: &mut Table<CaseVariant<D>>, part: &Part<D>, normal_form: &NormalForm) {
    let (mut buffer, mut variant) = (Vec::new(), Vec::new());
    for entry in part.lists.iter().flatten() {
        let ngram = entry.key.ngram(&part.arena);
        table.add(normal_form.of(ngram, &mut buffer).into(), entry.count, |arena| CaseVariant {
            key: arena.key_of(normal_form.variant(ngram, &mut variant)),
            // The result of a comparison has the words of both sides.
            count: entry.count.saturating_add(entry.detail.there()),
            inner: entry.detail.moved(&part.arena, arena),
        });
    }
}

/// The commonest spelling of a word so far. Of equally common spellings, the first by its bytes wins.
#[derive(Debug, Clone, Copy)]
pub(super) struct CaseVariant<D> {
    key: Key,
    count: u64,
    inner: D,
}

impl<D: Detail> Detail for CaseVariant<D> {
    const NONE: Self = Self { key: Key::EMPTY, count: 0, inner: D::NONE };
    const GROWS: bool = D::GROWS;

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

    fn compacted(self, from: &[u8], to: &mut Arena) -> Self {
        Self { key: to.key_of(self.key.ngram(from)), inner: self.inner.compacted(from, to), ..self }
    }

    fn write(self, arena: &[u8], to: &mut Vec<u8>) {
        Record::write(&Entry { key: self.key, count: self.count, detail: self.inner }, arena, to);
    }

    fn read(bytes: &mut &[u8], arena: &mut Arena) -> Option<Self> {
        let Record { ngram, count } = Record::read(bytes)?;
        Some(Self { key: arena.key_of(ngram), count, inner: D::read(bytes, arena)? })
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
