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

mod count;
mod error;
mod filter;
mod job;
mod parse;
mod printable;
mod read;
mod result;
pub mod sample;
#[doc(hidden)]
pub mod stages;
mod system;
mod table;
pub mod write;

pub use self::error::{Error, Result, plain};
pub use self::filter::case::Spelling;
pub use self::filter::pos::Pos;
pub use self::filter::years::{By, Years};
pub use self::job::{DEFAULT_CHUNK_SIZE, Job, MAX_THREADS, Outcome};
pub use self::parse::{Format, Malformed, Tokens};
pub use self::printable::{is_hidden, printable};
pub use self::read::input::{Compression, Encoding, Input};
pub use self::read::mmap;
pub use self::read::named_input::NamedInput;
pub use self::read::note::Note;
pub use self::result::counts::{Counts, Iter};
pub use self::result::sort::Sort;
pub use self::result::stats::{InputStats, Stats};
pub use self::result::totals::Totals;
pub use self::system::cleanup;
#[doc(hidden)]
pub use self::system::proc;
pub use self::table::history::Period;
pub use self::write as output;
