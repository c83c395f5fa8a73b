//! Direct calls of the operating system, and what it tells about this process.

pub mod cleanup;
mod control_group;
pub mod memory;
pub mod proc;
pub(crate) mod raw;
pub(crate) mod temp_file;
