//! Signals: Ctrl-C and others end the run without leaving an unfinished output behind. For Ctrl-C, the exit status is
//! 130, for a plain `kill` 143, for a closed terminal 129; others end the process as they do by default.

use std::io;
use std::process;
use std::sync::Arc;
use std::thread;

use ngram_count::internal::{cleanup, proc};
use signal_hook::consts::{
    SIGALRM, SIGHUP, SIGINT, SIGPROF, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGVTALRM, SIGXCPU, SIGXFSZ,
};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

use crate::terminal::progress;

/// Signals that end a process on every system, except those for its own faults.
const ENDING: [i32; 10] = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGXCPU, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF];

/// More signals that end a process on Linux.
#[cfg(target_os = "linux")]
fn more_ending() -> impl Iterator<Item = i32> {
    [libc::SIGIO, libc::SIGPWR, libc::SIGSTKFLT].into_iter().chain(libc::SIGRTMIN()..=libc::SIGRTMAX())
}

#[cfg(not(target_os = "linux"))]
fn more_ending() -> impl Iterator<Item = i32> {
    std::iter::empty()
}

/// The thread's stack size in bytes: small, since memory may be short.
const STACK: usize = 256 << 10;

/// Waits for the signals in a separate thread, because a signal handler may call only few functions.
pub(crate) fn watch() -> io::Result<()> {
    let ignored = proc::ignored_signals();
    let ending = ENDING.into_iter().chain(more_ending());
    let mut signals = Signals::new(ending.filter(|signal| !is_ignored(*signal, ignored)))?;
    thread::Builder::new().name("signals".into()).stack_size(STACK).spawn(move || {
        if let Some(signal) = signals.forever().next() {
            cleanup::remove_unfinished();
            progress::clear();
            #[cfg(feature = "postgres")]
            ngram_count::internal::cancel_queries();
            if ![SIGINT, SIGTERM, SIGHUP].contains(&signal) {
                // If the system does not permit it, at least the status tells the signal.
                let _ = emulate_default_handler(signal);
            }
            process::exit(128 + signal);
        }
    })?;
    Ok(())
}

/// Makes a write beyond the limit of file sizes (`ulimit -f`) fail, instead of ending the process.
pub(crate) fn outlive_file_limits() -> io::Result<()> {
    if !is_ignored(SIGXFSZ, proc::ignored_signals()) {
        // No code reads the flag. A child process would inherit an ignored signal, but inherits no handler.
        signal_hook::flag::register(SIGXFSZ, Arc::default())?;
    }
    Ok(())
}

/// Whether this process started with the signal ignored, as by nohup. Such a signal stays ignored. If the system does
/// not tell, no signal counts as ignored.
fn is_ignored(signal: i32, ignored: Option<u64>) -> bool {
    ignored.unwrap_or(0) >> (signal - 1) & 1 == 1
}
