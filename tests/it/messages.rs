//! Messages about mistakes: their suggestions and their colours.

use crate::common::programs::has_script;
use crate::common::{PROGRAM, Ran, Scratch};

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

/// Characters that a terminal would obey, and that would look like another message.
const EVIL: &str = "x\x1b[31m\u{202e}\nngram-count: y\u{9b}";
const HARMLESS: &str = "x\\u{1b}[31m\\u{202e}\\nngram-count: y\\u{9b}";

#[test]
fn what_was_typed_is_shown_escaped() {
    let option = format!("--{EVIL}");
    let cases: [&[&str]; 12] = [
        &["--sort", EVIL, "book.tsv"],
        &["--by", EVIL, "book.tsv"],
        &["--columns", EVIL, "book.tsv"],
        &["--years", EVIL, "book.tsv"],
        &["--chunk-size", EVIL, "book.tsv"],
        &[&option, "book.tsv"],
        &["plot", &option, "book.tsv"],
        &["bench", "book.tsv", &option],
        &["completions", EVIL],
        &[EVIL],
        &["book.tsv", "-o", &format!("missing/{EVIL}")],
        &["bench", "book.tsv", "--svg", EVIL, "--export-csv", EVIL],
    ];
    for arguments in cases {
        for color in ["never", "always"] {
            let ran = folder().run(arguments.iter().chain(&["--color", color]));
            ran.exits(2).writes("");
            let said = ran.stderr();
            assert!(said.contains(HARMLESS), "{ran}");
            assert!(!said.contains(['\u{202e}', '\u{9b}']) && !said.contains("\x1b[31m\u{5c}"), "{said:?}");
            assert!(!said.contains("\nngram-count: y") && !said.contains("x\x1b"), "{said:?}");
            assert!(color == "always" || !said.contains('\x1b'), "{said:?}");
        }
    }
}

#[test]
fn names_in_statistics_are_shown_escaped() {
    let scratch = folder();
    scratch.write(EVIL, ROW);
    scratch.write("list", format!("{EVIL}\nb\u{202e}"));
    let ran = scratch.run([EVIL, "--stats", "human"]);
    assert!(ran.exits(0).stderr().contains(&format!(" {HARMLESS} (v2): 1 rows\n")), "{ran}");
    let ran = scratch.run(["bench", EVIL, "-r", "2", "-j", "1", "--chunk-sizes", "1M", "-q"]);
    assert!(String::from_utf8_lossy(ran.exits(0).stdout()).starts_with(HARMLESS), "{ran}");
    let ran = scratch.run(["plot", "--words-from", "list", "-w", "a", "book.tsv", "--svg", "a.svg"]);
    assert_eq!(ran.exits(0).stderr().lines().count(), 3, "{ran}");
    for shown in [ran.stderr(), String::from_utf8(scratch.read("a.svg")).unwrap()] {
        assert!(!shown.contains(['\x1b', '\u{202e}', '\u{9b}']), "{shown:?}");
    }
    let ran = scratch.run(["-w", "a\t\u{202e}\x1b", "book.tsv"]);
    ran.fails("no ngram can hold a TAB or a line end, so \"a\\t\\u{202e}\\u{1b}\" is none");
}

#[test]
fn a_name_that_would_be_escaped_is_not_suggested() {
    let scratch = folder();
    scratch.write("counter\u{202e}s.tsv", ROW);
    scratch.run(["counters.tsv"]).fails(&format!("counters.tsv: {MISSING}"));
}

