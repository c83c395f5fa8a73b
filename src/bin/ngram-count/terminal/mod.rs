//! The terminal, apart from results: messages, hints, suggestions, progress and signals.

mod bar;
pub(crate) mod closed;
pub(crate) mod hadoop;
pub(crate) mod interrupt;
pub(crate) mod messages;
pub(crate) mod pace;
pub(crate) mod progress;
pub(crate) mod screen;
pub(crate) mod spelling;
pub(crate) mod suggest;
