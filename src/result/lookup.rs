//! `Lookup`: a hash index over the entries of a result, for [`Counts::get`](crate::Counts::get).

use crate::result::buckets::Buckets;
use crate::table::{Detail, Entry, Key, hash_long};

/// A hash table by open addressing with linear probing. A slot holds the number of an entry in the order of the lists,
/// or [`FREE`].
///
/// The first bits of the hash choose the slot. They also chose the shard that a list comes from. Building therefore
/// fills the slots from one end to the other, while random order would cost a cache miss for each entry.
#[derive(Debug)]
pub(crate) struct Lookup {
    /// The slots: a power of two of them. At most half are in use, so that probes are short.
    slots: Vec<u32>,
    /// The shift to the right that turns a hash into the number of a slot.
    shift: u32,
    /// The number of the first entry of each list.
    starts: Vec<usize>,
}

const FREE: u32 = u32::MAX;

impl Lookup {
    /// An index of all entries.
    pub(crate) fn of<D: Detail>(words: &Buckets<D>) -> Self {
        let starts = words.lists.iter().scan(0, |next, list| Some(std::mem::replace(next, *next + list.len())));
        let mut lookup = Self { slots: Vec::new(), shift: 0, starts: starts.collect() };
        // A result of 2^32 ngrams takes 128 GiB. Without an index, we search it from one end to the other.
        if words.len() >= FREE as usize {
            return lookup;
        }
        lookup.slots = vec![FREE; (2 * words.len()).next_power_of_two().max(2)];
        lookup.shift = u64::BITS - lookup.slots.len().trailing_zeros();
        for (number, entry) in (0..FREE).zip(words.lists.iter().flatten()) {
            let arena = if entry.key.is_long() { &words.arenas[usize::from(entry.key.arena())][..] } else { &[] };
            let free = lookup.probes(entry.key.hash(arena)).find(|&slot| lookup.slots[slot] == FREE);
            lookup.slots[free.expect("half of the slots are free")] = number;
        }
        lookup
    }

    /// The entry of an ngram.
    pub(crate) fn find<'a, D: Detail>(&self, words: &'a Buckets<D>, ngram: &[u8]) -> Option<&'a Entry<D>> {
        if self.slots.is_empty() {
            return words.lists.iter().flatten().find(|entry| entry.ngram(&words.arenas) == ngram);
        }
        let hash = Key::short(ngram).map_or_else(|| hash_long(ngram), |key| key.hash_short());
        let entries = self.probes(hash).map(|slot| self.slots[slot]).take_while(|&number| number != FREE);
        let mut entries = entries.map(|number| self.entry(words, number as usize));
        entries.find(|entry| entry.ngram(&words.arenas) == ngram)
    }

    /// The numbers of all slots, from the slot of a hash on.
    fn probes(&self, hash: u64) -> impl Iterator<Item = usize> + use<> {
        debug_assert!(self.slots.len().is_power_of_two());
        let (first, mask) = ((hash >> self.shift) as usize, self.slots.len() - 1);
        (0..=mask).map(move |step| (first + step) & mask)
    }

    fn entry<'a, D: Detail>(&self, words: &'a Buckets<D>, number: usize) -> &'a Entry<D> {
        // Empty lists start where the next list does. The last list with this start has the entry.
        let list = self.starts.partition_point(|&start| start <= number) - 1;
        &words.lists[list][number - self.starts[list]]
    }
}
