//! All that reaches the terminal besides results: messages, suggestions, progress; and what a signal does.

mod bar;
pub(crate) mod closed;
pub(crate) mod interrupt;
pub(crate) mod messages;
pub(crate) mod pace;
pub(crate) mod progress;
pub(crate) mod screen;
pub(crate) mod suggest;
