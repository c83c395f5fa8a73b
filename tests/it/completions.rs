//! Completions, loaded in their shells, and the manual page, read by `groff` and `mandoc`.

use std::collections::BTreeMap;

use crate::common::programs::has;
use crate::common::{PROGRAM, Ran, Scratch};

/// A folder with some files, and the completions for a shell in `script`.
fn folder(shell: &str, script: &str) -> Scratch {
    let scratch = Scratch::with([("book.tsv", &b""[..]), ("a b.tsv", b""), ("counts.tsv", b"")]);
    let ran = scratch.run(["completions", shell]);
    scratch.write(script, ran.exits(0).says("").stdout());
    scratch
}

/// Typed text, and the offered completions. `...` allows more completions; `!` forbids one.
const CASES: [(&str, &str); 23] = [
    ("ngram-count --so", "--sort"),
    ("ngram-count --sort cou", "count ..."),
    ("ngram-count --sort=per", "per-million"),
    ("ngram-count --sort=w", "word"),
    ("ngram-count -f js", "json jsonl"),
    ("ngram-count -i ", "auto counts text v1 v2 v3"),
    ("ngram-count --columns per", "per-million"),
    ("ngram-count --columns word,", "count year volumes ... !word !book.tsv"),
    ("ngram-count --columns word,per", "per-million"),
    ("ngram-count --columns=word,co", "count count-there"),
    ("ngram-count --columns word,count,year,c", "count-there cumulative"),
    ("ngram-count --output b", "book.tsv"),
    ("ngram-count --words-from b", "book.tsv"),
    ("ngram-count --totals b", "book.tsv"),
    ("ngram-count ", "book.tsv counts.tsv completions man ... !--sort"),
    ("ngram-count co", "completions counts.tsv"),
    ("ngram-count book.tsv co", "counts.tsv"),
    ("ngram-count book.tsv counts.tsv --so", "--sort"),
    ("ngram-count book.tsv --by ", "decade file word year"),
    ("ngram-count completions ", "bash elvish fish powershell zsh"),
    ("ngram-count completions --co", "--color"),
    ("ngram-count plot --mem", "--memory"),
    ("ngram-count bench --tem", "--temp-dir"),
];

/// Checks what a shell offers: for each line of [`CASES`] a line with `== ` before it, and then a line each.
fn check(shell: &str, ran: &Ran) {
    let printed = String::from_utf8_lossy(ran.exits(0).stdout()).into_owned();
    let mut offered: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut line = "";
    for text in printed.lines() {
        match text.strip_prefix("== ") {
            Some(typed) => line = typed,
            // Some shells repeat the beginning of the word.
            None => offered.entry(line).or_default().push(text.rsplit(['=', ',']).next().unwrap_or(text)),
        }
    }
    for (typed, expected) in CASES {
        let mut found = offered.remove(typed).unwrap_or_default();
        found.sort_unstable();
        let (not, mut expected): (Vec<&str>, Vec<_>) = expected.split(' ').partition(|word| word.starts_with('!'));
        assert!(not.iter().all(|word| !found.contains(&&word[1..])), "{shell}: {typed:?} gives {found:?}");
        if expected.contains(&"...") {
            let all = expected.iter().all(|word| *word == "..." || found.contains(word));
            assert!(all, "{shell}: {typed:?} gives {found:?} and not {expected:?}");
        } else {
            expected.sort_unstable();
            assert_eq!(found, expected, "{shell}: {typed:?}\n{ran}");
        }
    }
}

fn lines() -> impl Iterator<Item = &'static str> {
    CASES.into_iter().map(|(typed, _)| typed)
}

/// bash splits at = as well as at spaces before it calls the completion.
const BASH: &str = r#"
shopt -s no_empty_cmd_completion
compopt() { :; }
source ./script
[[ $(complete -p ngram-count) == *"-F _ngram__count"* ]] || exit 3
for line; do
    read -ra COMP_WORDS <<< "${line//=/ = }"
    [[ $line == *[\ =] ]] && COMP_WORDS+=("")
    COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 )) COMPREPLY=()
    # It is called with the = itself where nothing is typed behind it.
    if [[ $line == *= ]]; then unset "COMP_WORDS[COMP_CWORD]"; (( COMP_CWORD -= 1 )); fi
    _ngram__count ngram-count "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
    printf '== %s\n' "$line"
    printf '%s\n' "${COMPREPLY[@]}"
