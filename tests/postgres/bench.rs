//! `ngram-count bench` of tables: which settings it sweeps, and what it advises. No test depends on times.

use serde_json::Value;

use crate::common::Ran;
use crate::database::Database;

/// Two runs of each point are enough.
const QUICK: [&str; 4] = ["--runs", "2", "--warmup", "0"];
const LISTS: [&str; 4] = ["--event-loops", "2,1", "--connections", "1,3"];

fn bench(db: &Database, url: &str, options: &[&str]) -> Ran {
    db.run([&["bench", url], &QUICK[..], options].concat())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// The first values of each line of the table below this header, up to the advice.
fn lines<const N: usize>(ran: &Ran, header: &str) -> Vec<[String; N]> {
    let shown = text(ran.stdout());
    let below = shown.lines().skip_while(|line| !line.starts_with(header)).skip(1);
    let lines = below.take_while(|line| !line.starts_with("use ")).filter(|line| !line.is_empty());
    let values = |line: &str| {
        let mut words = line.trim_start_matches('*').split_whitespace().map(str::to_owned);
        std::array::from_fn(|_| words.next().unwrap_or_default())
    };
    lines.map(values).collect()
}

fn json(db: &Database, name: &str) -> Value {
    serde_json::from_slice(&db.scratch.read(name)).expect("JSON")
}

/// These settings of each result.
fn settings<const N: usize>(json: &Value, fields: [&str; N]) -> Vec<[u64; N]> {
    let results = json["results"].as_array().expect("results");
    results.iter().map(|result| fields.map(|field| result[field].as_u64().expect(field))).collect()
}

#[test]
fn event_loops_and_connections_are_in_the_table_and_in_the_advice() {
    let Some(db) = Database::new() else { return };
    db.with_pages();
    let url = db.url("table=ngrams");
    let ran = bench(&db, &url, &LISTS);
    let pools = lines(ran.exits(0), "  loops  connections  mean");
    assert_eq!(pools, [["1", "1"], ["1", "3"], ["2", "1"], ["2", "3"]], "{ran}");
    let shown = text(ran.stdout());
    assert!(shown.starts_with(&url) && !shown.contains("chunk") && !shown.contains("threads"), "{ran}");
    assert!(shown.contains("speed-up"), "{ran}");
    let advice = shown.lines().find_map(|line| line.strip_prefix("use ")).expect("an advice");
    assert!(advice.starts_with("--event-loops ") && advice.contains(" --connections "), "{ran}");
    let last = shown.lines().last();
    assert_eq!(last, Some(&*format!("ngram-count {advice} '{url}'")), "{ran}");
}

#[test]
fn the_advised_command_counts_what_was_measured_and_names_no_password() {
    let Some(db) = Database::new() else { return };
    db.with_pages();
    let url = db.url("table=ngrams");
    let options = ["--word", "New York", "-w", "don't", "--by", "year", "--years=1900-", "--quiet"];
    let ran = bench(&db, &url.replace("postgres@", "postgres:secret@"), &[&LISTS[..], &options].concat());
    let shown = text(ran.exits(0).says("").stdout());
    assert!(!shown.contains("secret"), "{ran}");
    let command = shown.lines().last().and_then(|line| line.strip_prefix("ngram-count ")).expect("a command line");
    let counted = db.run([&["rows.tsv"], &options[..]].concat());
    db.scratch.shell(&format!("\"$0\" {command}")).gives(counted.stdout());
}

#[test]
fn without_lists_there_are_few_points() {
    let Some(db) = Database::new() else { return };
    db.with_pages();
    bench(&db, &db.url("table=ngrams"), &["--export-json", "b.json"]).exits(0);
    let cores = std::thread::available_parallelism().expect("a number of cores").get() as u64;
    let mut loops = vec![1, cores];
    loops.dedup();
    let all = loops.iter().flat_map(|loops| [1, 2, 6].map(|connections| [1 << 20, cores, *loops, connections]));
    let found = settings(&json(&db, "b.json"), ["chunk_size", "threads", "event_loops", "connections"]);
    assert_eq!(found, all.collect::<Vec<_>>());
}

#[test]
fn of_several_lists_all_combinations_are_measured() {
    let Some(db) = Database::new() else { return };
    db.with_pages();
    let options = ["--chunk-sizes", "1K,64K", "--connections", "1,2", "-j", "1", "--export-json", "b.json"];
    let ran = bench(&db, &db.url("table=ngrams"), &options);
    let points = lines(ran.exits(0), "  chunk  threads  connections  mean");
    let expected = [["1KiB", "1", "1"], ["1KiB", "1", "2"], ["64KiB", "1", "1"], ["64KiB", "1", "2"]];
    assert_eq!(points, expected, "{ran}");
    let found = settings(&json(&db, "b.json"), ["chunk_size", "connections"]);
    assert_eq!(found, [[1 << 10, 1], [1 << 10, 2], [1 << 16, 1], [1 << 16, 2]]);
}

#[test]
fn all_exports_have_event_loops_and_connections() {
    let Some(db) = Database::new() else { return };
    db.with_pages();
    let exports = ["--export-json", "b.json", "--export-csv", "b.csv", "--export-markdown", "b.md", "--svg", "b.svg"];
    bench(&db, &db.url("table=ngrams"), &[&LISTS[..], &exports].concat()).exits(0);
    let json = json(&db, "b.json");
    assert_eq!(json["rows"], 400, "{json}");
    assert_eq!(settings(&json, ["event_loops", "connections"]), [[1, 1], [1, 3], [2, 1], [2, 3]]);
    assert!(json["advice"]["connections"].is_u64() && json["advice"]["event_loops"].is_u64(), "{json}");
    assert!(json["advice"]["command"].as_str().is_some_and(|line| line.starts_with("ngram-count --event-loops ")));
    let csv = text(&db.scratch.read("b.csv"));
    assert!(csv.starts_with("chunk_size,threads,event_loops,connections,runs,mean,"), "{csv}");
    let markdown = text(&db.scratch.read("b.md"));
    assert!(markdown.starts_with("| event loops | connections | mean ± σ "), "{markdown}");
    let svg = text(&db.scratch.read("b.svg"));
    for name in ["1 event loop", "2 event loops", "connections"] {
        assert!(svg.contains(name), "{name}\n{svg}");
    }
}

#[test]
fn a_table_beside_a_file_is_measured_as_a_table() {
    let Some(db) = Database::new() else { return };
    db.with_pages();
    let ran = bench(&db, &db.url("table=ngrams"), &[&["rows.tsv"], &LISTS[..]].concat());
    assert_eq!(lines::<2>(ran.exits(0), "  loops  connections  mean").len(), 4, "{ran}");
    assert!(text(ran.stdout()).starts_with("2 inputs (counts; v2): "), "{ran}");
}

/// Each run reads a snapshot of its own.
#[test]
fn a_table_that_changes_between_two_runs_ends_it() {
    let Some(db) = Database::new() else { return };
    db.sql(
        "CREATE VIEW now AS SELECT 'a' AS ngram, (1e6 * extract(epoch FROM clock_timestamp()))::bigint AS match_count",
    );
    let ran = bench(&db, &db.url("table=now"), &["--connections", "1,2", "--export-csv", "b.csv"]);
    let said = ran.exits(2).writes("").stderr();
    assert!(said.starts_with("ngram-count: the answers differ: 1 rows, 1 words, "), "{ran}");
    assert!(said.contains(" with 1 connection, but 1 rows, ") && said.contains("writes to the inputs, "), "{ran}");
    assert_eq!(db.scratch.names(), [""; 0], "nothing is left behind");
}

#[test]
fn times_of_fewer_connections_than_asked_for_are_told() {
    let Some(db) = Database::new() else { return };
    db.with_pages();
    // Each row is slow, so that all connections are tried.
    let role = db.slow_role(0.005, Some(1));
    let ran = bench(&db, &db.url_of(&role, "table=ngrams"), &["--event-loops", "1", "--connections", "4"]);
    let said = "in some runs, 1 of 4 connections read, and their times are those of 1: the server takes no more\n";
    assert!(ran.exits(0).stderr().contains(said), "{ran}");
}
