//! The seams of an input: where its chunks follow one another.

use std::collections::BTreeMap;
use std::sync::Mutex;

use crate::lock::lock;
use crate::parse::run::Emit;
use crate::parse::text::edge::Edge;
use crate::parse::text::ngrams::NgramLen;

/// The edges of an input's chunks, joined where chunks follow one another. The key is the number of the first chunk.
#[derive(Debug, Default)]
pub(crate) struct Seams(Mutex<BTreeMap<u64, Joined>>);

/// Chunks that follow one another.
#[derive(Debug)]
struct Joined {
    /// The number of the last chunk.
    last: u64,
    edge: Edge,
}

impl Seams {
    /// Adds the edge of chunk number `seq`. Gives the N-grams across the seams with the chunks on both sides to `sink`, if
    /// these chunks are done. Returns the number of these N-grams.
    pub(crate) fn add(&self, seq: u64, edge: Edge, len: NgramLen, sink: &mut impl Emit) -> u64 {
        let (mut first, mut all, mut rows) = (seq, Joined { last: seq, edge }, 0);
        // Other workers may add chunks while this one joins, so that there may be more to join afterwards.
        loop {
            let (before, behind) = {
                let mut joined = lock(&self.0);
                let neighbour = joined.range(..first).next_back().filter(|(_, before)| before.last + 1 == first);
                let neighbour = neighbour.map(|(&number, _)| number);
                let before = neighbour.and_then(|number| Some((number, joined.remove(&number)?)));
                let behind = joined.remove(&(all.last + 1));
                if before.is_none() && behind.is_none() {
                    joined.insert(first, all);
                    return rows;
                }
                (before, behind)
            };
            if let Some((number, before)) = before {
                first = number;
                all.edge = before.edge.join(all.edge, len, &mut rows, sink);
            }
            if let Some(behind) = behind {
                all = Joined { last: behind.last, edge: all.edge.join(behind.edge, len, &mut rows, sink) };
            }
        }
    }
}
