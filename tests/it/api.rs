//! The library as another program sees it: filters, cancellation, thread pools and errors, all through public paths.

use std::fs::OpenOptions;
use std::io::{self, Read, Write};
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::thread;

use ngram_count::write::{self, Column, InvalidColumns, OutputFormat, OutputOptions};
use ngram_count::{By, Counts, Error, Input, Job, Outcome, Remedy, Sort, Spelling, Tokens, Unsupported, Years};

use crate::common::rows::written;
use crate::common::{Scratch, counted, gzip, sample};

/// Both are shared by threads in any program that is worth its name.
#[test]
fn jobs_and_results_can_be_sent_to_other_threads() {
    fn check<T: Send + Sync + std::fmt::Debug + 'static>() {}
    check::<Job>();
    check::<Outcome>();
    check::<Counts>();
    check::<Error>();
}

fn size(number: usize) -> NonZeroUsize {
    NonZeroUsize::new(number).unwrap()
}

/// Jobs that count some rows from a plain file and from a compressed one, in many chunks.
fn jobs(scratch: &Scratch) -> [Job; 2] {
    let text = sample(20_000);
    scratch.write("rows.tsv", &text);
    scratch.write("rows.gz", gzip(&text));
    ["rows.tsv", "rows.gz"].map(|name| Job::new().input(scratch.path(name)).chunk_size(size(4096)).threads(size(2)))
}

#[test]
fn a_run_that_is_cancelled_before_it_begins_reads_nothing() {
    let scratch = Scratch::new();
    for job in jobs(&scratch) {
        let done = Arc::new(AtomicU64::new(0));
        let flag = Arc::new(AtomicBool::new(true));
        let result = job.progress(Arc::clone(&done)).cancel(flag).run();
        assert!(matches!(result, Err(Error::Cancelled)), "{result:?}");
        assert_eq!(done.load(Ordering::Relaxed), 0);
    }
}

/// The job, cancelled by its own filter as soon as so many bytes are done.
fn cancelled_at(job: Job, bytes: u64) -> (Job, Arc<AtomicU64>) {
    let (done, flag) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    let job = job.progress(Arc::clone(&done)).cancel(Arc::clone(&flag));
    let counter = Arc::clone(&done);
    let job = job.filter(move |_| {
        flag.fetch_or(counter.load(Ordering::Relaxed) >= bytes, Ordering::Relaxed);
        true
    });
    (job, done)
}

#[test]
fn a_run_that_is_cancelled_half_way_stops_there() {
    let scratch = Scratch::new();
    for (job, is_compressed) in jobs(&scratch).into_iter().zip([false, true]) {
        let total = job.stored_bytes().unwrap();
        for keep_going in [false, true] {
            let (job, done) = cancelled_at(job.clone().keep_going(keep_going), total / 2);
            let result = job.run();
            assert!(matches!(result, Err(Error::Cancelled)), "{result:?}");
            // The compressed file is so short that one read takes all of it.
            let done = done.load(Ordering::Relaxed);
            assert!(done >= total / 2 && (done < total || is_compressed), "{done} of {total}");
        }
    }
}

#[test]
fn a_flag_that_is_never_set_changes_nothing() {
    let scratch = Scratch::new();
    for job in jobs(&scratch) {
        let outcome = job.cancel(Arc::default()).run().unwrap();
        assert_eq!(written(&outcome), counted(&sample(20_000)));
    }
}

/// Writes rows until nobody reads them any more.
fn write_for_ever(pipe: &Path) {
    let mut pipe = OpenOptions::new().write(true).open(pipe).unwrap();
    while pipe.write_all(b"a\t1999\t1\t1\n").is_ok() {}
}

#[test]
fn an_input_that_never_ends_is_cancelled() {
    let scratch = Scratch::new();
    let pipe = scratch.fifo("endless.tsv");
    let job = Job::new().input(&pipe).chunk_size(size(4096)).threads(size(2));
    assert_eq!(job.stored_bytes(), None);
    thread::scope(|scope| {
        scope.spawn(|| write_for_ever(&pipe));
        let (job, done) = cancelled_at(job, 100_000);
        let result = job.run();
        assert!(matches!(result, Err(Error::Cancelled)), "{result:?}");
        assert!(done.load(Ordering::Relaxed) >= 100_000);
    });
}

