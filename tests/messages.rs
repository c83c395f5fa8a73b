//! Messages about mistakes: what they suggest, and whether they have colours.

mod common;

use common::{PROGRAM, Ran, Scratch};

const ROW: &[u8] = b"a\t1999\t1\t1\n";
const MISSING: &str = "No such file or directory";

fn folder() -> Scratch {
    let scratch = Scratch::with([("book.tsv", ROW), ("ngrams-a.gz", ROW)]);
    std::fs::create_dir(scratch.path("sub")).unwrap();
    scratch.write("sub/counts.tsv", ROW);
    scratch
}

#[test]
fn a_missing_file_is_told_with_the_near_one() {
    let scratch = folder();
    let cases = [
        ("bok.tsv", "book.tsv"),
        ("Book.tsv", "book.tsv"),
        ("book.tsv.gz", "book.tsv"),
        ("book", "book.tsv"),
        ("./boook.tsv", "./book.tsv"),
        ("sub/count.tsv", "sub/counts.tsv"),
        ("ngrams-a", "ngrams-a.gz"),
    ];
    for (typed, meant) in cases {
        let message = format!("{typed}: {MISSING}; did you mean {meant}?");
        scratch.run([typed]).fails(&message);
        scratch.run(["book.tsv", typed]).fails(&message);
        scratch.run(["book.tsv", "--words-from", typed]).fails(&message);
    }
    for typed in ["nope.tsv", "sub/book.tsv", "subs", "nosuch/book.tsv", "b"] {
        scratch.run([typed]).fails(&format!("{typed}: {MISSING}"));
    }
    let ran = scratch.run(["--keep-going", "bok.tsv", "book.tsv"]);
    ran.exits(2).writes("a\t1\n").says(&format!("ngram-count: bok.tsv: {MISSING}; did you mean book.tsv?\n"));
}

#[test]
fn a_word_that_stands_where_a_file_should_is_told() {
    let scratch = folder();
    for (typed, shown) in [("Aardvark", "Aardvark"), ("New York", "'New York'"), ("don't", "'don'\\''t'")] {
        let message = format!("{typed}: {MISSING}; to count a word, say --word {shown}");
        scratch.run(["book.tsv", typed]).fails(&message);
        scratch.run([typed, "book.tsv"]).fails(&message);
        scratch.run([typed]).fails(&format!("{typed}: {MISSING}"));
        scratch.run(["--words-from", typed, "book.tsv"]).fails(&format!("{typed}: {MISSING}"));
    }
}

#[test]
fn a_misspelt_command_is_told() {
    for (typed, meant) in [("completion", "completions"), ("mna", "man"), ("compeltions", "completions")] {
        let message = format!("{typed}: {MISSING}; did you mean the command {meant}?");
        folder().run([typed]).fails(&message);
        folder().run([typed, "book.tsv"]).fails(&message);
    }
    folder().run(["-j", "1", "man"]).fails(&format!("man: {MISSING}; the command man comes before all options"));
    folder()
        .run(["book.tsv", "completion"])
        .fails(&format!("completion: {MISSING}; to count a word, say --word completion"));
}

#[test]
fn misspelt_options_and_values_are_told_with_the_near_ones() {
    let cases = [
        ("--wrod x", "'--wrod'", "'--word'"),
        ("--ignore-csae", "'--ignore-csae'", "'--ignore-case'"),
        ("--sort wrod", "'wrod' for '--sort <ORDER>'", "'word'"),
        ("--format jsno", "'jsno'", "'json'"),
        ("-i v22", "'v22'", "'v2'"),
        ("-i txt", "[possible values: auto, v1, v2, v3, counts, text]", "'text'"),
        ("--columns word,voluems", "'voluems'", "'volumes'"),
        ("--by yaer", "'yaer'", "'year'"),
        ("--color alwyas", "'alwyas'", "'always'"),
    ];
    for (options, wrong, near) in cases {
        let ran = folder().run(options.split(' ').chain(["book.tsv"]));
        ran.exits(2).writes("");
        let said = ran.stderr();
        let tip = said.lines().find(|line| line.contains("tip: "));
        assert!(said.contains(wrong) && tip.is_some_and(|tip| tip.ends_with(near)), "{ran}");
    }
}

