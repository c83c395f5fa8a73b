//! What is asked of the operating system directly.

pub mod ending;
pub(crate) mod raw;
