//! The plan of a bench: the job, and the points of threads and chunk size.

use std::num::NonZeroUsize;
use std::os::unix::fs::FileTypeExt;

use ngram_count::{Input, Job, default_threads};

use crate::args::BenchOptions;
use crate::commands::bench::Point;
use crate::error::Error;

/// The job, without threads and chunk size.
///
/// # Errors
/// When an input can be read only once, a list of words can't be read, or options contradict each other.
pub(super) fn job(options: &BenchOptions) -> Result<Job, Error> {
    let inputs: Vec<Input> = options.files.iter().map(Input::from_name).collect();
    if let Some(input) = inputs.iter().find(|input| is_read_once(input)) {
        let name = if *input == Input::Stdin { "standard input (-)".into() } else { input.to_string() };
        return Err(Error::Usage(format!(
            "bench counts its input again and again, and {name} can be read only once: name a file"
        )));
    }
    let job = options.input.apply(Job::new().inputs(inputs));
    let job = options.text.apply(job);
    let job = options.words.apply(job)?;
    let job = options.patterns.apply(job)?;
    let job = options.lines.apply(job);
    // One bound for all points: those of the most threads have the least.
    let threads = options.threads.iter().copied().max().unwrap_or_else(default_threads);
    Ok(options.memory.apply(job, threads))
}

/// All distinct pairs of a number of threads and a chunk size.
pub(super) fn points(options: &BenchOptions) -> Vec<Point> {
    let mut threads = match options.threads.as_slice() {
        [] => vec![NonZeroUsize::MIN, default_threads()],
        threads => threads.to_vec(),
    };
    let mut sizes = options.chunk_sizes.clone();
    threads.sort_unstable();
    threads.dedup();
    sizes.sort_by_key(|size| size.0);
    sizes.dedup();
    let with_sizes = |threads| sizes.iter().map(move |size| Point { threads, chunk_size: *size });
    threads.into_iter().flat_map(with_sizes).collect()
}

/// Whether an input is a stream: a pipe, a terminal or another device, a socket. This function must not open a named
/// pipe: closing it again would leave its writer without a reader.
fn is_read_once(input: &Input) -> bool {
    let Input::File(path) = input else { return true };
    let kind = path.metadata().map(|metadata| metadata.file_type());
    kind.is_ok_and(|kind| kind.is_fifo() || kind.is_char_device() || kind.is_socket())
}
