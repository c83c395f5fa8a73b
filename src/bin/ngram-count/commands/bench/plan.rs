//! The plan of a bench: the job, and the points of the sweep.

use std::num::NonZeroUsize;
use std::os::unix::fs::FileTypeExt;

use ngram_count::{Input, Job, default_threads};

use crate::args::BenchOptions;
use crate::commands::bench::axis::Axis;
use crate::commands::bench::point::{Axes, Point};
use crate::error::Error;

/// The job, without the settings of the points.
///
/// # Errors
/// When an input can be read only once, a list of words can't be read, or options contradict each other.
pub(super) fn job(options: &BenchOptions) -> Result<Job, Error> {
    let inputs = inputs(options);
    if let Some(input) = inputs.iter().find(|input| is_read_once(input)) {
        let name = if *input == Input::Stdin { "standard input (-)".into() } else { input.to_string() };
        return Err(Error::Usage(format!(
            "bench counts its input again and again, and {name} can be read only once: name a file"
        )));
    }
    #[cfg(feature = "postgres")]
    if names_pools(options) && !inputs.iter().any(is_table) {
        return Err(Error::Usage(
            "--event-loops and --connections are for tables of PostgreSQL, and no FILE is one: leave them out".into(),
        ));
    }
    let job = options.input.apply(Job::new().inputs(inputs));
    let job = options.text.apply(job)?;
    let job = options.words.apply(job)?;
    let job = options.patterns.apply(job)?;
    let job = options.lines.apply(job)?;
    // One bound for all points: those of the most threads have the least.
    let threads = options.threads.iter().copied().max().unwrap_or_else(default_threads);
    Ok(options.memory.apply(job, threads))
}

fn inputs(options: &BenchOptions) -> Vec<Input> {
    options.files.iter().map(Input::from_name).collect()
}

/// The axes, and all distinct combinations of their values.
pub(super) fn grid(options: &BenchOptions) -> (Axes, Vec<Point>) {
    let has_tables = inputs(options).iter().any(is_table);
    let mut lists: Vec<(Axis, Vec<NonZeroUsize>)> = Vec::new();
    for axis in Axis::ALL {
        let named = named(options, axis);
        let mut values = match (named.as_slice(), has_tables) {
            ([], false) => values_for_files(axis),
            #[cfg(feature = "postgres")]
            ([], true) if !names_pools(options) => values_for_tables(axis),
            ([], true) => Vec::new(),
            _ => named,
        };
        values.sort_unstable();
        values.dedup();
        if !values.is_empty() {
            lists.push((axis, values));
        }
    }
    let axes = if has_tables { axes_of_tables(&lists) } else { Axes::of_files() };
    let mut points = vec![Point::usual()];
    for axis in axes.outer_first() {
        let values = lists.iter().filter(|(other, _)| *other == axis).flat_map(|(_, values)| values.iter().copied());
        let values: Vec<NonZeroUsize> = values.collect();
        points = points.iter().flat_map(|point| values.iter().map(|value| point.with(axis, *value))).collect();
    }
    (axes, points)
}

/// All axes with a list; the lines run along the last one with several values.
fn axes_of_tables(lists: &[(Axis, Vec<NonZeroUsize>)]) -> Axes {
    let shown: Vec<Axis> = lists.iter().map(|(axis, _)| *axis).collect();
    let several = lists.iter().rev().find(|(_, values)| values.len() > 1);
    let along = several.or(lists.last()).map_or(Axis::ChunkSize, |(axis, _)| *axis);
    Axes { shown, along, has_tables: true }
}

/// The values that the user names.
fn named(options: &BenchOptions, axis: Axis) -> Vec<NonZeroUsize> {
    match axis {
        Axis::ChunkSize => options.chunk_sizes.iter().map(|size| size.0).collect(),
        Axis::Threads => options.threads.clone(),
        #[cfg(feature = "postgres")]
        Axis::EventLoops => options.tables.event_loops.clone(),
        #[cfg(feature = "postgres")]
        Axis::Connections => options.tables.connections.clone(),
    }
}

/// Sizes are the powers of four from 16 KiB to 64 MiB.
fn values_for_files(axis: Axis) -> Vec<NonZeroUsize> {
    match axis {
        Axis::ChunkSize => (14..=26).step_by(2).filter_map(|bits| NonZeroUsize::new(1 << bits)).collect(),
        Axis::Threads => vec![NonZeroUsize::MIN, default_threads()],
        #[cfg(feature = "postgres")]
        Axis::EventLoops | Axis::Connections => Vec::new(),
    }
}

