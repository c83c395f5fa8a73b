//! Several results of one command, and commands without a result: no file is overwritten by mistake.

use std::fs;
use std::os::unix::fs::symlink;

use crate::common::programs::has_script;
use crate::common::{PROGRAM, Ran, Scratch};

fn scratch() -> Scratch {
    Scratch::with([("rows.tsv", &b"a\t1999\t5\t1\n"[..]), ("out.tsv", b"old\n")])
}

#[test]
fn two_results_cannot_go_to_one_place() {
    let scratch = scratch();
    symlink("x", scratch.path("link")).unwrap();
    let plot = |options: &str| scratch.shell(&format!("exec \"$0\" plot rows.tsv -w a {options}"));
    let same = |options: &str, why: &str| {
        plot(options).fails(&format!("two results can't both be written to {why}"));
    };
    same("--svg x --png x", "x");
    same("--svg x --png ./x", "./x: x leads there, too");
    same("--svg link --png x", "x: link leads there, too");
    let absolute = scratch.path("x").display().to_string();
    same(&format!("--svg link --png {absolute}"), &format!("{absolute}: link leads there, too"));
    same("--svg - --png -", "standard output");
    same("--svg - --png /dev/stdout", "/dev/stdout: standard output leads there, too");
    same("--svg - --data", "standard output");
    same("--svg out.tsv --data >out.tsv", "standard output: out.tsv leads there, too");
    same("--svg /dev/fd/3 --png /dev/fd/4 3>>log 4>&3", "/dev/fd/4: /dev/fd/3 leads there, too");
    same("--svg /dev/fd/3 --png log 3>>log", "log: /dev/fd/3 leads there, too");
    let bench = |options: &str| scratch.shell(&format!("exec \"$0\" bench nope.tsv {options}"));
    let ran = bench("--export-json a --export-csv ./a");
    ran.fails("two results can't both be written to ./a: a leads there, too");
    bench("--svg a --export-markdown a").fails("two results can't both be written to a");
    bench("--export-csv out.tsv >out.tsv")
        .fails("two results can't both be written to standard output: out.tsv leads there, too");
    bench("--export-csv - --svg -").fails("two results can't both be written to standard output");
    assert_eq!(scratch.names(), ["link", "log", "out.tsv", "rows.tsv"]);

    plot("--svg /dev/null --png /dev/null --data >/dev/null").gives("");
    plot("--svg - >/dev/null").gives("");
    // Two names of one file are two places: each gets a file of its own.
    fs::hard_link(scratch.path("out.tsv"), scratch.path("hard.png")).unwrap();
    plot("--svg out.tsv --png hard.png").gives("");
    assert!(scratch.read("out.tsv").starts_with(b"<svg ") && scratch.read("hard.png").starts_with(b"\x89PNG"));
}

#[test]
fn where_nothing_could_be_read_nothing_is_written() {
    let scratch = scratch();
    scratch.write("broken.gz", &crate::common::gzip(b"a\t1\t1\t1\n")[..12]);
    for inputs in [&["./nope"][..], &["./nope", "./none", "broken.gz"]] {
        for options in [
            &["-o", "out.tsv"][..],
            &["-o", "out.tsv", "-w", "a"],
            &["-o", "new.tsv", "-f", "json"],
            &["-f", "csv"],
            &["-f", "json", "--by", "year"],
            &["-w", "a"],
        ] {
            scratch.run(["--keep-going"].iter().chain(inputs).chain(options)).exits(2).writes("");
        }
        for options in [&["--svg", "out.tsv"][..], &["--data", "-f", "json"], &["--png", "new.tsv"], &[]] {
            let ran = scratch.run(["plot", "-w", "a", "--keep-going"].iter().chain(inputs).chain(options));
            assert!(!ran.exits(2).writes("").stderr().contains("occurs"), "{ran}");
        }
        let ran = scratch.run(["bench", "--keep-going", "--export-json", "out.tsv"].iter().chain(inputs));
        ran.exits(2).writes("");
    }
    assert_eq!(
        (scratch.read("out.tsv"), scratch.names()),
        (b"old\n".to_vec(), vec!["broken.gz".into(), "out.tsv".into(), "rows.tsv".into()])
    );
    let ran = scratch.run(["./nope", "--keep-going", "-o", "out.tsv"]);
    ran.fails("./nope: No such file or directory");
    // An empty input is one that could be read.
    scratch.write("empty", "");
    scratch.run(["./nope", "empty", "--keep-going", "-o", "out.tsv"]).exits(2);
    assert_eq!(scratch.read("out.tsv"), b"");
}

#[test]
fn a_terminal_may_get_several_results() {
    if !has_script() {
        return;
    }
    let scratch = scratch();
    let line = format!("'{PROGRAM}' plot rows.tsv -w a --data --svg /dev/stderr");
    let mut command = scratch.command("script");
    let ran = Ran::of(command.args(["--quiet", "--return", "--command", &line, "/dev/null"]), None);
    assert!(String::from_utf8_lossy(ran.exits(0).stdout()).contains("a\t1999\t5"), "{ran}");
}
