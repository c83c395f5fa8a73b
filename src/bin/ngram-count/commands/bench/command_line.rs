//! The advised count as a command line to paste into a shell: the user's own options and inputs, and the advised
//! settings. The URL of a table has no password there.

use std::ffi::OsString;

use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, CommandFactory};
use ngram_count::Input;
use ngram_count::internal::printable;

use crate::args::Cli;
use crate::commands::bench::axis::Axis;
use crate::commands::bench::plan::is_table;

/// The count of the inputs that `arguments`, the words of a bench, name. `settings` are the advised options.
pub(super) fn of(arguments: impl IntoIterator<Item = OsString>, settings: &str) -> Option<String> {
    let mut root = Cli::command();
    root.build();
    let matches = root.clone().try_get_matches_from(arguments).ok()?;
    let (name, matches) = matches.subcommand()?;
    let of_count = |argument: &&Arg| root.get_arguments().any(|other| other.get_id() == argument.get_id());
    let shared = root.find_subcommand(name)?.get_arguments().filter(of_count).filter(|argument| is_of_job(argument));
    let (inputs, options): (Vec<&Arg>, Vec<&Arg>) = shared.partition(|argument| argument.is_positional());
    let mut words = vec!["ngram-count".to_owned(), settings.to_owned()];
    words.extend(options.into_iter().flat_map(|option| words_of(option, matches)));
    let inputs: Vec<String> = inputs.into_iter().flat_map(|inputs| values(inputs, matches)).collect();
    if inputs.iter().any(|input| input.starts_with('-') && input != "-") {
        words.push("--".into());
    }
    words.extend(inputs.iter().map(|input| quoted(&without_password(input))));
    words.retain(|word| !word.is_empty());
    Some(words.join(" "))
}

/// Whether an option says what to count: neither one of the settings nor how messages look.
fn is_of_job(argument: &Arg) -> bool {
    let id = argument.get_id().as_str();
    let is_setting = Axis::ALL.into_iter().any(|axis| axis.field() == id);
    !is_setting && !["color", "help", "progress", "quiet", "version"].contains(&id)
}

/// The words of an option, as often as the user names it.
fn words_of(option: &Arg, matches: &ArgMatches) -> Vec<String> {
    let name = format!("--{}", option.get_long().unwrap_or_default());
    if !option.get_action().takes_values() {
        return if is_named(option, matches) { vec![name] } else { Vec::new() };
    }
    let word = |value: String| format!("{name}{}{}", if value.starts_with('-') { "=" } else { " " }, quoted(&value));
    values(option, matches).into_iter().map(word).collect()
}

fn values(argument: &Arg, matches: &ArgMatches) -> Vec<String> {
    if !is_named(argument, matches) {
        return Vec::new();
    }
    let values = matches.get_raw(argument.get_id().as_str()).into_iter().flatten();
    values.map(|value| value.to_string_lossy().into_owned()).collect()
}

fn is_named(argument: &Arg, matches: &ArgMatches) -> bool {
    matches.value_source(argument.get_id().as_str()) == Some(ValueSource::CommandLine)
}

fn without_password(name: &str) -> String {
    let input = Input::from_name(name);
    if is_table(&input) { input.to_string() } else { name.to_owned() }
}

/// A word for the shell.
fn quoted(word: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || "_./:=@%+,-".contains(letter);
    let quoted = if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    };
    printable(quoted.as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command_line(words: &[&str]) -> Option<String> {
        of(["ngram-count", "bench"].iter().chain(words).map(OsString::from), "--threads 2")
    }

    #[test]
    fn it_is_the_count_that_was_measured() {
        for (bench, count) in [
            (&["a.tsv"][..], "a.tsv"),
            (&["a.tsv", "-r", "3", "--svg", "x.svg", "-q", "--progress=never", "--color", "always"], "a.tsv"),
            (&["-j1,2", "--chunk-sizes", "1M", "a.tsv", "b c.tsv"], "a.tsv 'b c.tsv'"),
            (&["a.tsv", "-w", "it's", "--word=-x", "-w", ""], r"--word 'it'\''s' --word=-x --word '' a.tsv"),
            (&["a.tsv", "-n5", "--skip-malformed", "-i", "v2"], "--input-format v2 --skip-malformed --top 5 a.tsv"),
            (&["--", "-x.tsv"], "-- -x.tsv"),
        ] {
            assert_eq!(command_line(bench), Some(format!("ngram-count --threads 2 {count}")), "{bench:?}");
        }
        assert_eq!(command_line(&[]), None);
    }

    #[cfg(feature = "postgres")]
    #[test]
    fn a_table_has_no_password_there() {
        let url = "postgres://ann:secret@host/db?table=t&password=secret&sslmode=disable";
        let line = command_line(&[url, "--connections", "1,2"]);
        let expected = "ngram-count --threads 2 'postgres://ann@host/db?table=t&sslmode=disable'";
        assert_eq!(line.as_deref(), Some(expected));
    }
}
