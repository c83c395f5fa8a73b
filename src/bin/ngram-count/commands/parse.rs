//! Parses the command line. An error is clap's message with two changes: it escapes the user's input, and names the
//! command of an option of another command.

use std::env;
use std::ffi::OsString;
use std::path::Path;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command, CommandFactory, Error, FromArgMatches};
use ngram_count::internal::printable;

use crate::args::{self, Cli};

/// Parses the command line of this process.
///
/// # Errors
/// With the message to print, which may be the help that the user asks for.
pub(crate) fn parse() -> Result<Cli, Error> {
    let arguments = with_help(env::args_os().collect());
    let is_help_long = arguments.iter().take_while(|argument| *argument != "--").any(|argument| argument == "--help");
    let matches = args::command(is_help_long).try_get_matches_from(&arguments);
    matches.and_then(|matches| Cli::from_arg_matches(&matches)).map_err(|error| explain(error, &arguments))
}

/// Turns `help` into `--help`, and `help plot` into `plot --help`, as git and cargo do, unless there is a file `help`.
fn with_help(mut arguments: Vec<OsString>) -> Vec<OsString> {
    if arguments.get(1).is_none_or(|first| first != "help") || Path::new("help").symlink_metadata().is_ok() {
        return arguments;
    }
    let next = arguments.get(2).map(|next| next.to_string_lossy().into_owned());
    match next {
        Some(name) if is_command(&name) => arguments[1..3].clone_from_slice(&[name.into(), "--help".into()]),
        Some(name) if !name.starts_with('-') => {}
        _ => arguments[1] = "--help".into(),
    }
    arguments
}

fn is_command(name: &str) -> bool {
    Cli::command().find_subcommand(name).is_some()
}

/// Adapts clap's error.
fn explain(mut error: Error, arguments: &[OsString]) -> Error {
    escape(&mut error);
    if let (ErrorKind::UnknownArgument, Some(ContextValue::String(option))) =
        (error.kind(), error.get(ContextKind::InvalidArg))
    {
        let tips = owners(option, arguments);
        if !tips.is_empty() {
            // Drop clap's suggestion of a similar option: the user means this option.
            error.remove(ContextKind::SuggestedArg);
            let tips = tips.into_iter().map(Into::into).collect();
            error.insert(ContextKind::Suggested, ContextValue::StyledStrs(tips));
        }
    }
    error
}

/// Escapes the user's input in an error. clap builds its message only when it prints the message.
fn escape(error: &mut Error) {
    let shown = |text: &String| printable(text.as_ref());
    let escaped: Vec<_> = error
        .context()
        .filter_map(|(kind, value)| match value {
            ContextValue::String(text) => Some((kind, ContextValue::String(shown(text)), shown(text) != *text)),
            ContextValue::Strings(texts) => {
                let all = texts.iter().map(shown).collect();
                let differs = texts.iter().any(|text| shown(text) != *text);
                Some((kind, ContextValue::Strings(all), differs))
            }
            _ => None,
        })
        .filter(|(.., differs)| *differs)
        .collect();
    if !escaped.is_empty() {
        // clap's suggestions also contain the input, among colours: how to pass it as a value. Nobody needs this
        // advice.
        error.remove(ContextKind::Suggested);
    }
    for (kind, value, _) in escaped {
        error.insert(kind, value);
    }
}

/// The usage of an option with each command that has it, or with the count alone if the count has it.
fn owners(option: &str, arguments: &[OsString]) -> Vec<String> {
    let root = Cli::command();
    let name = option.split('=').next().unwrap_or(option);
    let tip = |command: &Command, words: &str, place: &str| {
        let argument = command.get_arguments().find(|argument| is_called(argument, name))?;
        let value = argument.get_value_names().filter(|_| argument.get_action().takes_values());
        let value = value.map_or(String::new(), |names| format!(" {}", names.join(" ")));
        Some(format!("{name} belongs to {words}: ngram-count {place}{name}{value} ..."))
    };
    if let Some(tip) = tip(&root, "the count", "") {
        return vec![tip];
    }
    let at_hand = arguments.get(1).and_then(|word| word.to_str()).unwrap_or_default();
    let others = root.get_subcommands().filter(|command| command.get_name() != at_hand);
    others.filter_map(|command| tip(command, command.get_name(), &format!("{} ", command.get_name()))).collect()
}

fn is_called(argument: &Arg, name: &str) -> bool {
    match name.strip_prefix("--") {
        Some(long) => {
            let aliases = argument.get_all_aliases().unwrap_or_default();
            argument.get_long() == Some(long) || aliases.contains(&long)
        }
        None => argument.get_short().is_some_and(|short| name == format!("-{short}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<OsString> {
        line.split(' ').map(OsString::from).collect()
    }

    #[test]
    fn help_is_a_command_where_no_file_has_that_name() {
        let cases = [
            ("x help", "x --help"),
            ("x help plot", "x plot --help"),
            ("x help bench --color never", "x bench --help --color never"),
            ("x help --color never", "x --help --color never"),
            ("x help book.tsv", "x help book.tsv"),
            ("x plot help", "x plot help"),
            ("x -q help", "x -q help"),
            ("x", "x"),
        ];
        for (typed, meant) in cases {
            assert_eq!(with_help(words(typed)), words(meant), "{typed}");
        }
    }

    #[test]
    fn each_option_of_another_command_is_told_with_it() {
        let root = Cli::command();
        for command in root.get_subcommands() {
            for long in command.get_arguments().filter_map(Arg::get_long) {
                let option = format!("--{long}");
                let tips = owners(&option, &words("x book.tsv"));
                let is_of_count = root.get_arguments().any(|argument| argument.get_long() == Some(long));
                let place = if is_of_count { String::new() } else { format!("{} ", command.get_name()) };
                let part = format!(": ngram-count {place}{option}");
                assert!(tips.iter().any(|tip| tip.contains(&part)), "{part} {tips:?}");
            }
        }
        assert!(owners("--wrod", &words("x")).is_empty() && owners("-Z", &words("x plot")).is_empty());
    }
}
