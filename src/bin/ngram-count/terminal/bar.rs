//! The progress bar on a terminal, in any width.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use indicatif::{DecimalBytes, HumanDuration, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use crate::terminal::pace::Pace;
use crate::terminal::screen::Screen;

/// A bar, and the data for its line.
pub(super) struct Bar {
    drawn: ProgressBar,
    pace: Arc<Mutex<Pace>>,
    /// The message in place of the bytes.
    message: Option<String>,
    /// The width of the current line in characters.
    width: usize,
}

impl Bar {
    /// A hidden bar that ends at `total` bytes, if known.
    pub(super) fn new(total: Option<u64>) -> Self {
        let drawn = ProgressBar::with_draw_target(total, ProgressDrawTarget::hidden());
        let pace = Arc::new(Mutex::new(Pace::new(Instant::now())));
        drawn.set_style(with_pace(ProgressStyle::default_bar(), &pace));
        let mut bar = Self { drawn, pace, message: None, width: Screen::of_stdout().width };
        bar.fit();
        bar
    }

    /// Shows the bar on standard error.
    pub(super) fn show(&self) {
        self.drawn.set_draw_target(ProgressDrawTarget::stderr());
    }

    /// Draws the bar with `done` bytes done, in the terminal's current width.
    pub(super) fn draw(&mut self, done: u64) {
        let width = Screen::of_stdout().width;
        if width != self.width {
            self.width = width;
            self.fit();
        }
        locked(&self.pace).note(Instant::now(), done);
        self.drawn.set_position(done);
        self.drawn.tick();
    }

    /// Shows a message in place of the bytes.
    pub(super) fn say(&mut self, message: &str) {
        self.drawn.set_message(message.to_owned());
        self.message = Some(message.to_owned());
        self.fit();
    }

    /// Removes the bar from the terminal.
    pub(super) fn clear(self) {
        self.drawn.finish_and_clear();
    }

    /// Fits the line to the width.
    fn fit(&mut self) {
        let template = template(self.drawn.length().is_some(), self.message.is_some(), self.width);
        let style = self.drawn.style().template(&template).unwrap_or_else(|_| ProgressStyle::default_bar());
        self.drawn.set_style(style);
    }
}

/// The template of the bar's line, for a terminal of `width` characters.
fn template(has_total: bool, has_message: bool, width: usize) -> String {
    /// The maximum width of the text beside the bar: `100% 999.99 GB of 999.99 GB 999.99 MB/s 59m left`.
    const BESIDE: usize = 56;
    if has_message {
        // Keep a distance from the terminal's edge: there, the ^C of the keyboard would begin another line, and we
        // would clear that line.
        let bar = width.saturating_sub(44).clamp(1, 30);
        return format!("{{bar:{bar}}} {{percent:>3}}%  {{left}} left  {{msg}}");
    }
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

/// Defines `pace` and `left` for templates. indicatif's own rate is a mean over 15 seconds.
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

pub(super) fn locked<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_narrow_line_has_no_bytes_and_a_wide_one_no_longer_bar() {
        assert_eq!(template(true, false, 56), "{bar:36} {percent:>3}%  {left} left");
        assert!(template(true, false, 57).starts_with("{bar:1} {percent:>3}%  {decimal_bytes} of "));
        assert_eq!(template(true, false, 86), template(true, false, 500));
        assert_eq!(template(true, false, 0), "{bar:1} {percent:>3}%  {left} left");
        assert_eq!(template(false, false, 10), template(false, false, 500));
        assert!(template(true, true, 40).starts_with("{bar:1} ") && template(true, true, 80).starts_with("{bar:30} "));
    }
}
