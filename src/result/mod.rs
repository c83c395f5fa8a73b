//! Selects and orders: from the merged table to the words that are written, in their order.
//!
//! ```text
//! table  ->  second reduce ->  select  ->  buckets (by splitters)  ->  counts
//!            variants, forms   words, top  partition by an order       what the user gets
//! ```
//!
//! Words are selected and ordered by their counts, their bytes, and other values. `line` has what is known of a word, and
//! the trait `Measure` of such values; `corpus` has what all values share. The columns, which stand above, are measures.

pub(crate) mod bucket;
pub(crate) mod buckets;
pub(crate) mod case_folding;
pub(crate) mod comparison;
pub(crate) mod corpus;
pub(crate) mod counts;
pub(crate) mod cover;
mod disk_buckets;
pub(crate) mod dispersion;
mod external;
mod headword_reduce;
pub(crate) mod line;
pub(crate) mod lookup;
pub(crate) mod number;
pub(crate) mod order;
mod partitioner;
pub(crate) mod parts;
pub(crate) mod ranks;
mod refill;
pub(crate) mod rise;
pub(crate) mod select;
pub(crate) mod splitters;
pub(crate) mod stats;
mod top;
pub(crate) mod totals;
