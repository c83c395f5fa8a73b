//! The line numbers of an input: the sum of its chunks' reports, in the order of the input.
//!
//! Workers parse chunks in any order, so a worker does not know the number of lines before its chunk. A report waits
//! here until all chunks before it are done. An example:
//!
//! ```text
//! chunk 2 done: 4 lines                          waits for 0 and 1
//! chunk 1 done: 3 lines, its line 2 malformed    waits for 0
//! chunk 0 done: 10 lines                         sum: 10 lines, then 13: line 10 + 2 = 12 is malformed, then 17
//! ```

use std::collections::BTreeMap;

use crate::parse::report::ChunkReport;

/// The sum of the reports of an input's chunks, and the reports that wait for earlier chunks.
#[derive(Debug, Default)]
pub(crate) struct LineNumbers {
    /// The number of the first chunk that is not in `sum` yet.
    next: u64,
    /// The reports that wait for an earlier chunk.
    early: BTreeMap<u64, ChunkReport>,
    sum: ChunkReport,
}

impl LineNumbers {
    /// Adds the report of chunk number `seq`. The numbers begin at 0, without gaps.
    pub(crate) fn add(&mut self, seq: u64, report: ChunkReport) {
        debug_assert!(seq >= self.next && !self.early.contains_key(&seq), "chunk {seq} is done twice");
        self.early.insert(seq, report);
        while let Some(report) = self.early.remove(&self.next) {
            self.next += 1;
            self.sum.append(report);
        }
    }

    /// The sum of all reports, at the end. A chunk that could not be read leaves a gap: the number of its lines is
    /// unknown, and the sum lacks them.
    pub(crate) fn into_sum(self) -> ChunkReport {
        let mut sum = self.sum;
        self.early.into_values().for_each(|report| sum.append(report));
        sum
    }

    /// Whether a chunk before number `seq` is known to have a malformed line.
    pub(crate) fn has_malformed_before(&self, seq: u64) -> bool {
        self.sum.malformed > 0 || self.early.range(..seq).any(|(_, report)| report.malformed > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::Malformed;

    #[test]
    fn lines_are_numbered_in_the_order_of_the_input() {
        let wrong = |found| Malformed::Fields { expected: &["ngram"], found };
        let mut last = ChunkReport { lines: 4, rows: 4, bytes: 40, ..ChunkReport::default() };
        last.add_malformed(wrong(7));
        let mut middle = ChunkReport { lines: 1, rows: 1, bytes: 30, ..ChunkReport::default() };
        middle.add_malformed(wrong(8));
        middle.add_malformed(wrong(9));
        let first = ChunkReport { lines: 10, rows: 9, bytes: 100, ..ChunkReport::default() };

        let mut line_numbers = LineNumbers::default();
        line_numbers.add(2, last);
        line_numbers.add(1, middle);
        assert_eq!((line_numbers.sum.lines, line_numbers.sum.malformed), (0, 0), "chunk 0 is still under way");
        line_numbers.add(0, first);
        assert!(line_numbers.early.is_empty());
        let sum = line_numbers.into_sum();
        assert_eq!(sum.first_malformed, Some((12, wrong(8))));
        assert_eq!((sum.lines, sum.rows, sum.bytes, sum.malformed), (18, 14, 170, 3));
    }
}