/// Runs it with these variables.
fn run_with(variables: &[(&str, &str)], arguments: &str) -> Ran {
    let scratch = folder();
    let mut command = scratch.command(PROGRAM);
    Ran::of(command.envs(variables.iter().copied()).args(arguments.split_whitespace()), None)
}

/// An error of the parser, one of the count, and the help.
const TELLING: [&str; 3] = ["--wrod x", "nope.tsv", "--help"];

#[test]
fn a_pipe_gets_no_colours_unless_they_are_asked_for() {
    let has_colors = |variables: &[(&str, &str)], arguments: &str| {
        let ran = run_with(variables, arguments);
        (String::from_utf8_lossy(ran.stdout()) + &*ran.stderr()).contains('\x1b')
    };
    for telling in TELLING {
        let [always, never] = ["always", "never"].map(|when| format!("--color {when} {telling}"));
        for plain in [&[][..], &[("TERM", "xterm")], &[("NO_COLOR", "1")], &[("CLICOLOR", "0")], &[("TERM", "dumb")]] {
            assert!(!has_colors(plain, telling), "{plain:?} {telling}");
            assert!(has_colors(plain, &always), "{plain:?} {always}");
            assert!(!has_colors(plain, &never), "{plain:?} {never}");
        }
        let forced = &[("CLICOLOR_FORCE", "1"), ("TERM", "xterm")];
        assert!(has_colors(forced, telling), "{telling}");
        assert!(!has_colors(forced, &never), "{never}");
        assert!(!has_colors(forced, &never.replace(' ', "  ").replace("color  ", "color=")), "{never}");
    }
}

/// Runs a line of shell in a terminal, by the `script` of util-linux, where that is installed.
fn in_terminal(line: &str) -> Option<String> {
    let scratch = folder();
    let mut script = scratch.command("script");
    let has_script = common::Scratch::new().shell("command -v script && script --version | grep util-linux");
    if has_script.stdout().is_empty() {
        eprintln!("left out, there is no script of util-linux here");
        return None;
    }
    let line = format!("stty cols 80; {}", line.replace("ngram-count", PROGRAM));
    let ran = Ran::of(script.env("TERM", "xterm").args(["-qec", &line, "/dev/null"]), None);
    Some(String::from_utf8_lossy(ran.stdout()).into_owned())
}

#[test]
fn a_terminal_gets_colours_unless_they_are_refused() {
    for telling in TELLING {
        for (before, after, expected) in [
            ("", "", true),
            ("NO_COLOR=1", "", false),
            ("CLICOLOR=0", "", false),
            ("TERM=dumb", "", false),
            ("CI=true", "", true),
            ("CI=true TERM=dumb", "", false),
            ("CI=true TERM=dumb CLICOLOR_FORCE=", "", false),
            ("CLICOLOR_FORCE=1 TERM=dumb", "", true),
            ("", "--color never", false),
            ("NO_COLOR=1", "--color=always", true),
        ] {
            let line = format!("{before} ngram-count {after} {telling}");
            if let Some(shown) = in_terminal(&line) {
                assert_eq!(shown.contains("\x1b["), expected, "{line}\n{shown}");
                assert!(shown.contains("--word") || shown.contains(MISSING), "{line}\n{shown}");
            }
        }
    }
}

#[test]
fn a_bar_is_drawn_on_a_terminal_that_can_do_it() {
    let count = "(cat book.tsv; sleep 0.7) | ngram-count --color never";
    if let Some(shown) = in_terminal(count) {
        assert!(shown.contains("\x1b[2K") && shown.ends_with("a\t1\r\n"), "{shown:?}");
        let shown = in_terminal(&count.replace("ngram-count", "TERM=dumb ngram-count")).unwrap_or_default();
        assert_eq!(shown, "a\t1\r\n");
    }
}

#[test]
fn without_a_file_in_a_terminal_there_is_a_short_usage() {
    if let Some(shown) = in_terminal("ngram-count; echo $?") {
        let lines: Vec<_> = shown.lines().map(str::trim_end).collect();
        assert!(lines.len() < 12 && lines.last() == Some(&"2"), "{shown}");
        assert!(shown.contains("Usage:") && shown.contains("--help") && shown.contains("no FILE is named"), "{shown}");
    }
}
