//! Counts how often words occur, by MapReduce on all cores of one machine: in Google Books Ngram files as they are
//! downloaded, in any text, and in counts made before.
//!
//! ```text
//! files / -   ->  line-aligned chunks  ->  records  ->  one table per worker  ->  tree reduce
//!                 (chunk, feed)            (format)     (count, table: MAP)       (count, table: REDUCE)
//!             ->  select and sort      ->  tsv / csv / json / jsonl
//!                 (select)                 (output)
//! ```
//!
//! A [`Job`] says what is to be counted; running it gives an [`Outcome`] with the [`Counts`]. Ngrams are bytes, not
//! strings: they come out as they went in. Counts are exact 64-bit integers; a sum that would pass 2^64-1 is an error.
//!
//! # Example
//! ```
//! use ngram_count::Job;
//!
//! let outcome = Job::new().input("data/sample-v2.tsv").word("Aardvark").word("no such word").run()?;
//! let found: Vec<(&[u8], u64)> = outcome.counts.iter().collect();
//! assert_eq!(found[0].0, b"Aardvark");
//! assert!(found[0].1 >= 2 + 3 + 10);
//! assert_eq!(found[1], (&b"no such word"[..], 0));
//! # Ok::<(), ngram_count::Error>(())
//! ```

#[cfg(not(target_pointer_width = "64"))]
compile_error!("files are mapped whole, and their lengths taken for lengths of memory: 64 bits are needed");

mod case;
mod chunk;
mod count;
mod counts;
pub mod ending;
mod error;
mod feed;
mod filter;
mod fold;
mod format;
mod history;
mod input;
mod job;
mod ledger;
pub mod map;
mod note;
mod ordered;
pub mod output;
mod pos;
mod printable;
mod raw;
mod regex_case;
pub mod sample;
mod select;
mod sort;
mod splitters;
#[doc(hidden)]
pub mod stages;
mod stats;
mod table;
mod totals;
mod uncovered;
mod words;
mod years;

pub use self::case::Spelling;
pub use self::counts::{Counts, Iter};
pub use self::error::{Error, Result, plain};
pub use self::format::{Format, Malformed, Tokens};
pub use self::history::Period;
pub use self::input::{Compression, Encoding, Input};
pub use self::job::{DEFAULT_CHUNK_SIZE, Job, MAX_THREADS, Outcome};
pub use self::note::Note;
pub use self::pos::Pos;
pub use self::printable::{is_hidden, printable};
pub use self::sort::Sort;
pub use self::stats::{InputStats, Stats};
pub use self::totals::Totals;
pub use self::years::{By, Years};
