//! Runs whose tables and results pass the bound of memory: the same bytes as without a bound, and no file left.

use std::fs;
use std::num::NonZeroUsize;
use std::process::Command;
use std::sync::LazyLock;
use std::thread;
use std::time::Duration;

use ngram_count::Format::{Text, V2, V3};
use ngram_count::write::{self, Column, OutputFormat, OutputOptions};
use ngram_count::{By, Input, Job, Outcome, Sort, Spelling};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;

use crate::common::oracle::write as rows_as;
use crate::common::{PROGRAM, Scratch, gzip, laws, zstd};
use crate::many::rows;

/// Some of the [`rows`], in v2 and in v3: 1,800 rows of 300 numbers.
static ROWS: LazyLock<[Vec<u8>; 2]> = LazyLock::new(|| {
    let some: Vec<_> = (0..).zip(rows()).filter(|(n, _)| n * 7919 % 6000 < 300).map(|(_, row)| row).collect();
    [V2, V3].map(|format| rows_as(format, &some))
});

/// A job over these rows, and how its result is written.
#[derive(Debug, Clone)]
struct Asked {
    by: By,
    spelling: Option<Spelling>,
    sort: Option<Sort>,
    top: Option<usize>,
    min_count: u64,
    columns: Vec<Column>,
    /// Whether the run with a bound leaves volumes out, if no column has them.
    without_volumes: bool,
}

fn asked() -> impl Strategy<Value = Asked> {
    let spellings = [None, None, Some(Spelling::Lower), Some(Spelling::Commonest)];
    let sorts = [None, Some(Sort::Count), Some(Sort::Word)];
    let tops = [None, None, Some(7), Some(100), Some(800)];
    let of_words = [Column::Rank, Column::Cumulative, Column::Peak, Column::First, Column::Spark, Column::Volumes];
    let columns = prop::collection::vec(select(of_words.to_vec()), 0..3);
    let by = select(&[By::Word, By::Word, By::Year, By::Decade][..]);
    let min_count = (select(&[0_u64, 0, 30, 300][..]), any::<bool>());
    (by, select(spellings.to_vec()), select(sorts.to_vec()), select(tops.to_vec()), min_count, columns).prop_map(
        |(by, spelling, sort, top, (min_count, without_volumes), more)| {
            let mut columns = Column::defaults(by);
            columns.extend(more.into_iter().filter(|column| Column::check(&[*column], by, false).is_ok()));
            columns.sort_unstable_by_key(|column| column.name());
            columns.dedup();
            if without_volumes {
                columns.retain(|column| *column != Column::Volumes);
            }
            Asked { by, spelling, sort, top, min_count, columns, without_volumes }
        },
    )
}

impl Asked {
    fn job(&self, text: &[u8], has_years: bool) -> Job {
        let mut job = Job::new().input(Input::from_bytes("rows", text.to_vec())).min_count(self.min_count);
        if self.min_count == 30 {
            job = job.max_count(300);
        }
        if has_years {
            job = job.by(self.by).histories(self.columns.iter().any(|column| column.needs_histories()));
        }
        if let Some(spelling) = self.spelling {
            job = job.ignore_case(spelling);
        }
        if let Some(sort) = self.sort {
            job = job.sort(sort);
        }
        match self.top {
            Some(top) => job.top(top),
            None => job,
        }
    }

    fn written(&self, outcome: &Outcome, has_years: bool) -> Vec<u8> {
        let mut options = OutputOptions::new(OutputFormat::Csv);
        if has_years {
            options.columns.clone_from(&self.columns);
        }
        let mut text = Vec::new();
        write::write(&outcome.counts, &options, &mut text).unwrap();
        text
    }
}

proptest! {
    // A case writes many small blocks, so there are as few cases as of tests that start processes.
    #![proptest_config(laws::config_of_processes())]

    #[test]
    fn a_bound_of_memory_changes_no_byte(
        asked in asked(),
        format in select(&[V2, V3, Text][..]),
        compression in 0..3,
        threads in 1_usize..9,
        chunk_size in select(&[1000_usize, 64 << 10, 1 << 20][..]),
        bound in prop_oneof![Just(1_u64), 1_u64..50_000, 50_000_u64..500_000],
        ngram in 1_usize..3,
    ) {
        let text = &ROWS[usize::from(format == V3)];
        let stored = match compression {
            0 => text.clone(),
            1 => gzip(text),
            _ => zstd(text),
        };
        let has_years = format != Text;
        let job = asked.job(&stored, has_years).format(format).threads(NonZeroUsize::new(threads).unwrap());
        let job = if has_years { job } else { job.ngram(NonZeroUsize::new(ngram).unwrap()) };
        let job = job.chunk_size(NonZeroUsize::new(chunk_size).unwrap());
        let expected = job.clone().run().unwrap();
        let job = if asked.without_volumes { job.without_volumes() } else { job };
        let bounded = job.memory(bound).run().unwrap();
        prop_assert!(bound > 1 || bounded.stats.spilled_bytes > 0);
        prop_assert!(asked.written(&bounded, has_years) == asked.written(&expected, has_years));
        prop_assert_eq!(bounded.stats.words, expected.stats.words);
        prop_assert_eq!(bounded.counts.len(), expected.counts.len());
        prop_assert!(bounded.counts.iter().eq(expected.counts.iter()));
    }
}

/// The candidates for the top come from all threads. Folding one part once waited for other threads, under a lock.
#[test]
fn the_top_of_folded_words_comes_from_many_threads() {
    let job = Job::new().input(Input::from_bytes("rows", ROWS[0].clone())).ignore_case(Spelling::Lower).top(100);
    let expected: Vec<_> =
        job.clone().run().unwrap().counts.iter().map(|(word, count)| (word.to_vec(), count)).collect();
    for _ in 0..laws::config().cases.div_ceil(10) {
        let bounded = job.clone().threads(NonZeroUsize::new(8).unwrap()).memory(1).run().unwrap();
        assert!(bounded.stats.spilled_bytes > 0);
        assert!(bounded.counts.iter().eq(expected.iter().map(|(word, count)| (&word[..], *count))));
    }
}

