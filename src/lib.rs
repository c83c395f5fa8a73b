//! Counts how often ngrams occur, by MapReduce on all cores of one machine: in Google Books Ngram files as they are
//! downloaded, in any text, and in counts that this crate made before.
//!
//! ```text
//! inputs  ->  line-aligned chunks       all workers take chunks, from all inputs at once
//!         ->  map                       each worker adds the ngrams of its chunks to a hash table of its own
//!         ->  tree reduce               the tables are merged, two by two
//!         ->  select and sort           by count or by word; the most frequent alone
//!         ->  write                     TSV, CSV or JSON
//! ```
//!
//! A [`Job`] says what to count. [Running it](Job::run) gives an [`Outcome`] with the [`Counts`]. Ngrams are bytes, not
//! strings: they come out as they went in. Counts are exact 64-bit integers; a sum that passes 2^64-1 is an error. The
//! same input gives the same result, whatever the size of chunks and the number of threads.
//!
//! The command `ngram-count` is the feature `cli`, which is on by default. A program that needs the library alone
//! depends on it with `default-features = false`. The features `bzip2` and `xz`, on by default, read these compressions;
//! without them, such an input is an error. The feature `normalize` has the normal forms of Unicode.
//!
//! # Examples
//!
//! Count files. The job detects their format and compression from their first bytes:
//!
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
//!
//! Count bytes in memory, or the bytes of a reader:
//!
//! ```
//! use ngram_count::{Input, Job};
//!
//! let poem = Input::from_bytes("a poem", "a rose is a rose is a rose\n");
//! let reader = Input::from_reader("a stream", std::io::Cursor::new("a rose\n"));
//! let outcome = Job::new().inputs([poem, reader]).run()?;
//! let found: Vec<(&[u8], u64)> = outcome.counts.iter().collect();
//! assert_eq!(found[..2], [(&b"a"[..], 4), (&b"rose"[..], 4)]);
//! # Ok::<(), ngram_count::Error>(())
//! ```
//!
//! Show progress: the run adds the bytes that it has read to a counter, and another thread reads the counter. A flag
//! lets that thread [end the run](Job::cancel), too:
//!
//! ```
//! use std::sync::Arc;
//! use std::sync::atomic::{AtomicU64, Ordering};
//! use std::thread;
//! use std::time::Duration;
//!
//! use ngram_count::Job;
//!
//! let done = Arc::new(AtomicU64::new(0));
//! let job = Job::new().input("data/sample-v2.tsv.gz").progress(Arc::clone(&done));
//! // `None` for inputs without a size, such as a pipe.
//! let total = job.stored_bytes();
//!
//! let run = thread::spawn(|| job.run());
//! while !run.is_finished() {
//!     match total {
//!         Some(total) => println!("{} %", 100 * done.load(Ordering::Relaxed) / total.max(1)),
//!         None => println!("{} bytes", done.load(Ordering::Relaxed)),
//!     }
//!     thread::sleep(Duration::from_millis(100));
//! }
//! let outcome = run.join().expect("a run does not panic")?;
//! assert_eq!(Some(done.load(Ordering::Relaxed)), total);
//! # assert!(!outcome.counts.is_empty());
//! # Ok::<(), ngram_count::Error>(())
//! ```
//!
//! Count by years:
//!
//! ```
//! use ngram_count::{By, Job, Years};
//!
//! let job = Job::new().input("data/sample-v3.tsv").word("Aardvark").years(Years::new(1900, 1999)?);
//! let outcome = job.by(By::Decade).run()?;
//! for (ngram, decades) in outcome.counts.histories() {
//!     for decade in decades {
//!         println!("{} in the {}s: {}", String::from_utf8_lossy(ngram), decade.year, decade.count);
//!     }
//! }
//! # assert!(!outcome.counts.is_empty());
//! # Ok::<(), ngram_count::Error>(())
//! ```
//!
//! Handle errors. A message names the input, the line and the reason; programs match on the variant:
//!
//! ```
//! use ngram_count::{Error, Job};
//!
//! match Job::new().input("missing.tsv").run() {
//!     Ok(outcome) => println!("{} ngrams", outcome.counts.len()),
//!     Err(Error::Open { input, .. }) => eprintln!("there is no {input}"),
//!     Err(Error::Malformed { input, line, reason, .. }) => eprintln!("{input}, line {line}: {reason}"),
//!     Err(error) => eprintln!("{error}"),
//! }
//! ```
//!
//! # Stages
//!
//! The folders of `src` are the stages of the pipeline, and `count.rs` joins them:
//!
//! | folder | takes | gives |
//! |---|---|---|
//! | `job` | what the caller asks for | a run, and its [`Outcome`] |
//! | `read` | [`Input`]s: files, streams, memory; plain or compressed | line-aligned chunks of text |
//! | `parse` | chunks, in one of the [`Format`]s | runs of rows: an ngram and its count |
//! | `filter` | ngrams | whether each is counted |
//! | `table` | ngrams and counts | a table of each worker (map), and one table of all (reduce) |
//! | `result` | the table | [`Counts`]: selected and in order |
//! | `write` | counts | bytes in a file or a stream: see [`write`](mod@write) |
//!
//! # Glossary
//!
//! - **ngram**: one word, or several with a space between them, as bytes.
//! - **match_count**: how often an ngram occurs in a year. A count is the sum of match_counts.
//! - **volume_count**: how many books of a year have the ngram.
//! - **row**: an ngram, a year and its counts. In v1 and v2, a line is a row; in v3, a line is all rows of an ngram.
//! - **run**: consecutive rows of one ngram. The parser sums them, so a run costs the table one addition. (Also: one
//!   call of [`Job::run`].)
//! - **chunk**: about a MiB of whole lines of one input. One worker counts it.
//! - **worker**: a thread, with a table of its own.
//! - **shard**: the part of a table that the first bits of an ngram's hash choose. Two tables are merged shard by
//!   shard.
//! - **compact**: to sum the duplicate entries of a shard. A shard is an append-only log between two compactions.
//! - **history**: the counts of an ngram in each year.
//! - **totals**: how many words the whole corpus has in each year.
//!
//! # Mapped files
//!
//! Plain files are read by position unless the program calls [`mmap::enable`]. Counting mapped files is faster, but a
//! mapped file that shrinks meanwhile ends the process.

