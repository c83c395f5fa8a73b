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

/// Those that end a process on each system, but for faults of its own.
const ENDING: [i32; 10] = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGXCPU, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF];

/// Those that end a process on Linux, too.
#[cfg(target_os = "linux")]
fn more_ending() -> impl Iterator<Item = i32> {
    [libc::SIGIO, libc::SIGPWR, libc::SIGSTKFLT].into_iter().chain(libc::SIGRTMIN()..=libc::SIGRTMAX())
}

#[cfg(not(target_os = "linux"))]
fn more_ending() -> impl Iterator<Item = i32> {
    std::iter::empty()
}

/// Enough for what the thread does, where memory is short.
const STACK: usize = 256 << 10;

/// Waits for the signals in a thread of its own, which is free to do what a signal handler may not.
pub(crate) fn watch() -> io::Result<()> {
    let ignored = proc::ignored_signals();
    let ending = ENDING.into_iter().chain(more_ending());
    let mut signals = Signals::new(ending.filter(|signal| !is_ignored(*signal, ignored)))?;
    thread::Builder::new().name("signals".into()).stack_size(STACK).spawn(move || {
        if let Some(signal) = signals.forever().next() {
            cleanup::remove_unfinished();
            progress::clear();
            if ![SIGINT, SIGTERM, SIGHUP].contains(&signal) {
                // Where the system does not let it, the status says it at least.
                let _ = emulate_default_handler(signal);
            }
            process::exit(128 + signal);
        }
    })?;
    Ok(())
}

/// Lets a write that would make a file larger than the limit (`ulimit -f`) fail, instead of ending the process.
pub(crate) fn outlive_file_limits() -> io::Result<()> {
    if !is_ignored(SIGXFSZ, proc::ignored_signals()) {
        // Nobody reads the flag. A child process would inherit an ignored signal, but it inherits no handler.
        signal_hook::flag::register(SIGXFSZ, Arc::default())?;
    }
    Ok(())
}

/// Whether a signal is among those that this process was told to ignore when it was started, as by nohup. They stay
/// ignored. If the system does not tell them, none counts as ignored.
fn is_ignored(signal: i32, ignored: Option<u64>) -> bool {
    ignored.unwrap_or(0) >> (signal - 1) & 1 == 1
}
