//! Direct calls of the operating system, and what it tells about this process.

pub mod cleanup;
pub mod proc;
pub(crate) mod raw;
