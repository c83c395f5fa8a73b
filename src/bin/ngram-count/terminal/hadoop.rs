//! Counters and status for Hadoop Streaming, which reads them on a task's standard error.
//!
//! ```text
//! reporter:status:1.50 GB of 4.00 GB (500.00 MB/s)
//! reporter:counter:ngram-count map,rows,27388
//! ```
//!
//! Hadoop adds the counters of all tasks up, and shows the status of each. It ends a task that says nothing for ten minutes
//! (mapreduce.task.timeout); a count of a large input writes its result only at the end, so the status keeps it alive.

use std::env;

use ngram_count::Stats;

use crate::args::Counters;
use crate::terminal::messages;

/// Whether counters are asked for, or the environment says that the process is a task of Hadoop.
pub(crate) fn is_reported(counters: Counters) -> bool {
    match counters {
        Counters::Auto => env::var_os("mapreduce_task_attempt_id").is_some(),
        Counters::Hadoop => true,
        Counters::Off => false,
    }
}

/// Reports the status of the task.
pub(crate) fn status(status: &str) {
    messages::line(format_args!("reporter:status:{status}"));
}

/// Reports the counters at the end. Mappers and reducers have separate groups, because a reducer's rows are a mapper's
/// words.
pub(crate) fn counters(stats: &Stats) {
    let group = match env::var("mapreduce_task_ismap").as_deref() {
        Ok("true") => "ngram-count map",
        Ok("false") => "ngram-count reduce",
        _ => "ngram-count",
    };
    let values =
        [("rows", stats.rows), ("bytes", stats.bytes), ("malformed", stats.malformed), ("distinct", stats.words)];
    for (name, value) in values {
        messages::line(format_args!("reporter:counter:{group},{name},{value}"));
    }
}
