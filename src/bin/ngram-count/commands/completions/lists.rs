//! Completion of lists with commas, as for `--columns`: the shell completes the value behind the last comma, and does
//! not offer values of the list again. clap_complete treats a list as one value.

use clap::{Arg, Command};

use super::patch::replace;
use crate::error::Error;

/// The options that take a list of known values, with the values.
fn lists(root: &Command) -> Vec<(&Arg, Vec<String>)> {
    let commands = [root].into_iter().chain(root.get_subcommands());
    let arguments = commands
        .flat_map(Command::get_arguments)
        .filter(|argument| argument.get_value_delimiter() == Some(',') && argument.get_action().takes_values());
    let with_values = arguments.map(|argument| {
        let values = argument.get_possible_values();
        (argument, values.iter().map(|value| value.get_name().to_owned()).collect::<Vec<_>>())
    });
    with_values.filter(|(_, values)| !values.is_empty()).collect()
}

pub(super) fn bash(mut script: String, root: &Command) -> Result<String, Error> {
    for (_, values) in lists(root) {
        let values = values.join(" ");
        let whole = format!("COMPREPLY=($(compgen -W \"{values}\" -- \"${{cur}}\"))");
        script = replace(&script, &whole, &format!("_ngram__count__list {values}"))?;
    }
    Ok(format!("{BASH}\n{script}"))
}

/// A function of bash. It sees the variables of its caller.
const BASH: &str = r#"_ngram__count__list() {
    local before="" word words=""
    [[ ${cur} == *,* ]] && before="${cur%,*},"
    for word; do
        [[ ,${before} == *,${word},* ]] || words+="${before}${word} "
    done
    COMPREPLY=( $(compgen -W "${words}" -- "${cur}") )
}
"#;

pub(super) fn zsh(mut script: String, root: &Command) -> Result<String, Error> {
    for (argument, values) in lists(root) {
        let name = argument.get_value_names().and_then(<[_]>::first).map_or("values", |name| name.as_str());
        let values = values.join(" ");
        script = replace(&script, &format!(":{name}:({values})'"), &format!(":{name}:_values -s , {name} {values}'"))?;
    }
    Ok(script)
}

pub(super) fn fish(mut script: String, root: &Command) -> Result<String, Error> {
    for (_, values) in lists(root) {
        let whole: Vec<_> = values.iter().map(|value| format!("{value}\\t''")).collect();
        let whole = format!("-a \"{}\"", whole.join("\n"));
        script = replace(&script, &whole, &format!("-a \"(__fish_ngram_count_list {})\"", values.join(" ")))?;
    }
    Ok(format!("{FISH}\n{script}"))
}

const FISH: &str = r#"# Each of the values behind those that are typed already.
function __fish_ngram_count_list
    set -l typed (commandline -ct | string replace -r '^--[^=]*=' '')
    set -l before (string match -r '^.*,' -- $typed)
    for word in $argv
        contains -- $word (string split , -- $before)
        or printf '%s\t\n' "$before$word"
    end
end
"#;
