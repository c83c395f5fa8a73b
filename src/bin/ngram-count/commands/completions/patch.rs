//! Patches of clap_complete's output, for a program with files and commands in the same position.
//!
//! clap_complete takes the first word that is not an option for the name of a command. Behind a file, it therefore
//! offers nothing, or the wrong things. Its bash completions offer every option where a file may stand, and its
//! PowerShell completions have no values. Each patch replaces a piece of the generated script. tests/it/completions.rs
//! tests the result in real shells.

use std::fmt::Write;

use clap::builder::PossibleValue;
use clap::{Arg, Command};

use super::{names, takes_files};
use crate::error::Error;

/// Replaces each `old` by `new`.
///
/// # Errors
/// If there is no `old`: an update of clap_complete has changed its output, and the patch must follow.
pub(super) fn replace(script: &str, old: &str, new: &str) -> Result<String, Error> {
    if script.contains(old) { Ok(script.replace(old, new)) } else { Err(lacks(old)) }
}

/// Splits a script behind the first `end`.
fn split_behind<'a>(script: &'a str, end: &str) -> Result<(&'a str, &'a str), Error> {
    let start = script.find(end).ok_or_else(|| lacks(end))?;
    Ok(script.split_at(start + end.len()))
}

fn lacks(piece: &str) -> Error {
    Error::Usage(format!(
        "can't make completions: the script that clap_complete makes has no {piece:?}; this is an error of ngram-count, \
         please report it"
    ))
}

/// Patches bash's completions: behind a dash, bash offers options; elsewhere commands, and files if the command takes
/// files.
pub(super) fn bash(script: &str, root: &Command) -> Result<String, Error> {
    let own = Some("ngram__count".to_owned()).filter(|_| takes_files(root));
    let others = root.get_subcommands().filter(|command| takes_files(command));
    let others = others.map(|command| format!("ngram__count__subcmd__{}", command.get_name().replace('-', "__")));
    let commands: Vec<_> = own.into_iter().chain(others).collect();
    // clap_complete 4.6.11 writes a dash in the program's name in two ways that do not match.
    let script = script.replace("ngram__subcmd__count", "ngram__count");
    let script = replace(&script, "    prev=\"$3\"\n", BASH_PREVIOUS)?;
    let script = replace(&script, r#"COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )"#, "_ngram__count__words")?;
    Ok(format!("{}\n{script}", BASH_WORDS.replace("COMMANDS", &commands.join("|"))))
}

/// bash takes the = of --sort=word for a separate word.
const BASH_PREVIOUS: &str = r#"    prev="$3"
    if [[ ${cur} == "=" ]]; then
        cur=""
    elif [[ ${prev} == "=" ]]; then
        prev="${COMP_WORDS[COMP_CWORD-2]}"
    fi
"#;

/// A function of bash. It sees the variables of its caller.
const BASH_WORDS: &str = r#"_ngram__count__words() {
    local word words=""
    for word in ${opts}; do
        if [[ ${cur} == -* ]]; then
            [[ ${word} == -* ]] && words+="${word} "
        elif [[ ${word} != -* ]] && [[ ${COMP_CWORD} -eq 1 || ${cmd} != ngram__count ]]; then
            words+="${word} "
        fi
    done
    COMPREPLY=( $(compgen -W "${words}" -- "${cur}") )
    case "${cmd}" in
        COMMANDS)
            if [[ ${cur} != -* ]]; then
                local IFS=$'\n'
                COMPREPLY+=( $(compgen -f -- "${cur}") )
                if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                    compopt -o filenames
                fi
            fi
            ;;
    esac
}
"#;

/// Patches zsh's completions: only the first word can be a command. All other words are files, and options may stand
/// anywhere among them.
pub(super) fn zsh(script: &str, root: &Command) -> Result<String, Error> {
    let commands = "\":: :_ngram-count_commands\" \\\n";
    let rest = "\"*::: :->ngram-count\" \\\n";
    let files = script.split_once(commands).and_then(|(before, _)| before.lines().last()).unwrap_or_default();
    let script = replace(script, &format!("{files}\n{commands}{rest}"), "\"${words_of_ngram_count[@]}\" \\\n")?;
    let script = replace(&script, "$line[2]", "$line[1]")?;
    let local = "local context curcontext=\"$curcontext\" state line\n";
    let (head, tail) = split_behind(&script, local)?;
    let head = head.to_owned() + &ZSH.replace("COMMANDS", &names(root).join("|"));
    let commands = "(( $+functions[_ngram-count_commands] )) ||";
    Ok(head + &replace(tail, commands, &format!("{ZSH_WORDS}\n{commands}"))?)
}

