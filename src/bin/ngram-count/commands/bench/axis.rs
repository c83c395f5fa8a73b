//! `Axis`: one parameter of a count that a bench tries several values of. What there is to know about each stands here:
//! its names, its default, and how a job takes it.

use std::num::NonZeroUsize;

#[cfg(feature = "postgres")]
use ngram_count::DEFAULT_CONNECTIONS;
use ngram_count::{DEFAULT_CHUNK_SIZE, Job, default_threads};

use crate::args::Size;

/// A parameter of a count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Axis {
    ChunkSize,
    Threads,
    #[cfg(feature = "postgres")]
    EventLoops,
    #[cfg(feature = "postgres")]
    Connections,
}

/// The names of an axis.
struct Names {
    /// In JSON and CSV.
    field: &'static str,
    /// In the table on the terminal.
    header: &'static str,
    /// In Markdown and in the picture.
    title: &'static str,
    /// The option of the count.
    option: &'static str,
    /// What one of it is called, if the values are numbers of something.
    one: Option<&'static str>,
}

impl Axis {
    /// All axes, in the order of columns and of options.
    #[cfg(not(feature = "postgres"))]
    pub(crate) const ALL: [Self; 2] = [Self::ChunkSize, Self::Threads];
    #[cfg(feature = "postgres")]
    pub(crate) const ALL: [Self; 4] = [Self::ChunkSize, Self::Threads, Self::EventLoops, Self::Connections];

    fn names(self) -> Names {
        let (field, header, title, option, one) = match self {
            Self::ChunkSize => ("chunk_size", "chunk", "chunk size", "--chunk-size", None),
            Self::Threads => ("threads", "threads", "threads", "--threads", Some("thread")),
            #[cfg(feature = "postgres")]
            Self::EventLoops => ("event_loops", "loops", "event loops", "--event-loops", Some("event loop")),
            #[cfg(feature = "postgres")]
            Self::Connections => ("connections", "connections", "connections", "--connections", Some("connection")),
        };
        Names { field, header, title, option, one }
    }

    /// The value of a count without the option.
    pub(super) fn default(self) -> NonZeroUsize {
        match self {
            Self::ChunkSize => DEFAULT_CHUNK_SIZE,
            Self::Threads => default_threads(),
            #[cfg(feature = "postgres")]
            Self::EventLoops => default_threads(),
            #[cfg(feature = "postgres")]
            Self::Connections => DEFAULT_CONNECTIONS,
        }
    }

    pub(super) fn set(self, job: Job, value: NonZeroUsize) -> Job {
        match self {
            Self::ChunkSize => job.chunk_size(value),
            Self::Threads => job.threads(value),
            #[cfg(feature = "postgres")]
            Self::EventLoops => job.event_loops(value),
            #[cfg(feature = "postgres")]
            Self::Connections => job.connections(value),
        }
    }

    /// Whether the advice leaves the option out where the value is the default, although several were tried. Everyone
    /// takes it that a program uses all cores.
    pub(super) fn is_understood(self) -> bool {
        self == Self::Threads
    }

    /// Whether larger values let more work go on at the same time. Speed-up is relative to the value 1.
    pub(super) fn is_parallel(self) -> bool {
        self.names().one.is_some()
    }

    pub(super) fn field(self) -> &'static str {
        self.names().field
    }

    pub(super) fn header(self) -> &'static str {
        self.names().header
    }

    pub(super) fn title(self) -> &'static str {
        self.names().title
    }

    /// The title in a sentence: `chunk size`, `number of threads`.
    pub(super) fn quantity(self) -> String {
        let Names { title, one, .. } = self.names();
        if one.is_some() { format!("number of {title}") } else { title.into() }
    }

    /// A value in a table: `64KiB`, `2`.
    pub(super) fn show(self, value: NonZeroUsize) -> String {
        if self == Self::ChunkSize { Size(value).to_string() } else { value.to_string() }
    }

    /// A value in a sentence: `64KiB`, `1 thread`, `2 threads`.
    pub(super) fn describe(self, value: NonZeroUsize) -> String {
        let number = self.show(value);
        match self.names().one {
            Some(one) if value == NonZeroUsize::MIN => format!("{number} {one}"),
            Some(one) => format!("{number} {one}s"),
            None => number,
        }
    }

    /// The option with a value, to copy: `--threads 2`.
    pub(super) fn option(self, value: NonZeroUsize) -> String {
        format!("{} {}", self.names().option, self.show(value))
    }
}