#[cfg(not(target_pointer_width = "64"))]
compile_error!("files are mapped whole, and their lengths taken for lengths of memory: 64 bits are needed");

mod count;
mod error;
mod filter;
mod job;
mod lock;
mod parse;
mod printable;
mod read;
mod result;
#[cfg(feature = "unstable-stages")]
#[doc(hidden)]
pub mod stages;
mod system;
mod table;
mod text_slice;
pub mod write;

pub use self::error::{Error, Result};
pub use self::filter::InvalidRegex;
pub use self::filter::case::Spelling;
pub use self::filter::headwords::InvalidMap;
pub use self::filter::pos::Pos;
#[cfg(feature = "normalize")]
pub use self::filter::unicode_form::Normalization;
pub use self::filter::words::InvalidWord;
pub use self::filter::years::{By, InvalidYears, Years};
pub use self::job::{DEFAULT_CHUNK_SIZE, Job, MAX_THREADS, Outcome, ShareOf, default_threads};
pub use self::parse::{Format, Malformed, Tokens, Within};
pub use self::read::input::{Compression, Encoding, Input};
pub use self::read::mmap;
pub use self::read::named_input::NamedInput;
pub use self::read::note::{FewerConnections, Note};
pub use self::read::part::FilePart;
#[cfg(feature = "postgres")]
pub use self::read::postgres::{DEFAULT_CONNECTIONS, PostgresTable};
pub use self::read::unpack::unsupported::{Remedy, Unsupported};
pub use self::result::counts::{Counts, Iter};
pub use self::result::cover::{Coverage, InvalidCoverage};
pub use self::result::order::Sort;
pub use self::result::stats::{InputStats, Stats};
pub use self::result::totals::{BeyondTotals, Totals};
pub use self::table::rows::Period;

/// Items for the command alone. They are no part of the public interface, and change without notice.
#[doc(hidden)]
pub mod internal {
    pub use crate::error::plain;
    pub use crate::printable::{is_hidden, printable};
    pub use crate::read::names::names;
    #[cfg(feature = "postgres")]
    pub use crate::read::postgres::cancel::cancel_queries;
    pub use crate::read::table_url::is_table_url;
    pub use crate::system::{cleanup, memory, proc};
    pub use crate::write::broken_pipe::unless_reader_is_gone;
    pub use crate::write::cell::Cell;
    pub use crate::write::destination::close_stdout;
    pub use crate::write::text_table::TextTable;
}
