//! Selects and orders: from the merged table to the words that are written, in their order.
//!
//! ```text
//! table  ->  case folding  ->  select  ->  buckets (by splitters)  ->  counts
//!            merge variants    words, top  partition by an order       what the user gets
//! ```

pub(crate) mod bucket;
pub(crate) mod buckets;
pub(crate) mod case_folding;
pub(crate) mod counts;
mod disk_buckets;
pub(crate) mod dispersion;
mod external;
pub(crate) mod lookup;
pub(crate) mod order;
mod partitioner;
pub(crate) mod parts;
pub(crate) mod select;
pub(crate) mod splitters;
pub(crate) mod stats;
pub(crate) mod totals;