const ZSH: &str = r#"    local -a words_of_ngram_count
    if (( CURRENT > 2 )) && [[ $words[2] == (COMMANDS) ]]; then
        words_of_ngram_count=(":: :_ngram-count_commands" "*::: :->ngram-count")
    else
        words_of_ngram_count=("*: :_ngram-count_words")
    fi
"#;

const ZSH_WORDS: &str = r"(( $+functions[_ngram-count_words] )) ||
_ngram-count_words() {
    if (( CURRENT == 2 )); then
        _alternative 'commands: :_ngram-count_commands' 'files:file:_files'
    else
        _files
    fi
}";

/// Patches fish's completions: options may follow a file, an option's value may still be missing, and only the first
/// word can be a command. For commands that take no files, fish offers their values instead.
pub(super) fn fish(script: &str, root: &Command) -> Result<String, Error> {
    let names = names(root).join(" ");
    let next = "function __fish_ngram_count_using_subcommand";
    let (_, rest) = split_behind(script, next)?;
    let mut script = format!("{}{next}{rest}", FISH.replace("COMMANDS", &names));
    for command in root.get_subcommands() {
        let name = command.get_name();
        let offer = format!("\"__fish_ngram_count_needs_command\" -a \"{name}\"");
        script = replace(&script, &offer, &format!("\"test (count (commandline -opc)) -eq 1\" -a \"{name}\""))?;
        if !takes_files(command) {
            let values: Vec<_> = command.get_positionals().flat_map(Arg::get_possible_values).collect();
            let values: Vec<_> = values.iter().map(PossibleValue::get_name).collect();
            let condition = format!("__fish_ngram_count_using_subcommand {name}");
            // Writing to a String can't fail.
            let _ = writeln!(script, "complete -c ngram-count -n \"{condition}\" -f -a \"{}\"", values.join(" "));
        }
    }
    Ok(script)
}

const FISH: &str = r#"# The command, and status 1, where there is one.
function __fish_ngram_count_needs_command
    set -l words (commandline -opc)
    if contains -- "$words[2]" COMMANDS
        echo $words[2]
        return 1
    end
end

"#;

/// Patches PowerShell's completions: options may follow a file, and have values.
pub(super) fn powershell(script: &str, root: &Command) -> Result<String, Error> {
    let names: Vec<_> = names(root).iter().map(|name| format!("'{name}'")).collect();
    let is_typed = "$element.Value -eq $wordToComplete) {";
    let is_no_command = format!("$i -gt 1 -or\n                $element.Value -notin @({})", names.join(", "));
    let script = replace(script, is_typed, &format!("{is_no_command} -or\n                {is_typed}"))?;
    let mut values: Vec<String> = Vec::new();
    for command in [root].into_iter().chain(root.get_subcommands()) {
        for argument in command.get_arguments().filter(|argument| argument.get_action().takes_values()) {
            let possible = argument.get_possible_values();
            let possible: Vec<_> = possible.iter().map(|value| format!("'{}'", value.get_name())).collect();
            // A value without an option comes right behind the command.
            let before: Vec<_> = if argument.is_positional() {
                vec![command.get_name().to_owned()]
            } else {
                spellings(argument).collect()
            };
            let lines = before.into_iter().map(|name| format!("        '{name}' {{ {} }}\n", possible.join(", ")));
            values.extend(lines.filter(|_| !possible.is_empty()));
        }
    }
    values.sort();
    values.dedup();
    let values = format!("{POWERSHELL_BEFORE}{}", values.concat());
    let start = "    $completions = @(switch ($command) {";
    replace(&script, start, &format!("{values}{POWERSHELL_AFTER}{start}"))
}

/// The spellings of an option.
fn spellings(argument: &Arg) -> impl Iterator<Item = String> {
    let short = argument.get_short().map(|short| format!("-{short}"));
    short.into_iter().chain(argument.get_long().map(|long| format!("--{long}")))
}

const POWERSHELL_BEFORE: &str = r"    $before = $commandElements |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
        Select-Object -Last 1
    $values = @(switch -CaseSensitive ($before.Extent.Text) {
";

const POWERSHELL_AFTER: &str = r#"    })
    if ($values) {
        return $values.Where{ $_ -like "$wordToComplete*" } |
            ForEach-Object { [CompletionResult]::new($_, $_, [CompletionResultType]::ParameterValue, $_) }
    }

"#;
