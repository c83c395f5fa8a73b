//! Completions for shells, made from the definition of the command line.

mod lists;
mod patch;

use clap::{Command, CommandFactory, ValueHint};
use clap_complete::Shell;

use super::{Exit, print};
use crate::args::Cli;
use crate::error::Error;

/// Prints the completions for `shell`.
///
/// # Errors
/// When standard output can't be written.
pub(crate) fn run(shell: Shell) -> Result<Exit, Error> {
    print(script(shell).as_bytes())
}

fn script(shell: Shell) -> String {
    let mut root = Cli::command();
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut root, "ngram-count", &mut script);
    let script = String::from_utf8_lossy(&script);
    match shell {
        Shell::Bash => lists::bash(patch::bash(&script, &root), &root),
        Shell::Zsh => lists::zsh(patch::zsh(&script, &root), &root),
        Shell::Fish => lists::fish(patch::fish(&script, &root), &root),
        Shell::PowerShell => patch::powershell(&script, &root),
        _ => script.into_owned(),
    }
}

/// The names of all commands beside the count.
fn names(root: &Command) -> Vec<&str> {
    root.get_subcommands().map(Command::get_name).collect()
}

fn takes_files(command: &Command) -> bool {
    command.get_positionals().any(|argument| argument.get_value_hint() == ValueHint::FilePath)
}
