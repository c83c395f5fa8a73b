//! Ctrl-C: the unfinished output is removed, and the exit status is 130 (143 for a plain `kill`, 129 for a closed
//! terminal).

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::progress;

/// What must not be left behind.
static TEMPORARY: Mutex<Option<PathBuf>> = Mutex::new(None);

/// Waits for the signals in a thread of its own, which is free to do what a signal handler may not.
pub(crate) fn watch() -> io::Result<()> {
    let ignored = ignored();
    let mut signals =
        Signals::new([SIGINT, SIGTERM, SIGHUP].into_iter().filter(|signal| ignored >> (signal - 1) & 1 == 0))?;
    thread::Builder::new().name("signals".into()).spawn(move || {
        if let Some(signal) = signals.forever().next() {
            progress::clear();
            if let Some(path) = temporary().take() {
                // There is nobody left to tell if it can't be removed.
                let _ = fs::remove_file(path);
            }
            process::exit(128 + signal);
        }
    })?;
    Ok(())
}

/// The signals that whoever started this process has it ignore, as nohup does, one bit each: they stay ignored. Linux
/// tells under `/proc`; elsewhere none is taken for ignored.
fn ignored() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}

/// Names the file that is removed on a signal; `None` once it is where it belongs.
pub(crate) fn guard(path: Option<&Path>) {
    *temporary() = path.map(Path::to_owned);
    ngram_count::map::remove_when_a_file_shrinks(path);
}

fn temporary() -> MutexGuard<'static, Option<PathBuf>> {
    TEMPORARY.lock().unwrap_or_else(PoisonError::into_inner)
}
