//! The contract of Hadoop Streaming: the command is mapper, combiner and reducer, and the result is that of one process.
//! Also its counters, its status, and `--raw`.

use std::collections::BTreeMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use crate::common::laws;
use crate::common::rows::pieces;
use crate::common::{PROGRAM, Ran, Scratch, gzip, ways_to_cut};
use proptest::prelude::*;
use proptest::sample::select;

/// The reducers of a job.
const PARTITIONS: usize = 4;

/// A record: the bytes before the first TAB of a line, and those behind it.
type Record = (Vec<u8>, Vec<u8>);

/// A job: its mapper, and the options of its combiner and reducer.
#[derive(Debug, Clone, Copy)]
struct Streaming {
    map: &'static [&'static str],
    reduce: &'static [&'static str],
}

const JOBS: [Streaming; 7] = [
    Streaming { map: &["-i", "v2"], reduce: &["-i", "counts"] },
    Streaming { map: &["-i", "text"], reduce: &["-i", "counts"] },
    Streaming { map: &["-i", "v2", "--by", "year"], reduce: &["-i", "v2", "--by", "year"] },
    Streaming { map: &["-i", "v2", "--by", "decade"], reduce: &["-i", "v2", "--by", "decade"] },
    Streaming { map: &["-i", "v2", "--ignore-case", "--exclude", "B"], reduce: &["-i", "counts"] },
    Streaming { map: &["-i", "v2", "--skip-malformed", "--pos", "drop"], reduce: &["-i", "counts", "--min-count=5"] },
    Streaming { map: &["-i", "v2", "-w", "a", "-w", "none has it"], reduce: &["-i", "counts"] },
];

/// What Hadoop makes of the lines that a process writes. A line without a TAB is a key with an empty value.
fn records(lines: &[u8]) -> Vec<Record> {
    let lines = lines.split_inclusive(|&byte| byte == b'\n').map(|line| line.strip_suffix(b"\n").unwrap_or(line));
    let tab = |line: &[u8]| line.iter().position(|&byte| byte == b'\t');
    let record = |line: &[u8]| match tab(line) {
        Some(tab) => (line[..tab].to_vec(), line[tab + 1..].to_vec()),
        None => (line.to_vec(), Vec::new()),
    };
    lines.map(record).collect()
}

/// The lines that Hadoop sends to a combiner or a reducer, in the order of the keys.
fn sorted(mut records: Vec<Record>) -> Vec<u8> {
    records.sort_by(|one, two| one.0.cmp(&two.0));
    records.into_iter().flat_map(|(key, value)| [&key[..], b"\t", &value, b"\n"].concat()).collect()
}

fn partition(key: &[u8]) -> usize {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish() as usize % PARTITIONS
}

/// Runs the command as a task of Hadoop.
fn task(scratch: &Scratch, input: &[u8], is_map: bool, options: &[&str]) -> Vec<u8> {
    let mut command = scratch.command(PROGRAM);
    command.env("mapreduce_task_attempt_id", "attempt_1").env("mapreduce_task_ismap", is_map.to_string());
    let ran = Ran::of(command.args(["-j2", "--sort", "none"]).args(options), Some(input));
    ran.exits(0);
    let messages = ran.stderr();
    assert!(messages.lines().all(|line| line.starts_with("reporter:")), "{ran}");
    ran.stdout().to_vec()
}

/// Runs a whole job over parts of an input. Returns what each reducer writes.
fn run(job: Streaming, parts: &[&[u8]], combined: usize) -> Vec<Vec<u8>> {
    let scratch = Scratch::new();
    let reduce = [&["--raw"], job.reduce].concat();
    // What selects by the sum of a word belongs to the reducer alone.
    let adding: Vec<_> = reduce.iter().copied().filter(|option| !option.starts_with("--min-count")).collect();
    let mut partitions = vec![Vec::new(); PARTITIONS];
    for part in parts {
        let mapped = records(&task(&scratch, part, true, job.map));
        let mut shares = vec![Vec::new(); PARTITIONS];
        for record in mapped {
            shares[partition(&record.0)].push(record);
        }
        for (share, partition) in shares.into_iter().zip(&mut partitions) {
            let combine = |records, _| self::records(&task(&scratch, &sorted(records), true, &adding));
            partition.extend((0..combined).fold(share, combine));
        }
    }
    partitions.into_iter().map(|records| task(&scratch, &sorted(records), false, &reduce)).collect()
}