done
"#;

#[test]
fn bash_completes() {
    if has("bash") {
        let scratch = folder("bash", "script");
        check("bash", &Ran::of(scratch.command("bash").args(["--norc", "-c", BASH, "bash"]).args(lines()), None));
    }
}

#[test]
fn bash_completes_names_with_spaces() {
    if has("bash") {
        let scratch = folder("bash", "script");
        let ran = Ran::of(scratch.command("bash").args(["--norc", "-c", BASH, "bash", "ngram-count a"]), None);
        ran.gives("== ngram-count a\na b.tsv\n");
    }
}

/// A zsh in a new terminal, which prints its candidates.
const ZSH: &str = r#"
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell '. ./tell.zsh'
zpty -r -m shell said '*READY:*'
for line; do
    zpty -w -n shell $'\C-U'"$line"$'\C-T'
    zpty -r -m shell said '*END:*'
    print -r -- "== $line"
    print -r -- "$said" | tr -d '\r' | grep -o 'CANDIDATE:.*' | sed 's/CANDIDATE://'
done
zpty -d shell
exit 0
"#;

const ZSH_TELL: &str = r#"
PS1='' PS2=''
unset zle_bracketed_paste
fpath=($PWD $fpath)
autoload -U compinit
compinit -u -D
compadd() {
    if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then builtin compadd "$@"; return; fi
    local -a found
    builtin compadd -O found "$@"
    (( $#found )) && print -rl -- "CANDI""DATE:"$^found
    builtin compadd "$@"
}
tell() { _main_complete; compstate[insert]=; compstate[list]=; print "E""ND:" }
zle -C tell complete-word tell
bindkey '^T' tell
print 'REA''DY:'
"#;

#[test]
fn zsh_completes() {
    if has("zsh") {
        let scratch = folder("zsh", "_ngram-count");
        scratch.write("tell.zsh", ZSH_TELL);
        check("zsh", &Ran::of(scratch.command("zsh").args(["-f", "-c", ZSH, "zsh"]).args(lines()), None));
    }
}

const FISH: &str = r#"
source ./script
for line in $argv
    echo "== $line"
    complete -C "$line" | string replace -r '\t.*' ''
end
"#;

#[test]
fn fish_completes() {
    if has("fish") {
        let scratch = folder("fish", "script");
        let home = scratch.path(".");
        let mut fish = scratch.command("fish");
        fish.env("HOME", home).args(["--no-config", "-c", FISH]).args(lines());
        check("fish", &Ran::of(&mut fish, None));
    }
}

/// Debian has no PowerShell, so this test only checks the text.
#[test]
fn powershell_has_options_and_values() {
    let ran = Scratch::new().run(["completions", "powershell"]);
    let script = String::from_utf8_lossy(ran.exits(0).says("").stdout()).into_owned();
    for part in [
        "Register-ArgumentCompleter -Native -CommandName 'ngram-count'",
        "'--sort' { 'count', 'word', 'none', 'volumes', ",
        "'-f' { 'tsv', 'csv', 'json', 'jsonl', 'table' }",
        "'completions' { 'bash', 'elvish', 'fish', 'powershell', 'zsh' }",
        "[CompletionResult]::new('--ignore-case', ",
        "'ngram-count;completions' {",
    ] {
        assert!(script.contains(part), "{part}\n{ran}");
    }
    assert_eq!(script.matches(['{', '(']).count(), script.matches(['}', ')']).count(), "{ran}");
}

#[test]
fn a_shell_that_is_none_is_told_with_the_near_one() {
    let ran = Scratch::new().run(["completions", "bahs"]);
    ran.exits(2).writes("");
    assert!(ran.stderr().contains("'bash'") && ran.stderr().contains("powershell"), "{ran}");
    Scratch::new().run(["completions"]).exits(2).writes("");
}

#[test]
fn a_reader_that_has_read_enough_is_no_error() {
    for what in ["man", "completions zsh"] {
        Scratch::new().shell(&format!("\"$0\" {what} | head -n 1 >/dev/null")).gives("");
        let ran = Scratch::new().shell(&format!("exec \"$0\" {what} >/dev/full"));
        ran.fails("standard output: No space left on device");
    }
}

fn manual() -> String {
    let ran = Scratch::new().run(["man"]);
    String::from_utf8(ran.exits(0).says("").stdout().to_vec()).unwrap()
}

#[test]
fn the_manual_has_all_that_the_help_has() {
    let page = manual();
    let sections: Vec<_> = page.lines().filter_map(|line| line.strip_prefix(".SH ")).collect();
    let expected = "NAME|SYNOPSIS|DESCRIPTION|OPTIONS|COMMANDS|EXAMPLES|EXIT STATUS|ENVIRONMENT";
    assert_eq!(sections.iter().map(|name| name.trim_matches('"')).collect::<Vec<_>>().join("|"), expected);
    let plain = page.replace("\\-", "-").replace("\\fB", "").replace("\\fR", "").replace("\\fI", "");
    let help = String::from_utf8_lossy(Scratch::new().run(["--help"]).stdout()).into_owned();
    let options = help.lines().map(str::trim).filter(|line| line.starts_with('-'));
    for option in options.map(|line| line.split(' ').find(|word| word.starts_with("--")).unwrap()) {
        assert!(plain.lines().any(|line| line.split(' ').any(|word| word == option)), "{option}\n{page}");
    }
    for heading in ["What is counted", "Which words", "Which lines", "How it looks", "The machine", "Messages"] {
        assert!(page.lines().any(|line| line.replace('"', "") == format!(".SS {heading}")), "{heading}\n{page}");
    }
    assert!(page.is_ascii() && plain.contains("cat monday.tsv tuesday.tsv | ngram-count -i counts"), "{page}");
}

#[test]
fn groff_and_mandoc_have_nothing_to_say_of_the_manual() {
    let page = manual();
    if has("groff") {
        let scratch = Scratch::new();
        let mut groff = scratch.command("groff");
        let ran = Ran::of(groff.args(["-man", "-ww", "-Tutf8", "-P-cbou"]), Some(page.as_bytes()));
        ran.exits(0).says("");
        assert!(String::from_utf8_lossy(ran.stdout()).contains("EXIT STATUS"), "{ran}");
    }
    if has("mandoc") {
        let scratch = Scratch::new();
        let mut mandoc = scratch.command("mandoc");
        let ran = Ran::of(mandoc.args(["-T", "lint"]), Some(page.as_bytes()));
        let printed = String::from_utf8_lossy(ran.stdout()).into_owned();
        // The page has no date on purpose, and lines are as long as paragraphs are.
        let wrong = printed
            .lines()
            .find(|line| !line.contains("STYLE: input text line longer") && !line.contains("missing date"));
        assert_eq!(wrong, None, "{ran}");
    }
}

/// The option had this name before, and has it in SRILM. The name works, and no help shows it.
#[test]
fn the_old_name_of_ngram_is_hidden() {
    let scratch = Scratch::with([("book.txt", &b"a b\na b\n"[..])]);
    for option in ["--ngram", "--order"] {
        scratch.run(["-i", "text", "book.txt", option, "2"]).gives("a b\t2\n");
    }
    let shells = ["bash", "elvish", "fish", "powershell", "zsh"].map(|shell| format!("completions {shell}"));
    for line in ["--help", "-h", "bench --help", "man"].into_iter().chain(shells.iter().map(String::as_str)) {
        let ran = scratch.run(line.split(' '));
        let shown = String::from_utf8_lossy(ran.exits(0).stdout()).replace('\\', "");
        assert!(!shown.contains("--order") && !shown.contains("-l order"), "{line}");
        assert!(line == "-h" || line.contains("completions") || shown.contains("--ngram"), "{line}");
    }
}

#[test]
fn the_program_under_test_is_the_one_that_is_completed() {
    let ran = Scratch::new().run(["completions", "bash"]);
    assert!(
        String::from_utf8_lossy(ran.stdout()).contains("-o bashdefault -o default ngram-count"),
        "{PROGRAM}\n{ran}"
    );
}
