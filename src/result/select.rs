//! Selects words from the table (those that the job asks for, frequent ones, the top), and orders the result.

use std::sync::Arc;

use ahash::AHashMap;
use rayon::prelude::*;

use crate::filter::normal_form::NormalForm;
use crate::result::buckets::Buckets;
use crate::result::case_folding::{fold_case, unfold};
use crate::result::corpus::Corpus;
use crate::result::cover::Coverage;
use crate::result::external;
use crate::result::headword_reduce::merge_forms;
use crate::result::line::{Measure, value_of};
use crate::result::number::{Comparison, Number};
use crate::result::order::{Arenas, Order, Sort};
use crate::result::ranks::CountsOfWords;
use crate::result::top::keep_first;
use crate::table::{Arena, Detail, Entry, Overflow, Table};

/// Settings of the selection, and the order of the result.
#[derive(Debug, Clone, Default)]
pub(crate) struct SelectOptions {
    /// The rules by which ngrams count as one.
    pub(crate) normal_form: NormalForm,
    /// The minimum count of a word in the result.
    pub(crate) min_count: u64,
    /// The maximum count of a word in the result, if there is one.
    pub(crate) max_count: Option<u64>,
    /// What the values of a word in the result must be like.
    pub(crate) tests: Vec<Test>,
    /// The share of all counts that the most frequent words make, which stay in the result.
    pub(crate) coverage: Option<Coverage>,
    /// The maximum number of words in the result, the most frequent ones; `None` for all words.
    pub(crate) top: Option<usize>,
    /// The order of which the first words are the top; `None` for that by count.
    pub(crate) top_by: Option<Order>,
    /// The order. `None` means the order of the words that the job asks for, or by count if it asks for none.
    pub(crate) order: Option<Order>,
    /// Whether the ranks among all words are asked for.
    pub(crate) needs_ranks: bool,
}

/// A comparison of a word's value with a number. A word without the value does not pass it.
#[derive(Debug, Clone)]
pub(crate) struct Test {
    pub(crate) measure: Arc<dyn Measure>,
    pub(crate) comparison: Comparison,
    pub(crate) number: Number,
}

impl Test {
    fn passes<D: Detail>(&self, entry: &Entry<D>, arenas: &Arenas) -> bool {
        let value = value_of(&*self.measure, entry, arenas);
        value.is_some_and(|value| self.comparison.holds(value.compare(self.number)))
    }
}

impl SelectOptions {
    /// The selected words of `table` in order. With `words`, the selection has exactly these, with the count 0 for a
    /// word that does not occur. `of_words` makes the entries of the result of those of whole words.
    ///
    /// # Errors
    /// [`Overflow`] when a sum passes 2^64-1. Of several such ngrams, it names the first by its bytes. If the temporary
    /// file fails, the table's [`Spill`](crate::table::spill::Spill) has the error, and the selection is useless.
    pub(crate) fn apply<T: Detail, D: Detail>(
        &self,
        table: Table<T>,
        words: Option<&[Vec<u8>]>,
        corpus: &Corpus,
        of_words: impl Fn(Vec<Entry<T>>, &Arenas) -> Vec<Entry<D>> + Sync,
    ) -> Result<Selected<D>, Overflow> {
        if let Some(spelling) = self.normal_form.ignore_case {
            let folded = fold_case(table, &self.normal_form)?;
            return self.select(folded, words, corpus, |list, arenas| of_words(unfold(list, spelling), arenas));
        }
        let table = match &self.normal_form.headwords {
            Some(headwords) => merge_forms(table, headwords)?,
            None => table,
        };
        self.select(table, words, corpus, of_words)
    }

