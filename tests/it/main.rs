//! All tests through the command and the public interface, a file for each topic, in one executable. Only
//! `architecture.rs` beside this folder is another one.

mod common;

mod api;
mod bench;
mod bombs;
mod bounds;
mod charts;
mod closed;
mod columns;
mod completions;
mod compressed;
mod count;
mod csv;
mod dependencies;
mod destination;
mod encoding;
mod ends;
mod errors;
mod faults;
mod filters;
mod folders;
mod foreign;
mod formats;
mod hadoop;
mod halfway;
mod input;
mod laws;
mod library;
mod limits;
mod many;
mod mapped;
mod memory;
mod messages;
mod output;
mod places;
mod plot;
mod progress;
mod properties;
mod ranges;
mod reading;
mod readme;
mod replace;
mod results;
mod sample;
mod shrink;
mod signals;
mod spilling;
mod streaming;
#[cfg(not(feature = "postgres"))]
mod tables;
mod text;
mod totals;
mod within;
mod words;
mod years;
