//! Benchmarks of each stage of the pipeline by itself, to show which stage a change slows down.
//!
//! ```text
//! cargo bench -p ngram-benches              all of them: a few minutes
//! cargo bench -p ngram-benches -- table     those of one stage
//! cargo bench -p ngram-benches -- --test    no timing: only that all answers are right
//! ```
//!
//! Every benchmark first compares its answer with that of a naive algorithm, and only then measures. `benches/compare`
//! measures whole runs of the program beside other programs.

mod inputs;
mod parse;
mod read;
mod table;
mod write;

use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};

fn settings() -> Criterion {
    Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
}

criterion_group! {
    name = stages;
    config = settings();
    targets = read::read, read::split, parse::parse, parse::search, table::table, table::reduce, table::sort, write::write
}
criterion_main!(stages);