    /// Removes the words with a count that is too low or too high, and those that fail one of `tests`.
    pub(super) fn retain_in<D: Detail>(&self, lists: &mut [Vec<Entry<D>>], arenas: &Arenas, tests: &[&Test]) {
        let counts = self.min_count..=self.max_count.unwrap_or(u64::MAX);
        if counts != (0..=u64::MAX) || !tests.is_empty() {
            let passes = |entry: &Entry<D>| tests.iter().all(|test| test.passes(entry, arenas));
            let is_kept = |entry: &Entry<D>| counts.contains(&entry.count) && passes(entry);
            lists.par_iter_mut().for_each(|list| list.retain(is_kept));
        }
    }

    /// The order of the words of which the first are the top.
    pub(super) fn top_order(&self) -> Order {
        self.top_by.clone().unwrap_or_else(|| Sort::Count.into())
    }

    /// As [`Self::apply`], for a table of whose lists `unpack` makes those of the result.
    fn select<T: Detail, D: Detail>(
        &self,
        table: Table<T>,
        words: Option<&[Vec<u8>]>,
        corpus: &Corpus,
        unpack: impl Fn(Vec<Entry<T>>, &Arenas) -> Vec<Entry<D>> + Sync,
    ) -> Result<Selected<D>, Overflow> {
        let (mut counts, distinct, is_covered) = if table.is_spilled() {
            external::select(self, table, words.is_some(), corpus, unpack)?
        } else {
            let (lists, arenas) = table.compacted()?.into_entries();
            let counts = Buckets::new(lists.into_par_iter().map(|list| unpack(list, &arenas)).collect(), arenas);
            if self.needs_ranks {
                let counts_of_words = CountsOfWords::default();
                counts.lists.par_iter().for_each(|list| counts_of_words.add(list));
                let _ = corpus.ranks.set(counts_of_words.ranks());
            }
            let distinct = counts.len();
            (counts, distinct, true)
        };
        if counts.is_on_disk() {
            return Ok(Selected { words: counts, distinct, is_covered });
        }
        if let Some(words) = words {
            counts = look_up(counts, words, &self.normal_form);
        }
        let tests: Vec<&Test> = self.tests.iter().collect();
        self.retain_in(&mut counts.lists, &counts.arenas, &tests);
        let covering = self.coverage.map(|share| share.words(&mut counts, corpus.total));
        let max = covering.flatten().into_iter().chain(self.top).min().filter(|&max| max < counts.len());
        if let Some(max) = max {
            keep_first(&mut counts, max, &self.top_order(), words.is_some());
        }
        let default = || Order::from(if words.is_some() { Sort::None } else { Sort::Count });
        counts.partition(self.order.clone().unwrap_or_else(default));
        Ok(Selected { words: counts, distinct, is_covered: covering != Some(None) })
    }
}

/// The selected words, and what is known of all.
#[derive(Debug)]
pub(crate) struct Selected<D> {
    pub(crate) words: Buckets<D>,
    /// The number of distinct ngrams in the table. With case ignored, case variants are one ngram.
    pub(crate) distinct: usize,
    /// Whether the words make the share of all counts that is asked for.
    pub(crate) is_covered: bool,
}

/// The entries of `words`, in the order of `words`. A word that does not occur has the count 0. A word that occurs has
/// the spelling of its entry; a word that does not occur is spelled as it would be.
fn look_up<D: Detail>(mut counts: Buckets<D>, words: &[Vec<u8>], normal_form: &NormalForm) -> Buckets<D> {
    let fold = |ngram: &[u8]| normal_form.of(ngram, &mut Vec::new()).to_vec();
    let entries = counts.lists.iter().flatten();
    let found: AHashMap<Vec<u8>, Entry<D>> = entries.map(|entry| (fold(entry.ngram(&counts.arenas)), *entry)).collect();
    let mut arena = Arena::new(counts.arenas.len() as u16);
    let list = words.iter().map(|word| {
        found.get(&fold(word)).copied().unwrap_or_else(|| {
            let key = arena.key_of(normal_form.spelled(word, &mut Vec::new()));
            Entry { key, count: 0, detail: D::NONE }
        })
    });
    counts.lists = vec![list.collect()];
    counts.arenas.push(arena.into_bytes());
    counts
}