/// Rows without end, and how many bytes were read.
struct Endless(usize);

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        const ROW: &[u8] = b"a\t1999\t1\t1\n";
        for byte in &mut *buffer {
            *byte = ROW[self.0 % ROW.len()];
            self.0 += 1;
        }
        Ok(buffer.len())
    }
}

#[test]
fn a_reader_that_never_ends_is_cancelled() {
    for threads in [1, 3] {
        let job = Job::new().inputs([Input::from_reader("endless", Endless(0))]).threads(size(threads));
        let (job, _) = cancelled_at(job, 10_000_000);
        let result = job.run();
        assert!(matches!(result, Err(Error::Cancelled)), "{result:?}");
    }
}

#[test]
fn a_closure_filters() {
    let scratch = Scratch::with([("rows.tsv", &sample(1000)[..])]);
    let job = || Job::new().input(scratch.path("rows.tsv")).sort(Sort::Word);
    let all = job().run().unwrap();
    let chosen = job().filter(|ngram| ngram.contains(&b' ')).filter(|ngram| ngram.starts_with(b"N")).run().unwrap();
    let expected: Vec<_> =
        all.counts.iter().filter(|(ngram, _)| ngram.contains(&b' ') && ngram.starts_with(b"N")).collect();
    assert!(!expected.is_empty() && expected.len() < all.counts.len());
    assert_eq!(chosen.counts.iter().collect::<Vec<_>>(), expected);
    // A clone has the same filter, and a job with one can be shown.
    let job = job().filter(|_| false);
    assert!(format!("{job:?}").contains("Predicate"));
    assert!(job.clone().run().unwrap().counts.is_empty());
}

#[test]
fn a_closure_sees_what_passes_the_other_filters_and_without_case_its_lower_case() {
    let scratch = Scratch::with([("words.txt", &b"Apple apple Pear APRICOT fig\n"[..])]);
    let job = Job::new().input(scratch.path("words.txt")).tokens(Tokens::Whitespace);
    let run = |job: Job| {
        let calls = Arc::new(AtomicUsize::new(0));
        let seen = Arc::clone(&calls);
        let job = job.filter(move |ngram| {
            assert!(matches!(ngram, b"apple" | b"apricot"), "{}", ngram.escape_ascii());
            seen.fetch_add(1, Ordering::Relaxed);
            ngram != b"apricot"
        });
        let outcome = job.run().unwrap();
        assert!(calls.load(Ordering::Relaxed) > 0);
        written(&outcome)
    };
    assert_eq!(run(job.clone().prefix("ap")), b"apple\t1\n");
    let job = job.ignore_case(Spelling::Commonest);
    assert_eq!(run(job.clone().prefix("AP")), b"Apple\t2\n");
    assert_eq!(run(job.clone().regex("^ap").unwrap()), b"Apple\t2\n");
    assert_eq!(run(job.words(["APRICOT", "Apple"])), b"APRICOT\t0\nApple\t2\n");
}

#[test]
fn an_expression_is_checked_when_it_is_given() {
    let error = Job::new().input("missing").regex("a(").unwrap_err();
    assert!(matches!(error, Error::InvalidRegex(_)), "{error:?}");
    assert_eq!(error.to_string(), "the regular expression can't be read: unclosed group");
}

#[test]
fn a_word_that_no_input_holds_is_told_before_anything_is_read() {
    let scratch = Scratch::new();
    let pipe = scratch.fifo("pipe");
    match Job::new().input(pipe).word("a\tb").run() {
        Err(Error::InvalidWord(error)) => assert_eq!(error.word(), b"a\tb"),
        result => panic!("{result:?}"),
    }
}

#[test]
fn the_callers_own_pool_counts() {
    let scratch = Scratch::new();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
    let expected = counted(&sample(20_000));
    for job in jobs(&scratch) {
        let outcome = job.clone().run_in(&pool).unwrap();
        assert_eq!((outcome.stats.threads, written(&outcome)), (3, expected.clone()));
        // Within the pool, too, where its threads may all be busy.
        let outcome = pool.install(|| job.run_in(&pool)).unwrap();
        assert_eq!(written(&outcome), expected);
    }
}

