//! Select and order: from the merged table to the words that are written, in their order.

pub(crate) mod counts;
pub(crate) mod fold;
pub(crate) mod ordered;
pub(crate) mod select;
pub(crate) mod sort;
pub(crate) mod splitters;
pub(crate) mod stats;
pub(crate) mod totals;
