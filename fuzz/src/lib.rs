//! What the fuzz targets check. Each module is a target: its `check` takes a fuzzer's bytes, and panics on a finding.
//!
//! | target | what must hold |
//! |---|---|
//! | [`rows`] | each format, with any chunks, threads and storage: the result of a naive reader |
//! | [`search`] | the search for a few words finds the sums of a naive reader |
//! | [`law`] | the count of the whole is the count of the counts of its parts, as TSV and as CSV |
//! | [`chunks`] | chunks, threads and readers of any step change nothing, whatever the settings |
//! | [`streams`] | damaged gzip, zstd, bzip2 and xz: what the reference decoder reads, or an error |
//! | [`archive`] | damaged zip: the text that was packed, or an error |
//! | [`totals`], [`words`] | files of total counts and lists of words: as a naive reader reads them |
//! | [`csv`], [`encodings`] | decoding: as a naive reader, and as encoding_rs decodes the whole |
//! | [`spill`] | damaged records of the temporary file; and a bound of memory changes no byte of a result |
//!
//! The first bytes of the data are the settings of a run ([`plan::Plan`]), and the rest is the text, so that seeds stay
//! readable.

pub mod archive;
pub mod chunks;
pub mod csv;
pub mod encodings;
pub mod law;
#[path = "../../tests/it/common/naive.rs"]
mod naive;
mod oracle;
mod plan;
pub mod rows;
pub mod search;
pub mod spill;
pub mod streams;
pub mod totals;
pub mod words;
