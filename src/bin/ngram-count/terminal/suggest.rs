//! Suggestions for the name of a missing file: a file with a similar name, a command, or a word.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use clap::{Command, CommandFactory};
use ngram_count::Error;
use ngram_count::internal::{is_hidden, printable};
use strsim::osa_distance;

use crate::args::Cli;
use crate::hint;

/// The maximum number of names of a folder that we compare. A message must not take long.
const MAX_NAMES: usize = 10_000;
/// The maximum number of wrong letters in a long name. In a short name, one letter in three may be wrong.
const MAX_MISTAKES: usize = 3;

/// The maximum number of links in a row, as in Linux.
const MAX_LINKS: usize = 40;

/// An error's message, with a suggestion. `files` are the files that the user names.
pub(crate) fn message(error: &Error, files: &[OsString]) -> String {
    if let Error::Open { input, source, .. } = error
        && source.kind() == ErrorKind::NotFound
        && let Some(target) = missing_target(input, files)
    {
        return format!("{input}: is a link to {}, which is not there", printable(target.as_os_str()));
    }
    hint::message(error) + &suggestion(error, files)
}

/// The target of a name that is a link.
fn missing_target(input: &str, files: &[OsString]) -> Option<PathBuf> {
    // The name in the error is escaped.
    let name = files.iter().find(|file| printable(file) == input).map_or(Path::new(input), Path::new);
    let next = |place: &PathBuf| {
        let target = fs::read_link(place).ok()?;
        Some(place.parent().unwrap_or(Path::new("")).join(target))
    };
    std::iter::successors(Some(name.to_owned()), next).skip(1).take(MAX_LINKS).last()
}

/// The suggestion behind an error's message; empty if there is none.
fn suggestion(error: &Error, files: &[OsString]) -> String {
    let Error::Open { input, source, .. } = error else { return String::new() };
    if source.kind() != ErrorKind::NotFound || input.is_empty() {
        return String::new();
    }
    let is_name = !input.contains(['.', '/']);
    let place = files.iter().position(|file| file.to_str() == Some(input));
    if let (true, Some(0), Some(command)) = (is_name, place, near_command(input)) {
        if command == *input {
            return format!("; the command {command} comes before all options");
        }
        return format!("; did you mean the command {command}?");
    }
    if let Some(name) = near_file(Path::new(input)) {
        return format!("; did you mean {name}?");
    }
    if is_name && place.is_some() && files.len() > 1 {
        return format!("; to count a word, say --word {}", as_argument(input));
    }
    String::new()
}

fn near_command(name: &str) -> Option<String> {
    let commands = Cli::command();
    nearest(name, commands.get_subcommands().map(|command: &Command| command.get_name().to_owned()))
}

/// A file beside `path` with a similar name.
fn near_file(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    let folder = path.parent().filter(|folder| *folder != OsStr::new(""));
    let entries = fs::read_dir(folder.unwrap_or(Path::new("."))).ok()?.take(MAX_NAMES).flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let near = names.filter(|other| mistakes(name, other).is_some());
    // Suggest no folder, and no link without a target.
    let in_folder = |name: &str| folder.map_or(PathBuf::from(name), |folder| folder.join(name));
    let files = near.filter(|name| in_folder(name).metadata().is_ok_and(|metadata| !metadata.is_dir()));
    let found = nearest(name, files)?;
    Some(printable(in_folder(&found).as_os_str()))
}

/// The name most similar to `name`, if any is similar. Of equally similar names, the first in order.
fn nearest(name: &str, names: impl Iterator<Item = String>) -> Option<String> {
    let near = names.filter_map(|other| Some((mistakes(name, &other)?, other)));
    near.filter(|(_, other)| !other.contains(is_hidden)).min().map(|(_, other)| other)
}

/// The number of letters in which two names differ, if it is small. Extensions do not matter, since files are packed
/// and unpacked; nor does case.
fn mistakes(name: &str, other: &str) -> Option<usize> {
    let [name, other] = [name, other].map(str::to_lowercase);
    let stem = |name: &str| name.trim_start_matches('.').split('.').next().unwrap_or_default().to_owned();
    let (one, two) = (stem(&name), stem(&other));
    if one == two {
        return Some(0);
    }
    let letters = one.chars().count().max(two.chars().count());
    Some(osa_distance(&one, &two)).filter(|mistakes| *mistakes <= (letters / 3).min(MAX_MISTAKES))
}

/// A word in the form for a shell, with quotes if needed.
fn as_argument(word: &str) -> String {
    if word.chars().all(|letter| letter.is_alphanumeric() || letter == '_') {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nearest_of(name: &str, names: &[&str]) -> Option<String> {
        nearest(name, names.iter().map(|&name| name.to_owned()))
    }

    #[test]
    fn a_name_with_a_mistake_is_found() {
        let names = ["book.tsv", "counts.tsv", "Ngrams-a.gz", ".hidden"];
        let cases =
            [("bok.tsv", 0), ("boko.tsv", 0), ("book.csv", 0), ("BOOK", 0), ("cuonts.tsv", 1), ("ngrams-a.tsv", 2)];
        for (typed, meant) in cases {
            assert_eq!(nearest_of(typed, &names).as_deref(), Some(names[meant]), "{typed}");
        }
    }

    #[test]
    fn another_name_is_not() {
        for typed in ["a.tsv", "nope.tsv", "boat.tsv", "x", "missing.tsv", "cat"] {
            assert_eq!(nearest_of(typed, &["b.tsv", "book.tsv", "counts.tsv", "ok.tsv", "y"]), None, "{typed}");
        }
    }

    #[test]
    fn words_are_quoted_where_a_shell_needs_it() {
        for (word, shown) in [("Aardvark", "Aardvark"), ("New York", "'New York'"), ("don't", r"'don'\''t'")] {
            assert_eq!(as_argument(word), shown);
        }
    }
}
