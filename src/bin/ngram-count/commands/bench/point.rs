//! `Point`: the settings of a run, a value for each axis. `Axes`: which of these settings a bench varies.

use std::num::NonZeroUsize;

use ngram_count::Job;

use crate::commands::bench::axis::Axis;

/// The settings of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Point([NonZeroUsize; Axis::ALL.len()]);

impl Point {
    /// The settings of a count without options.
    pub(crate) fn usual() -> Self {
        Self(Axis::ALL.map(Axis::default))
    }

    /// These settings with another value of one axis.
    pub(crate) fn with(mut self, axis: Axis, value: NonZeroUsize) -> Self {
        self.0[axis as usize] = value;
        self
    }

    pub(crate) fn get(self, axis: Axis) -> NonZeroUsize {
        self.0[axis as usize]
    }

    /// The job with these settings.
    pub(crate) fn apply(self, job: Job) -> Job {
        Axis::ALL.into_iter().fold(job, |job, axis| axis.set(job, self.get(axis)))
    }
}

/// The axes of a bench.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Axes {
    /// The axes that the user sees, in the order of columns. All others have their defaults.
    pub(super) shown: Vec<Axis>,
    /// One of them: a block of the table and a line of the picture run along it.
    pub(super) along: Axis,
    /// Whether some inputs are tables of PostgreSQL.
    pub(super) has_tables: bool,
}

impl Axes {
    /// Of files: chunk sizes, with a block and a line for each number of threads.
    pub(super) fn of_files() -> Self {
        Self { shown: vec![Axis::ChunkSize, Axis::Threads], along: Axis::ChunkSize, has_tables: false }
    }

    /// What the inputs are called.
    pub(super) fn inputs(&self) -> &'static str {
        if self.has_tables { "inputs" } else { "files" }
    }

    /// The columns of exports. Those of files are always there, so that a program finds them.
    pub(super) fn exported(&self) -> impl Iterator<Item = Axis> {
        let is_fixed = |axis: &Axis| Self::of_files().shown.contains(axis);
        Axis::ALL.into_iter().filter(move |axis| self.shown.contains(axis) || is_fixed(axis))
    }

    /// The axes from the one that changes least in the order of the results to the one that changes most.
    pub(super) fn outer_first(&self) -> impl Iterator<Item = Axis> {
        self.others().chain([self.along])
    }

    /// The axes that stay the same in a block of the table, and in a line of the picture.
    pub(super) fn others(&self) -> impl Iterator<Item = Axis> {
        self.shown.iter().copied().filter(|axis| *axis != self.along)
    }

    /// Whether two points belong to one block.
    pub(super) fn are_in_line(&self, one: Point, other: Point) -> bool {
        self.others().all(|axis| one.get(axis) == other.get(axis))
    }

    /// A point in a sentence: `64KiB, 2 threads`.
    pub(crate) fn describe(&self, point: Point) -> String {
        describe(self.shown.iter().copied(), point)
    }

    /// What the points of a block have in common: `2 threads`. Empty if there is one block alone.
    pub(super) fn describe_others(&self, point: Point) -> String {
        describe(self.others(), point)
    }

    /// The settings with which nothing goes on at the same time. Speed-ups are relative to them.
    pub(super) fn alone(&self, point: Point) -> Point {
        let parallel = self.shown.iter().filter(|axis| axis.is_parallel());
        parallel.fold(point, |point, axis| point.with(*axis, NonZeroUsize::MIN))
    }
}

fn describe(axes: impl Iterator<Item = Axis>, point: Point) -> String {
    axes.map(|axis| axis.describe(point.get(axis))).collect::<Vec<_>>().join(", ")
}
