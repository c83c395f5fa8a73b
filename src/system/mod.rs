//! What is asked of the operating system directly.

pub mod ending;
pub mod proc;
pub(crate) mod raw;