#[test]
fn a_job_with_its_own_threads_runs_within_a_pool() {
    let scratch = Scratch::new();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    for job in jobs(&scratch) {
        let outcome = pool.install(|| job.run()).unwrap();
        assert_eq!((outcome.stats.threads, written(&outcome)), (2, counted(&sample(20_000))));
    }
}

#[test]
fn errors_say_nothing_of_the_command_line() {
    let files: [(&str, &[u8]); 6] = [
        ("counts", b"a\t1\nb\t2\n"),
        ("binary", b"some words\0\n"),
        ("guess", b"a\nb\t1\tx\t1\nc\t2\n"),
        ("pdf", b"%PDF-1.7\nwords\n"),
        ("json", b"[\n{\"word\":\"a\",\"count\":1}\n]\n"),
        ("lzma", b"\x5D\0\0\x80\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\0"),
    ];
    let scratch = Scratch::with(files);
    let job = |name: &str| Job::new().input(scratch.path(name));
    let mut errors = vec![
        job("counts").by(By::Year).run().unwrap_err(),
        job("counts").tokens(Tokens::Unicode).run().unwrap_err(),
        "klingon".parse::<ngram_count::Encoding>().unwrap_err(),
        "1900..1999".parse::<Years>().unwrap_err().into(),
        Job::new().regex("[").unwrap_err(),
        Job::new().input("-").input("-").run().unwrap_err(),
        job("missing").run().unwrap_err(),
    ];
    errors.extend(files.iter().filter_map(|(name, _)| job(name).run().err()));
    // All files but `counts`, which is only asked for what it lacks.
    assert_eq!(errors.len(), 7 + 5, "{errors:?}");
    let mut messages: Vec<String> = errors.iter().map(ToString::to_string).collect();
    for (column, by) in [(Column::Year, By::Word), (Column::Rank, By::Year), (Column::PerMillion, By::Year)] {
        messages.push(Column::check(&[column], by, false).unwrap_err().to_string());
    }
    for message in messages {
        let is_option =
            |word: &str| word.starts_with('-') && word.contains(|letter: char| letter.is_ascii_alphabetic());
        // A remedy may be the command of another program.
        let own = message.split(", as in: ").next().unwrap_or_default();
        let names_option = own.split([' ', '(', ';', ':']).any(is_option);
        assert!(!names_option && !message.contains("ngram-count") && !message.contains("help"), "{message}");
    }
}

#[test]
fn an_input_of_another_kind_comes_with_its_remedy() {
    let scratch =
        Scratch::with([("pdf", &b"%PDF-1.7\nwords\n"[..]), ("json", b"[\n{\"word\":\"a\",\"count\":1}\n]\n")]);
    let remedy = |name: &str| match Job::new().input(scratch.path(name)).run() {
        Err(Error::Read { source, .. }) => {
            source.get_ref().and_then(|kind| kind.downcast_ref::<Unsupported>()).map(|kind| kind.remedy().clone())
        }
        result => panic!("{result:?}"),
    };
    assert_eq!(remedy("pdf"), Some(Remedy::Command("pdftotext FILE -".into())));
    assert_eq!(remedy("json"), Some(Remedy::Tsv));
}

#[test]
fn columns_that_mean_nothing_are_told_by_their_own_error() {
    assert_eq!(Column::check(&[], By::Word, false), Err(InvalidColumns::None));
    let twice = [Column::Word, Column::Word];
    assert_eq!(Column::check(&twice, By::Word, false), Err(InvalidColumns::Repeated(Column::Word)));
    assert_eq!(Column::check(&[Column::Year], By::Word, false), Err(InvalidColumns::NeedsPeriods(Column::Year)));
    let scratch = Scratch::with([("rows.tsv", &sample(10)[..])]);
    let outcome = Job::new().input(scratch.path("rows.tsv")).by(By::Year).run().unwrap();
    let mut options = OutputOptions::new(OutputFormat::Tsv);
    options.columns = vec![Column::PerMillion];
    let error = write::write(&outcome.counts, &options, &mut Vec::new()).unwrap_err();
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
    assert_eq!(inner, Some(&InvalidColumns::NeedsTotals(Column::PerMillion)));
}