/// 400,000 words, of which each occurs once or twice: 20 MB as tables.
fn many_words() -> Vec<u8> {
    (0..600_000_u32).flat_map(|n| format!("word{:x}\n", n.wrapping_mul(2_654_435_761) % 400_000).into_bytes()).collect()
}

#[test]
fn what_passes_the_bound_goes_to_the_disk() {
    let scratch = Scratch::with([("words", &many_words()[..])]);
    let expected = scratch.run(["words", "--memory", "none"]).exits(0).stdout().to_vec();
    // 16 MiB are enough for two threads. 32 threads took 453 MiB.
    for (threads, working) in [("-j1", 1), ("-j2", 2), ("-j32", 2)] {
        let ran = scratch.run(["words", "--memory=16MiB", "--stats=json", "-q", threads]);
        let stats: Value = serde_json::from_str(&ran.exits(0).stderr()).unwrap();
        assert!(ran.stdout() == expected, "{threads}");
        let number = |name: &str| stats[name].as_u64().unwrap();
        assert!(number("spilled_bytes") > 1 << 20 && number("peak_memory_bytes") < 80 << 20, "{stats}");
        assert_eq!(number("threads"), working);
    }
    let ran = scratch.run(["words", "--memory=16MiB", "-j32", "--top=1"]);
    ran.exits(0).says("ngram-count: 2 of 32 threads worked: --memory has no room for more\n");
    // Beside an error, there is no note.
    scratch.run(["words", "no/file", "--memory=16MiB", "-j32"]).fails("no/file: No such file or directory");
    let ran = scratch.run(["words", "--memory=16MiB", "--stats=human", "--temp-dir=."]);
    assert!(ran.exits(0).stderr().contains("spilled"), "{ran}");
    assert_eq!(scratch.names(), ["words"]);
}

#[test]
fn a_result_on_the_disk_can_be_asked_in_any_way() {
    let text = many_words();
    let job = Job::new().input(Input::from_bytes("words", text)).sort(Sort::Word);
    let (expected, bounded) = (job.clone().run().unwrap(), job.memory(1 << 20).run().unwrap());
    assert!(bounded.stats.spilled_bytes > 1 << 20);
    assert_eq!(bounded.counts.len(), expected.counts.len());
    for (ngram, count) in expected.counts.iter().step_by(1000) {
        assert_eq!(bounded.counts.get(ngram), Some(count));
    }
    assert_eq!(bounded.counts.get(b"no such word"), None);
    let mut pairs = expected.counts.iter();
    let is_next = |word: &[u8], count: u64, _: &[_]| assert!(pairs.next() == Some((word, count)), "{count}");
    bounded.counts.for_each(is_next).unwrap();
    assert!(pairs.next().is_none());
    assert!(bounded.counts.iter().rev().eq(expected.counts.iter().rev()));
}

#[test]
fn a_temporary_file_that_can_not_grow_is_an_error() {
    let scratch = Scratch::with([("words", &many_words()[..])]);
    scratch.write("out", "old\n");
    let ran = scratch.shell("ulimit -f 200; exec \"$0\" words --memory 16MiB -o out --temp-dir .");
    let folder = "ngram-count: the temporary folder .: would be larger than the file system, or the limit on files";
    assert!(ran.exits(2).stderr().starts_with(folder), "{ran}");
    assert!(ran.stderr().contains("--temp-dir"), "{ran}");
    assert_eq!((scratch.read("out"), scratch.names().len()), (b"old\n".to_vec(), 2));
}

/// The result is read from the temporary file while it is written.
#[test]
#[cfg(target_os = "linux")]
fn a_temporary_file_that_can_not_be_read_is_named_and_not_the_output() {
    let scratch = Scratch::with([("words", &many_words()[..])]);
    let job = Job::new().input(scratch.path("words")).memory(1 << 20).temp_dir(scratch.path(""));
    let outcome = job.run().unwrap();
    let folder = fs::canonicalize(scratch.path("")).unwrap();
    let mut open = fs::read_dir("/proc/self/fd").unwrap().map(|entry| entry.unwrap().path());
    let is_temporary = |file: &std::path::PathBuf| fs::read_link(file).is_ok_and(|name| name.starts_with(&folder));
    let file = open.find(is_temporary).expect("the temporary file is open");
    fs::File::options().write(true).open(file).unwrap().set_len(1000).unwrap();

    let written = write::write(&outcome.counts, &OutputOptions::new(OutputFormat::Tsv), &mut std::io::sink());
    let told = write::Destination::stdout().unwrap().error(written.unwrap_err()).to_string();
    let start =
        format!("the temporary folder {}: holds other bytes than were written to it", scratch.path("").display());
    assert!(told.starts_with(&start), "{told}");
}

#[test]
fn nothing_is_left_of_a_run_that_is_killed() {
    let scratch = Scratch::with([("words", &many_words()[..])]);
    fs::create_dir(scratch.path("temp")).unwrap();
    for milliseconds in [30, 100, 200, 300] {
        let mut command = Command::new(PROGRAM);
        command.args(["words", "--memory=16MiB", "--temp-dir=temp", "-o", "out"]).current_dir(scratch.path("."));
        let mut child = command.spawn().unwrap();
        thread::sleep(Duration::from_millis(milliseconds));
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(fs::read_dir(scratch.path("temp")).unwrap().count(), 0, "after {milliseconds} ms");
    }
}