/// Words that begin like compressed data or a byte-order mark, and others.
fn word() -> impl Strategy<Value = Vec<u8>> {
    let words: [&[u8]; 18] = [
        b"a",
        b"b",
        b"c",
        b"d e",
        b"\x1F\x8B\x08",
        b"\x1F\x8B\x08\x08a",
        b"\xEF\xBB\xBF",
        b"\xEF\xBB\xBFa",
        b"\xFF\xFEa",
        b"\xFE\xFFa",
        b"\xFF\xFE\0\0",
        b"\x28\xB5\x2F\xFDa",
        b"PK\x03\x04a",
        b"BZh91AY&SY",
        b"BZh1\x17\x72\x45\x38\x50\x90a",
        b"\xFD7zXZ\0a",
        b"%PDF-1.4",
        b"\xFF",
    ];
    select(words.map(<[u8]>::to_vec).to_vec())
}

/// Lines that every format of [`JOBS`] reads.
fn lines() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let line = (word(), 1990_u64..1993, 0_u64..9)
        .prop_map(|(word, year, count)| [&word[..], format!("\t{year}\t{count}\t1\n").as_bytes()].concat());
    prop::collection::vec(prop_oneof![9 => line, 1 => Just(b"\n".to_vec())], 0..30)
}

proptest! {
    #![proptest_config(laws::config_of_processes())]

    #[test]
    fn the_result_is_that_of_one_process(
        lines in lines(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..3),
        job in select(&JOBS[..]),
        combined in 0_usize..3,
    ) {
        let behind_a_blank_line = |lines: &[Vec<u8>]| [b"\n", &lines.concat()[..]].concat();
        let parts: Vec<Vec<u8>> = pieces(&lines, &cuts).into_iter().map(behind_a_blank_line).collect();
        let reduced = run(job, &parts.iter().map(Vec::as_slice).collect::<Vec<_>>(), combined);

        let scratch = Scratch::new();
        let selects = job.reduce.iter().filter(|option| option.starts_with("--min-count"));
        let whole = scratch.pipe(&behind_a_blank_line(&lines), job.map.iter().chain(selects));
        // The order of the words asked is not Hadoop's.
        let by_key = |text: &[u8]| -> BTreeMap<Vec<u8>, Vec<Vec<u8>>> {
            let mut sums = BTreeMap::<_, Vec<_>>::new();
            for (key, value) in records(text).into_iter().filter(|(key, value)| !(key.is_empty() && value.is_empty())) {
                sums.entry(key).or_default().push(value);
            }
            sums
        };
        prop_assert_eq!(by_key(&reduced.concat()), by_key(whole.stdout()));
        // The reducers' files, one after another, are counts again.
        let again = scratch.pipe(&[b"\n", &reduced.concat()[..]].concat(), job.reduce);
        prop_assert_eq!(by_key(again.exits(0).stdout()), by_key(whole.stdout()));
    }
}

#[test]
fn a_line_with_only_a_tab_is_blank() {
    let scratch = Scratch::new();
    for options in ways_to_cut() {
        let count = |text: &[u8], format| scratch.pipe(text, ["-i", format].iter().chain(&options));
        count(b"\t\na\t1\n\t\r\n\ta\n", "counts")
            .fails("standard input:4: expected count to be a whole number, found \"a\"");
        count(b"\t\na\t1\n\t\r\n\t", "counts").gives("a\t1\n");
        count(b"\t\na\t1990\t1\t1\n\t\n", "v2").gives("a\t1\n");
        count(b"\t\r\na\t1990,1,1\n\t\nb\t1991,2,1\n\t", "v3").gives("b\t2\na\t1\n");
        count(b"\t\na\t1990\t1\t1\t1\n\t\n", "v1").gives("a\t1\n");
        // The empty word has a TAB in front of its count.
        let empty = scratch.pipe(b"\t5\n\t\n\t7\n", ["-i", "counts", "-w", ""].iter().chain(&options));
        empty.gives("\t12\n");
    }
    scratch.pipe(b"\t\t\n", ["-i", "counts"]).fails("standard input:1: expected 2 fields (ngram, count), found 3");
    let v3 = scratch.pipe(b"\t\n\t\t\n", ["-i", "v3"]);
    v3.fails("standard input:2: expected year,match_count,volume_count, found \"\"");
    // Detection takes it for blank, too.
    scratch.pipe(b"\t\nb\t1990,1,1\t1991,2,1\n", [""; 0]).gives("b\t3\n");
}

