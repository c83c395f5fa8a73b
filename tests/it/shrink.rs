//! A mapped file that shrinks during a run: one message and status 2, with any number of threads.

use std::fs::{self, File};
use std::process::{Command, Stdio};

use crate::common::{PROGRAM, Ran, Scratch, sample};

/// Starts a count of `rows.tsv`, and truncates the file as soon as it is mapped.
fn shrunk(scratch: &Scratch, text: &[u8], command: &mut Command, what: &str) -> Ran {
    scratch.write("rows.tsv", text);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let maps = format!("/proc/{}/maps", child.id());
    while child.try_wait().unwrap().is_none() && !fs::read_to_string(&maps).is_ok_and(|maps| maps.contains("rows.tsv"))
    {
    }
    File::options().write(true).open(scratch.path("rows.tsv")).unwrap().set_len(0).unwrap();
    Ran::of_child(child, what)
}

/// The run may end before the file shrinks, though mostly it does not. Either the message comes, or all rows are
/// counted; a part of the file never counts as the whole.
#[test]
fn a_file_that_shrinks_meanwhile_gives_one_message_and_never_a_wrong_number() {
    let text = sample(100_000);
    let ways: [&[&str]; 5] = [&[], &["--by", "year"], &["-w", "a"], &["-o", "out.tsv"], &["-"]];
    let expected = ways.map(|options| {
        let scratch = Scratch::with([("rows.tsv", &text[..])]);
        let options = options.iter().filter(|option| !["-", "-o", "out.tsv"].contains(option));
        scratch.run(["rows.tsv"].iter().chain(options)).stdout().to_vec()
    });
    for (round, threads) in [1, 2, 8, 2].into_iter().enumerate() {
        for (options, expected) in ways.iter().zip(&expected) {
            let scratch = Scratch::new();
            scratch.write("rows.tsv", &text);
            let mut command = scratch.command(PROGRAM);
            command.args(["--chunk-size", "1", "-j", &threads.to_string()]).args(*options);
            if options.contains(&"-") {
                command.stdin(File::open(scratch.path("rows.tsv")).unwrap());
            } else {
                command.arg("rows.tsv");
            }
            let ran = shrunk(&scratch, &text, &mut command, &format!("round {round}: {options:?}, while it shrinks"));
            let name = if options.contains(&"-") { "standard input" } else { "rows.tsv" };
            if ran.stderr().is_empty() {
                let result = if options.contains(&"-o") { scratch.read("out.tsv") } else { ran.stdout().to_vec() };
                ran.exits(0);
                assert!(result == *expected, "{ran}");
            } else {
                ran.exits(2).writes("");
                let stderr = ran.stderr();
                assert!(stderr.starts_with(&format!("ngram-count: {name}: ")), "{ran}");
                assert!(stderr.ends_with('\n') && stderr.lines().count() == 1, "{ran}");
                assert_eq!(scratch.names(), ["rows.tsv"], "nothing is left behind");
            }
        }
    }
}
