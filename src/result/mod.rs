//! Select and order: from the merged table to the words that are written, in their order.

pub(crate) mod buckets;
pub(crate) mod case_folding;
pub(crate) mod counts;
pub(crate) mod order;
pub(crate) mod select;
pub(crate) mod splitters;
pub(crate) mod stats;
pub(crate) mod totals;
