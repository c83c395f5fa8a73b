//! The headings of `--help`, in the order of the pipeline. Each group of options names its own.

pub(super) const COUNTED: &str = "What is counted";
pub(super) const WORDS: &str = "Which words";
pub(super) const LINES: &str = "Which lines";
pub(super) const LOOK: &str = "How it looks";
pub(super) const MACHINE: &str = "The machine";
pub(super) const MESSAGES: &str = "Messages";