#[test]
fn a_link_whose_target_is_missing_is_told_as_one() {
    let scratch = folder();
    let link = |target: &str, name: &str| std::os::unix::fs::symlink(target, scratch.path(name)).unwrap();
    link("gone.tsv", "x.tsv");
    link("x.tsv", "z.tsv");
    link("gone\x1b.tsv", "sub/evil.tsv");
    link("/nowhere/gone.tsv", "far.tsv");
    let cases = [
        ("x.tsv", "gone.tsv"),
        ("z.tsv", "gone.tsv"),
        ("sub/evil.tsv", "sub/gone\\u{1b}.tsv"),
        ("far.tsv", "/nowhere/gone.tsv"),
    ];
    for (name, target) in cases {
        let message = format!("{name}: is a link to {target}, which is not there");
        scratch.run([name]).fails(&message);
        scratch.run(["book.tsv", "--words-from", name]).fails(&message);
        scratch.run(["book.tsv", "--totals", name]).fails(&message);
        scratch.run(["plot", "-w", "a", name]).fails(&message);
        scratch.run(["bench", name]).fails(&message);
        let ran = scratch.run(["plot", "-w", "a", "--data", "--keep-going", "book.tsv", name]);
        ran.exits(2).writes("a\t1999\t1\n").says(&format!("ngram-count: {message}\n"));
    }
    // Nor is it suggested for another name.
    scratch.run(["zz.tsv"]).fails(&format!("zz.tsv: {MISSING}"));
    link("x.tsv", "counters.tsv");
    scratch.run(["counterz.tsv"]).fails(&format!("counterz.tsv: {MISSING}"));
}

#[test]
fn an_option_of_another_command_is_told_with_it() {
    let cases = [
        ("plot book.tsv --pos drop", "tip: --pos belongs to the count: ngram-count --pos WHAT ...\n"),
        ("plot book.tsv -n 3", "tip: -n belongs to the count: ngram-count -n N ...\n"),
        ("plot --top=3 book.tsv", "tip: --top belongs to the count: ngram-count --top N ...\n"),
        ("man --quiet", "tip: --quiet belongs to the count: ngram-count --quiet ...\n"),
        ("--smooth 3 book.tsv", "tip: --smooth belongs to plot: ngram-count plot --smooth N ...\n"),
        ("book.tsv --runs 3", "tip: --runs belongs to bench: ngram-count bench --runs N ...\n"),
        ("bench book.tsv --data", "tip: --data belongs to plot: ngram-count plot --data ...\n"),
        ("book.tsv --svg a", "tip: --svg belongs to bench: ngram-count bench --svg FILE ...\n"),
        ("book.tsv --svg a", "tip: --svg belongs to plot: ngram-count plot --svg FILE ...\n"),
    ];
    for (line, tip) in cases {
        let ran = folder().run(line.split(' '));
        let said = ran.exits(2).writes("").stderr();
        assert!(said.contains(tip) && !said.contains("as a value") && !said.contains("similar"), "{ran}");
    }
}

#[test]
fn help_is_printed_for_the_word_help_unless_that_is_a_file() {
    let scratch = folder();
    for (words, meant) in [("help", "--help"), ("help plot", "plot --help"), ("help bench", "bench --help")] {
        let help = scratch.run(meant.split(' '));
        scratch.run(words.split(' ')).gives(help.exits(0).stdout());
    }
    scratch.run(["help", "book.tsv"]).fails(&format!("help: {MISSING}; to count a word, say --word help"));
    scratch.write("help", ROW);
    scratch.run(["help"]).gives("a\t1\n");
    scratch.run(["help", "book.tsv"]).gives("a\t2\n");
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

/// Runs a line of shell in a terminal, by `script`, if the machine has it.
fn in_terminal(line: &str) -> Option<String> {
    let scratch = folder();
    let mut script = scratch.command("script");
    if !has_script() {
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

/// A fast file and then a slow pipe: a second after the file there is a rate, in the units of --stats.
#[test]
fn a_log_has_the_rate_in_decimal_units() {
    let scratch = Scratch::with([("rows.tsv", &ROW.repeat(300_000)[..])]);
    let ran = scratch.shell("(cat rows.tsv; sleep 1.5) | $0 --progress always");
    ran.exits(0).writes("a\t300000\n");
    assert!(ran.stderr().starts_with("ngram-count: 3.15 MB (") && ran.stderr().ends_with(" MB/s)\n"), "{ran}");
}

#[test]
fn without_a_file_in_a_terminal_there_is_a_short_usage() {
    if let Some(shown) = in_terminal("ngram-count; echo $?") {
        let lines: Vec<_> = shown.lines().map(str::trim_end).collect();
        assert!(lines.len() < 12 && lines.last() == Some(&"2"), "{shown}");
        assert!(shown.contains("Usage:") && shown.contains("--help") && shown.contains("no FILE is named"), "{shown}");
    }
}