/// Few points, as a run of a large table takes seconds.
#[cfg(feature = "postgres")]
fn values_for_tables(axis: Axis) -> Vec<NonZeroUsize> {
    match axis {
        Axis::ChunkSize | Axis::Threads => Vec::new(),
        Axis::EventLoops => vec![NonZeroUsize::MIN, default_threads()],
        Axis::Connections => [1, 2, 6].into_iter().filter_map(NonZeroUsize::new).collect(),
    }
}

#[cfg(feature = "postgres")]
fn names_pools(options: &BenchOptions) -> bool {
    !options.tables.event_loops.is_empty() || !options.tables.connections.is_empty()
}

/// Whether an input is a table of PostgreSQL.
pub(super) fn is_table(input: &Input) -> bool {
    #[cfg(feature = "postgres")]
    if matches!(input, Input::Postgres(_)) {
        return true;
    }
    let _ = input;
    false
}

/// Whether an input is a stream: a pipe, a terminal or another device, a socket. This function must not open a named
/// pipe: closing it again would leave its writer without a reader.
fn is_read_once(input: &Input) -> bool {
    if is_table(input) {
        return false;
    }
    let Input::File(path) = input else { return true };
    let kind = path.metadata().map(|metadata| metadata.file_type());
    kind.is_ok_and(|kind| kind.is_fifo() || kind.is_char_device() || kind.is_socket())
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::args::{Cli, Command};

    /// The axes that are shown, the one along which lines run, and each point in words.
    fn plan(line: &str) -> (Vec<Axis>, Axis, Vec<String>) {
        let cli = Cli::try_parse_from(["ngram-count", "bench"].into_iter().chain(line.split(' '))).unwrap();
        let Some(Command::Bench(options)) = cli.command else { panic!("{line}") };
        let (axes, points) = grid(&options);
        let points = points.iter().map(|point| axes.describe(*point)).collect();
        (axes.shown, axes.along, points)
    }

    #[test]
    fn files_have_chunk_sizes_and_threads() {
        let (shown, along, points) = plan("a.tsv -j 2,1,2 --chunk-sizes 1M,64K,1024K");
        assert_eq!((shown, along), (vec![Axis::ChunkSize, Axis::Threads], Axis::ChunkSize));
        assert_eq!(points, ["64KiB, 1 thread", "1MiB, 1 thread", "64KiB, 2 threads", "1MiB, 2 threads"]);
        let (_, along, points) = plan("a.tsv -j 1,2 --chunk-sizes 1M");
        assert_eq!((along, points.len()), (Axis::ChunkSize, 2));
        let (_, _, points) = plan("a.tsv -j 3");
        assert_eq!(points.len(), 7, "{points:?}");
    }

    #[cfg(feature = "postgres")]
    const URL: &str = "postgres://ann@host/db?table=t";

    #[cfg(feature = "postgres")]
    #[test]
    fn a_table_has_few_points_unless_the_user_names_more() {
        let pools = [Axis::EventLoops, Axis::Connections];
        let (shown, along, points) = plan(&format!("a.tsv {URL}"));
        let loops = if default_threads().get() > 1 { 2 } else { 1 };
        assert_eq!((shown, along, points.len()), (pools.into(), Axis::Connections, 3 * loops));
        assert_eq!(
            points[..3],
            ["1 event loop, 1 connection", "1 event loop, 2 connections", "1 event loop, 6 connections"]
        );

        let (shown, along, points) = plan(&format!("{URL} --connections 3,1"));
        assert_eq!((shown, along), (vec![Axis::Connections], Axis::Connections));
        assert_eq!(points, ["1 connection", "3 connections"]);
    }

    #[cfg(feature = "postgres")]
    #[test]
    fn of_several_lists_all_combinations_are_measured() {
        let (shown, along, points) =
            plan(&format!("{URL} --connections 1,2 --event-loops 1,2 -j 2 --chunk-sizes 1M,4M"));
        assert_eq!((shown, along, points.len()), (Axis::ALL.into(), Axis::Connections, 8));
        assert_eq!(points[1], "1MiB, 2 threads, 1 event loop, 2 connections");
        assert_eq!(points[6], "4MiB, 2 threads, 2 event loops, 1 connection");
        // The lines run along the last axis that has several values.
        let (_, along, points) = plan(&format!("{URL} --connections 2 --event-loops 2 -j 2,1 --chunk-sizes 1M,4M"));
        assert_eq!(along, Axis::Threads);
        assert_eq!(
            points[..2],
            ["1MiB, 1 thread, 2 event loops, 2 connections", "1MiB, 2 threads, 2 event loops, 2 connections"]
        );
    }
}
