//! The job of `examples/hadoop`, with a stand-in for Hadoop that runs the mapper and the reducer one after the other.

use std::path::Path;

use crate::common::programs::has;
use crate::common::{PROGRAM, Ran, Scratch};

/// Runs the mapper on all inputs, sorts its lines, and runs the reducer, as a job with one of each does.
const HADOOP: &str = r#"#!/bin/sh
while [ $# -gt 0 ]; do
    case $1 in
        -mapper) mapper=$2 ;; -reducer) reducer=$2 ;; -files) program=${2%#*} ;;
        -input) inputs="$inputs $2" ;; -output) output=$2 ;;
    esac
    shift
done
export mapreduce_task_attempt_id=attempt_1
ln -sf "$program" ngram-count
cat $inputs | sh -c "$mapper" >mapped && LC_ALL=C sort mapped >sorted && sh -c "$reducer" <sorted >"$output"
"#;

fn scratch() -> Option<Scratch> {
    if !has("bash") {
        return None;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let rows = std::fs::read(root.join("data/sample-v2.tsv")).unwrap();
    Some(Scratch::with([("rows.tsv", &rows[..]), ("hadoop", HADOOP.as_bytes())]))
}

/// Runs the job on `rows.tsv` with these options.
fn run(scratch: &Scratch, options: &[&str], reducer_options: &str) -> Ran {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/hadoop/run.sh");
    let mut command = scratch.command("sh");
    command.args(["-c", r#"chmod +x hadoop; PATH=$PWD:$PATH exec bash "$0" "$@""#]).arg(script).args(options);
    command.args(["--", "rows.tsv", "out"]).env("NGRAM_COUNT", PROGRAM).env("STREAMING_JAR", "streaming.jar");
    Ran::of(command.env("REDUCER_OPTIONS", reducer_options), None)
}

#[test]
fn the_job_has_the_result_of_one_process() {
    let Some(scratch) = scratch() else { return };
    let cases: [&[&str]; 7] = [
        &[],
        &["-i", "v2", "--pos", "drop"],
        &["--by", "year", "-w", "Aardvark", "--word=radio"],
        &["--by=decade", "--years", "1900-1999", "--skip-malformed"],
        &["--regex", "^(tele|phono) ?graph$", "--exclude-regex=^phono"],
        &["--ignore-case", "--exclude", "THE", "--prefix", "t"],
        &["--word", "no such word"],
    ];
    for options in cases {
        run(&scratch, options, "").exits(0);
        let adding: &[&str] = match options {
            [by, ..] if by.starts_with("--by") => &["out", "-i", "v2", "--by=year"],
            _ => &["out", "-i", "counts", "--sort=word"],
        };
        let one = scratch.run([options, &["rows.tsv", "--sort=word"]].concat());
        assert_eq!(String::from_utf8_lossy(scratch.run(adding).stdout()), String::from_utf8_lossy(one.stdout()));
    }
    run(&scratch, &["--pos", "drop"], "--min-count=5000000 --max-count=9000000").exits(0);
    let one = scratch.run(["rows.tsv", "--pos=drop", "--min-count=5000000", "--max-count=9000000"]);
    scratch.run(["out", "-i", "counts"]).gives(one.stdout());
}

/// What selects or formats in a mapper would lose words, or leave Hadoop without any.
#[test]
fn options_that_say_nothing_of_a_part_are_refused() {
    let Some(scratch) = scratch() else { return };
    for option in
        ["--top=5", "-n", "-qn", "-n5", "--columns=word", "-o", "--output=x", "--spelling=commonest", "--header", "-f"]
            .into_iter()
            .chain([
                "--range=0-5",
                "--totals=x",
                "--words-from=x",
                "--exclude-from=x",
                "--memory=1G",
                "--sort=word",
                "rows.tsv",
            ])
    {
        let ran = run(&scratch, &[option, "5"], "");
        assert!(ran.exits(2).stderr().starts_with("run.sh: a mapper can't have "), "{ran}");
    }
    let ran = run(&scratch, &["--min-count=5"], "");
    assert!(ran.exits(2).stderr().contains("REDUCER_OPTIONS"), "{ran}");
    assert!(!scratch.path("out").exists());
}
