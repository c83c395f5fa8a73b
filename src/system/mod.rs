//! Direct calls of the operating system.

pub mod cleanup;
#[doc(hidden)]
pub mod proc;
pub(crate) mod raw;
