//! The progress bar: bytes done, rate and time left. The workers raise one atomic counter; a thread here looks at it.

use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use indicatif::{DecimalBytes, HumanDuration, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use ngram_count::cleanup;

use crate::args::When;
use crate::terminal::pace::Pace;
use crate::terminal::report;
use crate::terminal::screen::{self, Screen};

/// A bar that is drawn until this is dropped, and then leaves no trace.
pub(crate) struct Progress {
    running: Option<(Sender<()>, JoinHandle<()>)>,
}

/// A run that is over sooner needs no bar.
const PATIENCE: Duration = Duration::from_millis(300);
const REDRAW: Duration = Duration::from_millis(100);
const LINE: Duration = Duration::from_secs(1);

impl Progress {
    /// Starts a bar that ends at `total` bytes, where that is known.
    pub(crate) fn start(when: When, total: Option<u64>, done: Arc<AtomicU64>) -> Self {
        // A dumb terminal can't go back to the beginning of a line and write over it.
        let is_terminal = io::stderr().is_terminal() && !screen::is_dumb();
        let draw: fn(Option<u64>, &AtomicU64, &mpsc::Receiver<()>) = match (when, is_terminal) {
            (When::Never, _) | (When::Auto, false) => return Self { running: None },
            (_, true) => draw_bar,
            (When::Always, false) => print_lines,
        };
        let (stop, stopped) = mpsc::channel();
        let thread = thread::Builder::new().name("progress".into()).spawn(move || draw(total, &done, &stopped));
        // Without a thread for the bar there is no bar; the count goes on.
        Self { running: thread.ok().map(|thread| (stop, thread)) }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.running.take() {
            drop(stop);
            // It has nothing to return, and a bar that failed is no reason for the count to fail.
            let _ = thread.join();
        }
    }
}

/// Whether `wait` passed without the run coming to its end.
fn still_runs(stopped: &mpsc::Receiver<()>, wait: Duration) -> bool {
    matches!(stopped.recv_timeout(wait), Err(RecvTimeoutError::Timeout))
}

fn draw_bar(total: Option<u64>, done: &AtomicU64, stopped: &mpsc::Receiver<()>) {
    let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::hidden());
    let pace = Arc::new(Mutex::new(Pace::new(Instant::now())));
    let style = with_pace(ProgressStyle::default_bar(), &pace);
    bar.set_style(with_template(style, &template(total.is_some(), Screen::of_stdout().width)));
    if !still_runs(stopped, PATIENCE) {
        return;
    }
    bar.set_draw_target(ProgressDrawTarget::stderr());
    *drawn() = Some(bar.clone());
    cleanup::set_bar_shown(true);
    loop {
        let done = done.load(Ordering::Relaxed);
        locked(&pace).note(Instant::now(), done);
        bar.set_position(done);
        bar.tick();
        // The cursor is left behind the bar, at the end of the line. What the terminal itself writes there, such as ^C,
        // would go to the next line, and that one be cleared instead of the bar's.
        let _ = io::stderr().write_all(b"\r");
        if !still_runs(stopped, REDRAW) {
            break;
        }
    }
    clear();
}

/// What the bar shows, in one line of a terminal of so many characters.
fn template(has_total: bool, width: usize) -> String {
    /// What stands beside the bar, at its longest: `100%  999.99 GB of 999.99 GB  999.99 MB/s  59m left`.
    const BESIDE: usize = 56;
    if !has_total {
        return "{spinner} {decimal_bytes}  {pace}  {elapsed}".into();
    }
    match width.checked_sub(BESIDE) {
        None | Some(0) => format!("{{bar:{}}} {{percent:>3}}%  {{left}} left", width.saturating_sub(20).max(1)),
        Some(bar) => format!(
            "{{bar:{}}} {{percent:>3}}%  {{decimal_bytes}} of {{decimal_total_bytes}}  {{pace}}  {{left}} left",
            bar.min(30)
        ),
    }
}

fn with_template(style: ProgressStyle, template: &str) -> ProgressStyle {
    style.template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// What templates call `pace` and `left`. indicatif's own rate is a mean over 15 seconds.
fn with_pace(style: ProgressStyle, pace: &Arc<Mutex<Pace>>) -> ProgressStyle {
    let (one, other) = (Arc::clone(pace), Arc::clone(pace));
    let rate = move |_: &ProgressState, out: &mut dyn fmt::Write| {
        let _ = write!(out, "{}/s", DecimalBytes(locked(&one).rate() as u64));
    };
    let left = move |state: &ProgressState, out: &mut dyn fmt::Write| {
        let _ = match state.len().and_then(|total| locked(&other).left(total)) {
            Some(left) => write!(out, "{:#}", HumanDuration(left)),
            None => write!(out, "?"),
        };
    };
    style.with_key("pace", rate).with_key("left", left)
}

fn locked<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Says on the bar, if there is one, what is being done; in place of the bytes, which are of less interest then.
pub(crate) fn note(message: &str) {
    if let Some(bar) = drawn().as_ref() {
        // Short of the terminal's edge: the ^C of the keyboard would begin another line, and that one be cleared.
        let width = Screen::of_stdout().width.saturating_sub(44).clamp(1, 30);
        bar.set_style(with_template(bar.style(), &format!("{{bar:{width}}} {{percent:>3}}%  {{left}} left  {{msg}}")));
        bar.set_message(message.to_owned());
    }
}

/// Takes the bar from the terminal, if there is one.
pub(crate) fn clear() {
    if let Some(bar) = drawn().take() {
        bar.finish_and_clear();
        cleanup::set_bar_shown(false);
    }
}

/// The bar on the terminal, so that it can be taken away by whoever ends the process.
fn drawn() -> MutexGuard<'static, Option<ProgressBar>> {
    static DRAWN: Mutex<Option<ProgressBar>> = Mutex::new(None);
    locked(&DRAWN)
}

/// The same for a log file.
fn print_lines(total: Option<u64>, done: &AtomicU64, stopped: &mpsc::Receiver<()>) {
    let mut pace = Pace::new(Instant::now());
    while still_runs(stopped, LINE) {
        let done = done.load(Ordering::Relaxed);
        pace.note(Instant::now(), done);
        let rest = match total.filter(|total| done < *total) {
            Some(total) => {
                let left =
                    pace.left(total).map_or(String::new(), |left| format!(", about {} left", HumanDuration(left)));
                format!(" of {}{left}", DecimalBytes(total))
            }
            None => String::new(),
        };
        report::say(format_args!("{}{rest} ({}/s)", DecimalBytes(done), DecimalBytes(pace.rate() as u64)));
    }
}