#[test]
fn raw_input_is_neither_decompressed_nor_decoded() {
    let scratch = Scratch::new();
    let packed = gzip(b"a\t1\n");
    scratch.pipe(&packed, ["-i", "counts"]).gives("a\t1\n");
    let text = scratch.pipe(&packed, ["-i", "text", "--raw", "--stats", "json"]);
    assert!(text.exits(0).stderr().contains(&format!("\"bytes\":{}", packed.len())), "{text}");
    scratch.pipe(&packed, ["-i", "counts", "--raw"]).exits(2).writes("");
    for word in [&b"\x1F\x8B\x08"[..], b"\xEF\xBB\xBF", b"\xFF\xFE", b"PK\x03\x04", b"\x28\xB5\x2F\xFD"] {
        let line = [word, b"\t5\n"].concat();
        scratch.write("line", &line);
        for ran in [scratch.pipe(&line, ["-i", "counts", "--raw"]), scratch.run(["line", "-i", "counts", "--raw"])] {
            assert_eq!(ran.exits(0).stdout(), [b"\n", &line[..]].concat(), "{ran}");
        }
    }
    let both = scratch.pipe(b"", ["--raw", "--encoding", "latin1"]);
    assert!(both.exits(2).stderr().contains("--encoding"), "{both}");
}

#[test]
fn a_task_reports_counters() {
    let scratch = Scratch::with([("rows.tsv", &b"a\t1990\t5\t1\na\t1991\t2\t1\nb\t1990\tx\t1\n\n"[..])]);
    let counters = |group: &str| {
        let line = |name: &str, value| format!("reporter:counter:{group},{name},{value}\n");
        [
            "reporter:status:counting\n".to_owned(),
            line("rows", 2),
            line("bytes", 34),
            line("malformed", 1),
            line("distinct", 1),
        ]
        .concat()
    };
    let task = |is_map: Option<&str>, options: &[&str]| {
        let mut command = scratch.command(PROGRAM);
        command.args(["rows.tsv", "-q", "--skip-malformed"]).args(options);
        if let Some(is_map) = is_map {
            command.env("mapreduce_task_attempt_id", "attempt_1").env("mapreduce_task_ismap", is_map);
        }
        Ran::of(&mut command, None)
    };
    task(Some("true"), &[]).exits(0).writes("a\t7\n").says(&counters("ngram-count map"));
    task(Some("false"), &[]).exits(0).writes("a\t7\n").says(&counters("ngram-count reduce"));
    task(None, &["--counters", "hadoop"]).exits(0).writes("a\t7\n").says(&counters("ngram-count"));
    task(None, &[]).gives("a\t7\n");
    task(Some("true"), &["--counters", "off"]).gives("a\t7\n");
}

/// Another task may have the word. Hadoop takes any status but 0 for a failure.
#[test]
fn a_task_without_the_word_succeeds_and_one_with_an_error_fails() {
    let scratch = Scratch::with([("rows.tsv", &b"a\t1990\t5\t1\n"[..]), ("bad.tsv", b"a\t1990\t5\n")]);
    scratch.run(["rows.tsv", "-w", "b"]).exits(1).writes("b\t0\n");
    scratch.run(["rows.tsv", "-w", "b", "--counters", "hadoop"]).exits(0).writes("b\t0\n");
    let off = r#"mapreduce_task_attempt_id=attempt_1 exec "$0" rows.tsv -w b --counters off"#;
    scratch.shell(off).exits(1).writes("b\t0\n").says("");
    // Nobody reads the counters.
    for stderr in ["2>&-", "2>/dev/full"] {
        scratch.shell(&format!(r#"exec "$0" rows.tsv --counters hadoop {stderr}"#)).exits(0).writes("a\t5\n");
    }
    let failed = scratch.run(["bad.tsv", "--counters", "hadoop", "-i", "v2"]);
    failed.exits(2).writes("").says(
        "reporter:status:counting\n\
         ngram-count: bad.tsv:1: expected 4 fields (ngram, year, match_count, volume_count), found 3\n",
    );
}
