//! Messages on standard error: errors, notes and statistics.

use std::ffi::OsString;
use std::fmt::Display;
use std::io::{self, Write};

use anstream::AutoStream;
use clap::builder::styling::AnsiColor;
use indicatif::{HumanBytes, HumanCount};
use ngram_count::internal::{cleanup, printable};
use ngram_count::write::Written;
use ngram_count::{Note, Stats};

use crate::args::StatsFormat;
use crate::error::Error;
use crate::hint;
use crate::terminal::suggest::message;

/// Writes an error's message, with hints and suggestions. `files` are the files to count.
pub(crate) fn error(error: &Error, files: &[OsString]) {
    match error {
        Error::Library(error) => errors(std::slice::from_ref(error), files),
        Error::Usage(text) => error_line(text),
    }
}

/// Writes the messages of several errors of the library.
pub(crate) fn errors(errors: &[ngram_count::Error], files: &[OsString]) {
    for error in errors {
        match error {
            ngram_count::Error::Several(errors) => self::errors(errors, files),
            error => error_line(&message(error, files)),
        }
    }
}

fn error_line(message: &str) {
    cleanup::wait_if_ending();
    let name = AnsiColor::Red.on_default().bold();
    // One write, so that no message of another thread comes in between.
    let mut text = AutoStream::new(Vec::new(), AutoStream::choice(&io::stderr()));
    let _ = writeln!(text, "{name}ngram-count:{name:#} {}", printable(message.as_ref()));
    let _ = io::stderr().write_all(&text.into_inner());
}

/// Writes a message on one line, with the program's name before it.
pub(crate) fn say(message: impl Display) {
    line(format_args!("ngram-count: {}", printable(message.to_string().as_ref())));
}

/// Writes a line to standard error. If standard error is closed or full, only the exit status tells the error.
pub(crate) fn line(text: impl Display) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// Writes notes about a result: notes on the inputs, malformed lines, replaced words.
pub(crate) fn notes(stats: &Stats, written: Written) {
    let mut is_wrapped_told = false;
    for input in &stats.inputs {
        for &note in &input.notes {
            // One of many wrapped files is enough.
            if note == Note::Wrapped && std::mem::replace(&mut is_wrapped_told, true) {
                continue;
            }
            say(format_args!("{}: {note}{}", input.name, hint::of_note(note)));
        }
    }
    if stats.malformed > 0 {
        let lines = if stats.malformed == 1 { "line" } else { "lines" };
        let first = stats.inputs.iter().find_map(|input| {
            let (line, reason) = input.first_malformed.as_ref()?;
            let name = &input.name;
            Some(match line {
                // A row of a table.
                0 => format!("; the first is of {name}: {reason}"),
                _ => format!("; the first is {name}:{line}: {reason}"),
            })
        });
        let (count, first) = (HumanCount(stats.malformed), first.unwrap_or_default());
        say(format_args!("left out {count} malformed {lines}{first}"));
    }
    if written.replaced > 0 {
        let words = if written.replaced == 1 { "word is" } else { "words are" };
        let count = HumanCount(written.replaced);
        say(format_args!("{count} {words} not UTF-8; JSON has U+FFFD in place of what is not (TSV keeps the bytes)"));
    }
}

/// Writes the statistics. A lookup does not read all rows of its input, and the statistics say so.
pub(crate) fn stats(stats: &Stats, format: StatsFormat, is_lookup: bool) {
    match format {
        StatsFormat::Human => human(stats, is_lookup),
        StatsFormat::Json => match serde_json::to_string(stats) {
            Ok(text) => line(text),
            Err(error) => say(format_args!("can't write the statistics: {error}")),
        },
    }
}

fn human(stats: &Stats, is_lookup: bool) {
    for input in &stats.inputs {
        let format = input.format.map_or("not read".into(), |format| format.to_string());
        let compression = input.compression.map_or(String::new(), |compression| format!(", {compression}"));
        line(format_args!("{:<13} {} ({format}{compression}): {} rows", "input", input.name, HumanCount(input.rows)));
    }
    let peak = stats.peak_memory_bytes.map_or("not known".into(), |bytes| HumanBytes(bytes).to_string());
    let what = if is_lookup { " read; others were only searched for the words" } else { "" };
    let spilled = (stats.spilled_bytes > 0).then(|| {
        let limit = stats.memory_limit.map_or_else(String::new, |limit| format!(" (bound: {})", HumanBytes(limit)));
        ("spilled", format!("{} to a temporary file{limit}", HumanBytes(stats.spilled_bytes)))
    });
    let lines = [
        ("rows", format!("{}{what}", HumanCount(stats.rows))),
        ("malformed", HumanCount(stats.malformed).to_string()),
        ("words", HumanCount(stats.words).to_string()),
        ("counted", u64::try_from(stats.counted).map_or(stats.counted.to_string(), |sum| HumanCount(sum).to_string())),
        ("type/token", format!("{:.4}", stats.type_token_ratio)),
        ("bytes", HumanCount(stats.bytes).to_string()),
        ("seconds", format!("{:.3}", stats.seconds)),
        ("MB/s", format!("{:.0}", stats.mb_per_second)),
        ("peak memory", peak),
    ];
    let settings =
        [("threads", stats.threads.to_string()), ("chunk size", HumanBytes(stats.chunk_size as u64).to_string())];
    for (name, value) in lines.into_iter().chain(spilled).chain(settings) {
        line(format_args!("{name:<13} {value}"));
    }
}
