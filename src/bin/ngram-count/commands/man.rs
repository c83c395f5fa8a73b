//! The manual page for all commands, from the definition of the command line and the text of `--help`.

use std::collections::HashSet;

use clap::builder::{PossibleValue, Str};
use clap::{Arg, Command, CommandFactory};
use roff::{Inline, Roff, bold, italic, roman};

use super::Exit;
use super::results::print;
use crate::args::Cli;
use crate::error::Error;

/// Prints the manual page.
///
/// # Errors
/// When standard output can't be written.
pub(crate) fn run() -> Result<Exit, Error> {
    print(page().as_bytes())
}

fn page() -> String {
    let mut command = Cli::command();
    command.build();
    let version = format!("ngram-count {}", command.get_version().unwrap_or_default());
    let mut page = Roff::new();
    page.control("TH", ["NGRAM-COUNT", "1", NO_DATE, &version, "User Commands"]);
    head(&mut page, &command);
    page.control("SH", ["OPTIONS"]);
    headed_arguments(&mut page, &command);
    if command.has_subcommands() {
        page.control("SH", ["COMMANDS"]);
        command.get_subcommands().for_each(|command| section(&mut page, command));
    }
    sections(&mut page, &command.get_after_long_help().map(ToString::to_string).unwrap_or_default());
    page.render().chars().map(in_ascii).collect()
}

/// An empty argument in place of the date. The date of printing would say nothing about the page.
const NO_DATE: &str = "\"\"";

/// A character in ASCII or as an escape: not every roff reads UTF-8.
fn in_ascii(letter: char) -> String {
    if letter.is_ascii() { letter.into() } else { format!("\\[u{:04X}]", u32::from(letter)) }
}

/// The sections before the options.
fn head(page: &mut Roff, command: &Command) {
    page.control("SH", ["NAME"]);
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    page.text([roman(format!("ngram-count - {}", about.trim_end_matches('.')))]);
    page.control("SH", ["SYNOPSIS"]);
    let usage = command.clone().render_usage().to_string();
    for (number, line) in usage.trim_start_matches("Usage:").lines().enumerate() {
        if number > 0 {
            page.control("br", []);
        }
        page.text(usage_of(line.trim()));
    }
    page.control("SH", ["DESCRIPTION"]);
    let long = command.get_long_about().map(ToString::to_string).unwrap_or_default();
    paragraphs(page, &long, "PP");
}

/// A command besides the count.
fn section(page: &mut Roff, command: &Command) {
    page.control("SS", [command.get_name()]);
    let usage = command.clone().render_usage().to_string();
    page.text(usage_of(usage.trim_start_matches("Usage:").trim()));
    page.control("PP", []);
    let about = command.get_long_about().or(command.get_about()).map(ToString::to_string).unwrap_or_default();
    paragraphs(page, &about, "PP");
    let is_own =
        |argument: &&Arg| !argument.is_global_set() && !["help", "version"].contains(&argument.get_id().as_str());
    arguments(page, command.get_arguments().filter(is_own));
}

/// The name of the program in bold.
fn usage_of(line: &str) -> Vec<Inline> {
    match line.strip_prefix("ngram-count") {
        Some(rest) => vec![bold("ngram-count"), roman(rest)],
        None => vec![roman(line)],
    }
}

/// The arguments of the count under the headings of `--help`.
fn headed_arguments(page: &mut Roff, command: &Command) {
    let mut headings: Vec<_> = command.get_arguments().map(Arg::get_help_heading).collect();
    let mut seen = HashSet::new();
    headings.retain(|heading| seen.insert(*heading));
    for heading in headings {
        if let Some(heading) = heading {
            page.control("SS", [heading]);
        }
        arguments(page, command.get_arguments().filter(|argument| argument.get_help_heading() == heading));
    }
}

fn arguments<'a>(page: &mut Roff, arguments: impl Iterator<Item = &'a Arg>) {
    for argument in arguments.filter(|argument| !argument.is_hide_set()) {
        page.control("TP", []);
        page.text(title(argument));
        let help = argument.get_long_help().or(argument.get_help()).map(ToString::to_string).unwrap_or_default();
        paragraphs(page, &help, "IP");
        values(page, argument);
    }
}

/// The title of an option, such as `-w, --word WORD`.
fn title(argument: &Arg) -> Vec<Inline> {
    let names = argument.get_value_names().unwrap_or_default().iter().map(Str::as_str).collect::<Vec<_>>();
    let value = names.join(" ");
    if argument.is_positional() {
        return vec![italic(value)];
    }
    let mut title = Vec::new();
    title.extend(argument.get_short().map(|short| bold(format!("-{short}"))));
    if let Some(long) = argument.get_long() {
        title.extend((!title.is_empty()).then(|| roman(", ")));
        title.push(bold(format!("--{long}")));
    }
    if argument.get_action().takes_values() {
        title.extend([roman(" "), italic(value)]);
    }
    title
}

/// The values and the default of an option, if clap's own help has them.
fn values(page: &mut Roff, argument: &Arg) {
    let takes_values = argument.get_action().takes_values();
    let possible = argument.get_possible_values();
    if takes_values && !argument.is_hide_possible_values_set() && !possible.is_empty() {
        let names: Vec<_> = possible.iter().map(PossibleValue::get_name).collect();
        paragraphs(page, &format!("\n\nPossible values: {}", names.join(", ")), "IP");
    }
    if takes_values && !argument.is_hide_default_value_set() && !argument.get_default_values().is_empty() {
        let values: Vec<_> = argument.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
        paragraphs(page, &format!("\n\nDefault: {}", values.join(", ")), "IP");
    }
}

/// Writes the paragraphs of a text, with the macro `between` before all but the first.
fn paragraphs(page: &mut Roff, text: &str, between: &str) {
    for (number, paragraph) in text.split("\n\n").enumerate() {
        if number > 0 {
            page.control(between, []);
        }
        if !paragraph.is_empty() {
            page.text([roman(paragraph.trim())]);
        }
    }
}

/// Writes the sections of the text under the options. A line without indentation is a heading. A line indented by two
/// spaces begins an entry, and lines with more indentation continue it.
fn sections(page: &mut Roff, text: &str) {
    let mut lines = text.lines().filter(|line| !line.is_empty()).peekable();
    let mut is_first = true;
    while let Some(line) = lines.next() {
        if !line.starts_with(' ') {
            page.control("SH", [line.trim_end_matches(':').to_uppercase().as_str()]);
            is_first = true;
            continue;
        }
        let mut more = Vec::new();
        while let Some(line) = lines.next_if(|line| line.starts_with("   ")) {
            more.push(line.trim());
        }
        entry(page, line.trim(), &more, is_first);
        is_first = false;
    }
}

/// Writes an entry: a term, two spaces and its meaning; or a caption and its text, whose lines stay as they are.
fn entry(page: &mut Roff, first: &str, more: &[&str], is_first: bool) {
    if let Some((term, meaning)) = first.split_once("  ") {
        page.control("TP", ["16"]);
        page.text([bold(term)]);
        page.text([roman([&[meaning.trim()], more].concat().join(" "))]);
        return;
    }
    if !is_first {
        page.control("PP", []);
    }
    page.text([roman(first)]);
    if !more.is_empty() {
        page.control("RS", ["4"]);
        page.control("nf", []);
        for line in more {
            page.text([roman(*line)]);
        }
        page.control("fi", []);
        page.control("RE", []);
    }
}
