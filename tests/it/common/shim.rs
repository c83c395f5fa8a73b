//! Libraries in C that stand between the command and the system, by `LD_PRELOAD`.

use std::path::PathBuf;

use super::Scratch;
use super::programs::has;

/// A compiled library in a folder of its own.
pub(crate) struct Shim(Scratch);

impl Shim {
    /// Compiles a library; `None` without a C compiler.
    #[track_caller]
    pub(crate) fn of(source: &str) -> Option<Self> {
        if !has("cc") {
            return None;
        }
        let scratch = Scratch::with([("shim.c", source.as_bytes())]);
        let compile = ["-shared", "-fPIC", "-w", "-o", "shim.so", "shim.c", "-ldl"];
        let compiled = scratch.command("cc").args(compile).status();
        assert!(compiled.is_ok_and(|status| status.success()), "the library is not made");
        Some(Self(scratch))
    }

    /// The library's path, for `LD_PRELOAD`.
    pub(crate) fn path(&self) -> PathBuf {
        self.0.path("shim.so")
    }
}
