//! Completions for shells, made from the definition of the command line.

mod lists;
mod patch;

use clap::{Command, CommandFactory, ValueHint};
use clap_complete::Shell;

use super::Exit;
use super::results::print;
use crate::args::Cli;
use crate::error::Error;

/// Prints the completions for `shell`.
///
/// # Errors
/// When the completions can't be made, or standard output can't be written.
pub(crate) fn run(shell: Shell) -> Result<Exit, Error> {
    print(script(shell)?.as_bytes())
}

fn script(shell: Shell) -> Result<String, Error> {
    let mut root = Cli::command();
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut root, "ngram-count", &mut script);
    let script = String::from_utf8_lossy(&script);
    match shell {
        Shell::Bash => lists::bash(patch::bash(&script, &root)?, &root),
        Shell::Zsh => lists::zsh(patch::zsh(&script, &root)?, &root),
        Shell::Fish => lists::fish(patch::fish(&script, &root)?, &root),
        Shell::PowerShell => patch::powershell(&script, &root),
        _ => Ok(script.into_owned()),
    }
}

/// The names of all commands beside the count.
fn names(root: &Command) -> Vec<&str> {
    root.get_subcommands().map(Command::get_name).collect()
}

fn takes_files(command: &Command) -> bool {
    command.get_positionals().any(|argument| argument.get_value_hint() == ValueHint::FilePath)
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;

    #[test]
    fn every_shell_has_completions_without_hidden_names() {
        for shell in Shell::value_variants() {
            let script = script(*shell).unwrap();
            assert!(script.contains("ngram-count"), "{shell}: {script}");
            assert!(!script.contains("--order") && !script.contains("-l order"), "{shell}: {script}");
        }
    }

    #[test]
    fn a_script_that_the_patches_do_not_fit_is_an_error() {
        let root = Cli::command();
        let patches = [patch::bash, patch::zsh, patch::fish, patch::powershell].map(|patch| patch("else", &root));
        let lists = [lists::bash, lists::zsh, lists::fish].map(|list| list("else".into(), &root));
        for outcome in patches.into_iter().chain(lists) {
            let error = outcome.unwrap_err().to_string();
            assert!(error.starts_with("can't make completions: "), "{error}");
        }
    }
}
