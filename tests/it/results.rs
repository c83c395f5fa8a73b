//! Results in the library: iterators, lookups, and no threads.

use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use ngram_count::write::{self, Column, OutputFormat, OutputOptions};
use ngram_count::{Counts, Job, Sort, Spelling};
use rayon::ThreadPoolBuilder;

use crate::common::Scratch;

const SORTS: [Sort; 3] = [Sort::Count, Sort::Word, Sort::None];

fn counts(job: Job) -> Counts {
    job.run().unwrap().counts
}

/// Some buckets of ngrams, short ones and ones too long for a key.
fn many(scratch: &Scratch) -> Job {
    let lines = (0..40_000).map(|number| match number % 3 {
        0 => format!("{number}\t1\n"),
        1 => format!("word {}\t{number}\n", number * 7),
        _ => format!("a word that is too long for its key {number}\t{}\n", number % 50),
    });
    scratch.write("many.tsv", lines.collect::<String>());
    Job::new().input(scratch.path("many.tsv")).threads(2.try_into().unwrap())
}

#[test]
fn an_iterator_knows_its_length_and_goes_both_ways() {
    let scratch = Scratch::new();
    for sort in SORTS {
        let counts = counts(many(&scratch).sort(sort));
        let mut backwards: Vec<_> = counts.iter().rev().collect();
        backwards.reverse();
        let mut iter = counts.iter();
        let mut forwards = Vec::new();
        for left in (0..counts.len()).rev() {
            forwards.extend(iter.next());
            assert_eq!((iter.len(), iter.size_hint()), (left, (left, Some(left))));
        }
        assert_eq!((iter.next(), iter.next(), iter.next_back()), (None, None, None));
        assert!(forwards == backwards && forwards.len() == 40_000, "{sort:?}");
        // From both ends, they meet in the middle.
        let mut iter = counts.iter();
        let ends: Vec<_> = std::iter::from_fn(|| Some((iter.next()?, iter.next_back()?))).collect();
        assert!(ends.iter().map(|(first, _)| *first).eq(forwards[..20_000].iter().copied()), "{sort:?}");
        assert!(ends.iter().rev().map(|(_, last)| *last).eq(forwards[20_000..].iter().copied()), "{sort:?}");
    }
}

#[test]
fn each_ngram_is_found() {
    let scratch = Scratch::new();
    for sort in SORTS {
        let counts = counts(many(&scratch).sort(sort));
        assert!(counts.iter().all(|(ngram, count)| counts.get(ngram) == Some(count)), "{sort:?}");
        for missing in ["", "1", "word", "a word that is too long for its key 3", &"a word that is ".repeat(9)] {
            assert_eq!(counts.get(missing.as_bytes()), None, "{missing:?}");
        }
    }
}

#[test]
fn what_is_found_is_what_the_result_has() {
    let scratch = Scratch::new();
    scratch.write("in.tsv", "The\t3\nTHE\t5\na\t1\nthe longest of all these words\t2\nb\t9\n");
    let job = || Job::new().input(scratch.path("in.tsv"));
    let get = |counts: &Counts, words: [&str; 4]| words.map(|word| counts.get(word.as_bytes()));
    let top = counts(job().top(2));
    assert_eq!(get(&top, ["b", "THE", "The", "a"]), [Some(9), Some(5), None, None]);
    let folded = counts(job().ignore_case(Spelling::Commonest));
    assert_eq!(get(&folded, ["THE", "The", "the", "the longest of all these words"]), [Some(8), None, None, Some(2)]);
    let asked = counts(job().words(["a", "c", "a", "the longest of all the words"]));
    assert_eq!(get(&asked, ["a", "c", "b", "the longest of all the words"]), [Some(1), Some(0), None, Some(0)]);
    assert_eq!(get(&counts(job().min_count(100)), ["a", "b", "", "The"]), [None; 4]);
}

#[test]
fn any_pool_writes_the_same() {
    let scratch = Scratch::new();
    let counts = counts(many(&scratch));
    let write = || {
        let mut text = Vec::new();
        write::write(&counts, &OutputOptions::new(OutputFormat::Json), &mut text).unwrap();
        text
    };
    let expected = write();
    for threads in [1, 3] {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        assert!(pool.install(write) == expected, "{threads} threads");
    }
}

/// Waits until the thread `worker-96` or `writer-96` lives, or until none does. No other test has so many threads.
#[cfg(target_os = "linux")]
fn comes_to(lives: bool) -> bool {
    let is_last = |name: String| name == "worker-96\n" || name == "writer-96\n";
    let is_there = || {
        let tasks = fs::read_dir("/proc/self/task").unwrap();
        tasks.flatten().any(|task| fs::read_to_string(task.path().join("comm")).is_ok_and(is_last))
    };
    let start = Instant::now();
    while is_there() != lives && start.elapsed() < Duration::from_secs(30) {
        thread::sleep(Duration::from_millis(1));
    }
    is_there() == lives
}

#[test]
#[cfg(target_os = "linux")]
fn a_result_keeps_no_threads() {
    let threads = NonZeroUsize::new(97).unwrap();
    let lived = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&lived);
    let look = move |ngram: &[u8]| {
        if ngram == b"Aardvark" {
            seen.fetch_or(comes_to(true), Ordering::Relaxed);
        }
        true
    };
    let job = Job::new().input(Path::new("data/sample-v2.tsv")).threads(threads).histories(true).filter(look);
    let counts = job.run().unwrap().counts;
    assert!(lived.load(Ordering::Relaxed), "the run's last thread has another name");

    let mut options = OutputOptions::new(OutputFormat::Tsv);
    options.columns = vec![Column::Word, Column::Spark];
    let mut text = Vec::new();
    write::write(&counts, &options, &mut text).unwrap();
    assert!(!text.is_empty() && counts.iter().count() == counts.len());
    assert!(comes_to(false), "a thread outlives its run");
    drop(counts);
}
