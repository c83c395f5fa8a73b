//! Tables of PostgreSQL as inputs and outputs, against servers that the tests start themselves. Almost all tests compare with a count
//! of the same rows in a file.

// The helpers of the other tests: of these, we need a part.
#[allow(dead_code)]
#[path = "../it/common/mod.rs"]
mod common;
mod database;
mod server;

mod bench;
mod columns;
mod interruptions;
mod kinds;
mod limits;
mod malformed;
mod output;
mod passwords;
mod permissions;
mod properties;
mod several;
mod shown;
mod signals;
mod stats;
mod targets;
mod tls;
mod transactions;
mod unreachable;
mod words;
mod writers;
