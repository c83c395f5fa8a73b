//! Progress: bytes done, rate and time left. The workers add to one atomic counter, and a thread here reads it. On a
//! terminal the thread draws a bar; into a file it prints a line each second.

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use indicatif::{DecimalBytes, HumanDuration};
use ngram_count::internal::cleanup;

use crate::args::When;
use crate::terminal::bar::{Bar, locked};
use crate::terminal::hadoop;
use crate::terminal::messages;
use crate::terminal::pace::Pace;
use crate::terminal::screen;

/// The progress of a run: a bar on the terminal, or lines in a file. Dropping it ends the thread and removes the bar.
pub(crate) struct Progress {
    running: Option<(Sender<()>, JoinHandle<()>)>,
}

/// The time before a run gets a bar.
const PATIENCE: Duration = Duration::from_millis(300);
/// The time between two drawings of the bar.
const REDRAW: Duration = Duration::from_millis(100);
/// The time between two printed lines.
const LINE: Duration = Duration::from_secs(1);
/// The time between two reports to Hadoop.
const STATUS: Duration = Duration::from_secs(10);

impl Progress {
    /// Starts the progress, which ends at `total` bytes, if known.
    pub(crate) fn start(when: When, total: Option<u64>, done: Arc<AtomicU64>) -> Self {
        // A dumb terminal can't return to the beginning of a line and overwrite it.
        let is_terminal = io::stderr().is_terminal() && !screen::is_dumb();
        let show: fn(Option<u64>, &AtomicU64, &mpsc::Receiver<()>) = match (when, is_terminal) {
            (When::Never, _) | (When::Auto, false) => return Self { running: None },
            (_, true) => draw_bar,
            (When::Always, false) => print_lines,
        };
        Self::spawn(show, total, done)
    }

    fn spawn(show: fn(Option<u64>, &AtomicU64, &mpsc::Receiver<()>), total: Option<u64>, done: Arc<AtomicU64>) -> Self {
        let (stop, stopped) = mpsc::channel();
        let thread = thread::Builder::new().name("progress".into()).spawn(move || show(total, &done, &stopped));
        // Without a thread there is no bar, but the count goes on.
        Self { running: thread.ok().map(|thread| (stop, thread)) }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.running.take() {
            drop(stop);
            // The thread returns nothing, and the count does not fail because its bar failed.
            let _ = thread.join();
        }
    }
}

/// Reports the status of a task to Hadoop until it is dropped.
pub(crate) fn start_status(total: Option<u64>, done: Arc<AtomicU64>) -> Progress {
    Progress::spawn(report_status, total, done)
}

/// Waits for the end of the run, at most for `wait`. Returns whether the run still goes on.
fn still_runs(stopped: &mpsc::Receiver<()>, wait: Duration) -> bool {
    matches!(stopped.recv_timeout(wait), Err(RecvTimeoutError::Timeout))
}

fn draw_bar(total: Option<u64>, done: &AtomicU64, stopped: &mpsc::Receiver<()>) {
    let bar = Bar::new(total);
    if !still_runs(stopped, PATIENCE) {
        return;
    }
    bar.show();
    *drawn() = Some(bar);
    cleanup::set_bar_shown(true);
    loop {
        if let Some(bar) = drawn().as_mut() {
            bar.draw(done.load(Ordering::Relaxed));
        }
        // indicatif leaves the cursor at the end of the line. There, the terminal's own ^C would begin another line,
        // and we would clear that line instead of the bar's.
        let _ = io::stderr().write_all(b"\r");
        if !still_runs(stopped, REDRAW) {
            break;
        }
    }
    clear();
}

/// Shows a message on the bar, if there is one, in place of the bytes.
pub(crate) fn note(message: &str) {
    if let Some(bar) = drawn().as_mut() {
        bar.say(message);
    }
}

/// Removes the bar from the terminal, if there is one.
pub(crate) fn clear() {
    if let Some(bar) = drawn().take() {
        bar.clear();
        cleanup::set_bar_shown(false);
    }
}

/// The bar on the terminal. The bar is global, so that the thread for signals can remove it before it ends the process.
fn drawn() -> MutexGuard<'static, Option<Bar>> {
    static DRAWN: Mutex<Option<Bar>> = Mutex::new(None);
    locked(&DRAWN)
}

fn print_lines(total: Option<u64>, done: &AtomicU64, stopped: &mpsc::Receiver<()>) {
    each_line(LINE, total, done, stopped, |line| messages::say(line));
}

fn report_status(total: Option<u64>, done: &AtomicU64, stopped: &mpsc::Receiver<()>) {
    hadoop::status("counting");
    each_line(STATUS, total, done, stopped, hadoop::status);
}

/// Calls `say` with a line about the run, again and again.
fn each_line(
    interval: Duration,
    total: Option<u64>,
    done: &AtomicU64,
    stopped: &mpsc::Receiver<()>,
    say: impl Fn(&str),
) {
    let mut pace = Pace::new(Instant::now());
    while still_runs(stopped, interval) {
        let done = done.load(Ordering::Relaxed);
        pace.note(Instant::now(), done);
        say(&line(total, done, &pace));
    }
}

/// A printed line, such as `1.50 GB of 4.00 GB, about 5 seconds left (500.00 MB/s)`.
fn line(total: Option<u64>, done: u64, pace: &Pace) -> String {
    let rest = match total.filter(|total| done < *total) {
        Some(total) => {
            let left = pace.left(total).map_or(String::new(), |left| format!(", about {} left", HumanDuration(left)));
            format!(" of {}{left}", DecimalBytes(total))
        }
        None => String::new(),
    };
    format!("{}{rest} ({}/s)", DecimalBytes(done), DecimalBytes(pace.rate() as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_tells_what_is_known() {
        let start = Instant::now();
        let mut pace = Pace::new(start);
        assert_eq!(line(Some(4000), 0, &pace), "0 B of 4.00 kB (0 B/s)");
        pace.note(start + Duration::from_secs(2), 1000);
        assert_eq!(line(Some(4000), 1000, &pace), "1.00 kB of 4.00 kB, about 6 seconds left (500 B/s)");
        assert_eq!(line(Some(1000), 1000, &pace), "1.00 kB (500 B/s)");
        assert_eq!(line(None, 1000, &pace), "1.00 kB (500 B/s)");
    }
}
