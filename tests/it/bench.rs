//! `ngram-count bench`: its output, its files and its refusals. No test depends on times.

use crate::common::{PROGRAM, Ran, Scratch, gzip, sample};
use serde_json::Value;

const QUICK: [&str; 6] = ["--runs", "2", "--chunk-sizes", "64KiB,1MiB", "--threads", "1,2"];

fn scratch() -> Scratch {
    Scratch::with([("rows.tsv", &sample(4000)[..]), ("bad.tsv", &b"a\tb\n"[..])])
}

/// Runs a quick bench on `rows.tsv`.
fn bench<'a>(scratch: &Scratch, arguments: impl IntoIterator<Item = &'a str>) -> Ran {
    scratch.run(["bench", "rows.tsv"].into_iter().chain(QUICK).chain(arguments))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// Runs a bench in a terminal of another width or locale.
fn bench_in(scratch: &Scratch, environment: &[(&str, &str)]) -> String {
    let mut command = scratch.command(PROGRAM);
    command.args(["bench", "rows.tsv"]).args(QUICK).envs(environment.iter().copied());
    text(Ran::of(&mut command, None).exits(0).stdout())
}

/// The lines of the table between its header and the advice.
fn rows(shown: &str) -> Vec<Vec<&str>> {
    let lines = shown.lines().skip_while(|line| !line.contains("chunk  threads")).skip(1);
    let lines = lines.take_while(|line| !line.starts_with("use ")).filter(|line| !line.is_empty());
    lines.map(|line| line.trim_start_matches(['*', ' ']).split_whitespace().collect()).collect()
}

#[test]
fn the_table_has_a_line_for_each_chunk_size_and_number_of_threads() {
    let ran = bench(&scratch(), []);
    let shown = text(ran.exits(0).stdout());
    let points: Vec<_> = rows(&shown).iter().map(|row| (row[0].to_owned(), row[1].to_owned())).collect();
    let expected = [("64KiB", "1"), ("1MiB", "1"), ("64KiB", "2"), ("1MiB", "2")];
    assert_eq!(points, expected.map(|(size, threads)| (size.to_owned(), threads.to_owned())), "{ran}");
    assert!(shown.starts_with("rows.tsv (v2): ") && shown.contains("4.00k rows; 2 runs each after 1 to warm up"));
    for header in ["mean", "min", "MB/s", "rows/s", "speed-up"] {
        assert!(shown.contains(header), "{header}\n{ran}");
    }
    assert_eq!(shown.lines().filter(|line| line.starts_with('*')).count(), 1, "one line is advised\n{ran}");
    assert_eq!(shown.lines().filter(|line| line.starts_with("use --chunk-size ")).count(), 1, "{ran}");
}

#[test]
fn lists_are_sorted_and_nothing_is_measured_twice() {
    let arguments = ["bench", "rows.tsv", "-r", "2", "-j", "2,2", "--chunk-sizes", "1M,64k,1024KiB", "--warmup", "0"];
    let ran = scratch().run(arguments);
    let shown = text(ran.exits(0).stdout());
    assert_eq!(rows(&shown).iter().map(|row| row[0]).collect::<Vec<_>>(), ["64KiB", "1MiB"], "{ran}");
    assert!(!shown.contains("speed-up") && !shown.contains("warm up"), "nothing to compare with\n{ran}");
}

#[test]
fn no_colours_unless_asked_for() {
    let scratch = scratch();
    assert!(!text(bench(&scratch, []).exits(0).stdout()).contains('\x1b'));
    assert!(text(bench(&scratch, ["--color", "always"]).exits(0).stdout()).contains("\x1b["));
}

#[test]
fn without_unicode_there_is_ascii_alone() {
    let scratch = scratch();
    assert!(bench_in(&scratch, &[("LC_ALL", "C")]).is_ascii());
    let shown = bench_in(&scratch, &[("LC_ALL", "C.UTF-8")]);
    assert!(shown.contains("mean ± σ") && shown.contains('█'), "{shown}");
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let scratch = scratch();
    for (columns, width) in [("40", 40), ("60", 60), ("80", 80), ("120", 120)] {
        for locale in ["C", "C.UTF-8"] {
            let shown = bench_in(&scratch, &[("COLUMNS", columns), ("LC_ALL", locale)]);
            assert!(shown.lines().all(|line| line.chars().count() <= width), "{columns}\n{shown}");
            assert_eq!(rows(&shown).len(), 4, "{columns}\n{shown}");
        }
    }
}

#[test]
fn all_results_are_exported() {
    let scratch = scratch();
    let exports = ["--export-json", "b.json", "--export-csv", "b.csv", "--export-markdown", "b.md", "--svg", "b.svg"];
    bench(&scratch, exports).exits(0);
    assert_eq!(scratch.names(), ["b.csv", "b.json", "b.md", "b.svg", "bad.tsv", "rows.tsv"]);
    json_is_right(&serde_json::from_slice(&scratch.read("b.json")).expect("JSON"));
    csv_is_right(&scratch.read("b.csv"));
    let markdown = text(&scratch.read("b.md"));
    assert_eq!(markdown.lines().filter(|line| line.starts_with("| ")).count(), 1 + 4, "{markdown}");
    assert!(markdown.contains("\nUse `--chunk-size "), "{markdown}");
    let svg = text(&scratch.read("b.svg"));
    assert!(svg.starts_with("<svg ") && svg.trim_end().ends_with("</svg>"), "{svg}");
    assert!(svg.contains("64KiB") && svg.contains("1 thread") && svg.contains("2 threads"), "{svg}");
    let [opened, closed] = ["<text", "</text>"].map(|tag| svg.matches(tag).count());
    assert_eq!(opened, closed, "{svg}");
}

fn json_is_right(json: &Value) {
    assert_eq!((&json["rows"], &json["runs"], &json["warmup"]), (&4000.into(), &2.into(), &1.into()));
    assert_eq!((&json["files"][0], &json["formats"][0]), (&"rows.tsv".into(), &"v2".into()));
    let results = json["results"].as_array().expect("results");
    let points: Vec<_> = results.iter().map(|row| (row["chunk_size"].as_u64(), row["threads"].as_u64())).collect();
    let expected = [(1 << 16, 1), (1 << 20, 1), (1 << 16, 2), (1 << 20, 2)];
    assert_eq!(points, expected.map(|(size, threads)| (Some(size), Some(threads))));
    for row in results {
        let number = |name: &str| row[name].as_f64().expect(name);
        assert_eq!(row["times"].as_array().map(Vec::len), Some(2), "{row}");
        assert!(number("min") <= number("mean") && number("mean") <= number("max"), "{row}");
        assert!(number("stddev") >= 0.0 && number("mb_per_second") > 0.0 && number("speed_up") > 0.0, "{row}");
    }
    assert!(json["advice"]["options"].as_str().is_some_and(|options| options.starts_with("--chunk-size ")));
    assert!(json["warnings"].is_array());
}

fn csv_is_right(content: &[u8]) {
    let mut reader = csv::Reader::from_reader(content);
    let header: Vec<_> = reader.headers().expect("a header").iter().map(str::to_owned).collect();
    let names = "chunk_size threads runs mean stddev median min max mb_per_second rows_per_second speed_up";
    assert_eq!(header, names.split(' ').collect::<Vec<_>>());
    let lines: Vec<_> = reader.records().map(|record| record.expect("a record")).collect();
    let points: Vec<_> = lines.iter().map(|line| (&line[0], &line[1], &line[2])).collect();
    assert_eq!(points, [("65536", "1", "2"), ("1048576", "1", "2"), ("65536", "2", "2"), ("1048576", "2", "2")]);
}

#[test]
fn an_export_to_standard_output_has_it_alone() {
    let ran = bench(&scratch(), ["--export-csv", "-"]);
    csv_is_right(ran.exits(0).stdout());
}

#[test]
fn a_lookup_a_filter_and_compressed_files_are_benched_as_they_are_counted() {
    let scratch = scratch();
    scratch.write("rows.gz", gzip(&sample(4000)));
    bench(&scratch, ["--word", "Aardvark", "-w", "z"]).exits(0);
    bench(&scratch, ["--word", "no such word"]).exits(0);
    bench(&scratch, ["--by", "year", "--years", "1850-1860", "--sort", "none"]).exits(0);
    let ran = scratch.run(["bench", "rows.gz", "rows.tsv"].iter().chain(&QUICK));
    assert!(text(ran.exits(0).stdout()).starts_with("2 files (v2, gzip; v2): "), "{ran}");
}

#[test]
fn what_makes_no_sense_is_refused_at_once() {
    let scratch = scratch();
    for (arguments, reason) in [
        (&["--runs", "0"][..], "expected at least 2 runs"),
        (&["--runs", "1"], "expected at least 2 runs"),
        (&["--runs", "many"], "expected a number of runs"),
        (&["--warmup", "-1"], "unexpected argument"),
        (&["--chunk-sizes", "0"], "expected at least 1 byte"),
        (&["--chunk-sizes", "1M,,2M"], "expected a number of bytes"),
        (&["--threads", "0"], "expected at least 1 thread"),
        (&["--threads", "1,5000"], "expected at most 1024 threads"),
    ] {
        let ran = scratch.run(["bench", "rows.tsv"].iter().chain(arguments));
        ran.exits(2).writes("");
        assert!(ran.stderr().contains(reason), "{reason}\n{ran}");
    }
    let ran = scratch.run(["bench"]);
    assert!(ran.exits(2).writes("").stderr().contains("<FILE>"), "{ran}");
}

#[test]
fn standard_input_is_refused() {
    let why = "bench counts its input again and again, and standard input (-) can be read only once: name a file";
    scratch().run(["bench", "-"]).fails(why);
    scratch().pipe(b"a\t1\n", ["bench", "rows.tsv", "-"]).fails(why);
}

#[test]
fn what_can_be_read_only_once_is_refused_before_it_is_opened() {
    let scratch = scratch();
    scratch.fifo("pipe");
    let why =
        |name: &str| format!("bench counts its input again and again, and {name} can be read only once: name a file");
    scratch.run(["bench", "pipe"]).fails(&why("pipe"));
    scratch.run(["bench", "rows.tsv", "pipe", "--keep-going"]).fails(&why("pipe"));
    scratch.run(["bench", "/dev/null"]).fails(&why("/dev/null"));
    let _socket = std::os::unix::net::UnixListener::bind(scratch.path("socket")).expect("a socket");
    scratch.run(["bench", "socket"]).fails(&why("socket"));
    scratch.shell("cat rows.tsv | \"$0\" bench /dev/fd/0").fails(&why("/dev/fd/0"));
    // Words are read once.
    let quick = QUICK.join(" ");
    scratch.shell(&format!("echo z | \"$0\" bench rows.tsv -q --words-from - {quick} >/dev/null")).gives("");
    scratch.shell(&format!("\"$0\" bench /dev/fd/0 -q {quick} <rows.tsv >/dev/null")).gives("");
}

#[test]
fn what_cannot_be_read_ends_it() {
    let scratch = scratch();
    scratch.run(["bench", "nope.tsv"]).fails("nope.tsv: No such file or directory");
    let ran = scratch.run(["bench", "bad.tsv", "--export-json", "b.json"]);
    assert!(ran.exits(2).writes("").stderr().starts_with("ngram-count: bad.tsv:1: expected 4 fields"), "{ran}");
    assert_eq!(scratch.names(), ["bad.tsv", "rows.tsv"], "nothing is left behind");
    bench(&scratch, ["bad.tsv", "--skip-malformed"]).exits(0);
    let ran = bench(&scratch, ["nope.tsv", "--keep-going", "-q"]);
    ran.exits(2).says("ngram-count: nope.tsv: No such file or directory\n");
    assert_eq!(rows(&text(ran.stdout())).len(), 4, "{ran}");
}

#[test]
fn a_place_that_cannot_be_written_to_is_told_before_the_input_is_read() {
    let scratch = scratch();
    for option in ["--export-json", "--export-csv", "--export-markdown", "--svg"] {
        let ran = scratch.run(["bench", "bad.tsv", option, "no/folder/b"]);
        ran.fails("no/folder/b: No such file or directory");
    }
    let ran = scratch.run(["bench", "bad.tsv", "--svg", "b", "--export-json", "b"]);
    ran.fails("two results can't both be written to b");
}

#[test]
fn quiet_leaves_out_warnings_and_a_closed_pipe_is_no_error() {
    let scratch = scratch();
    bench(&scratch, ["--quiet"]).exits(0).says("");
    let ran = bench(&scratch, ["--progress", "never"]);
    // Short runs tell little. On a busy machine they take long, and vary.
    assert!(ran.exits(0).stderr().starts_with("ngram-count: "), "{ran}");
    scratch
        .shell(&format!("( \"$0\" bench rows.tsv -q {}; echo $? >&2 ) | true", QUICK.join(" ")))
        .exits(0)
        .says("0\n");
}

#[test]
fn the_short_help_fits_one_screen_and_the_long_one_has_examples() {
    let help = text(Scratch::new().run(["bench", "-h"]).exits(0).says("").stdout());
    assert!(help.lines().count() <= 24 && help.lines().all(|line| line.chars().count() <= 80), "{help}");
    let help = text(Scratch::new().run(["bench", "--help"]).exits(0).says("").stdout());
    assert!(help.contains("Examples:") && help.lines().all(|line| line.chars().count() <= 80), "{help}");
}

#[cfg(feature = "postgres")]
#[test]
fn event_loops_and_connections_need_a_table() {
    let scratch = scratch();
    let why = "--event-loops and --connections are for tables of PostgreSQL, and no FILE is one: leave them out";
    scratch.run(["bench", "rows.tsv", "--event-loops", "1,2"]).fails(why);
    scratch.run(["bench", "rows.tsv", "--connections", "1,2"]).fails(why);
    for (arguments, reason) in [
        (["--connections", "0"], "expected at least 1 connection"),
        (["--connections", "1,,2"], "expected a whole number of connections"),
        (["--connections", "1,5000"], "expected at most 1024 connections"),
        (["--event-loops", "0"], "expected at least 1 thread"),
    ] {
        let ran = scratch.run(["bench", "postgres://ann@host/db?table=t"].into_iter().chain(arguments));
        assert!(ran.exits(2).writes("").stderr().contains(reason), "{reason}\n{ran}");
    }
}

#[cfg(feature = "postgres")]
#[test]
fn a_table_without_a_server_ends_it_and_no_password_is_shown() {
    let scratch = scratch();
    let ran = scratch.run(["bench", "postgres://ann:secret@/db?host=/no/such/folder&table=t", "--export-csv", "b.csv"]);
    assert!(ran.exits(2).writes("").stderr().starts_with("ngram-count: postgres://ann@/db?host=/no/such"), "{ran}");
    assert!(!ran.stderr().contains("secret"), "{ran}");
    assert_eq!(scratch.names(), ["bad.tsv", "rows.tsv"], "nothing is left behind");
}
