//! Inputs without a path: bytes in memory, open files and readers. They give the result of a file with the same bytes.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::common::{COMPRESSIONS, Scratch, are_all_cases, sample};
use ngram_count::{Compression, Error, Input, Job, Note, Outcome};

/// A text of each format and encoding, long enough for several chunks.
fn texts() -> Vec<(&'static str, Vec<u8>)> {
    let rows = |line: fn(usize) -> String| (0..500).map(line).collect::<String>();
    let words = rows(|number| format!("word{} and the rest\r\n", number % 7));
    let utf_16 = "\u{feff}".chars().chain(words.chars()).collect::<String>();
    let utf_16 = utf_16.encode_utf16().flat_map(u16::to_le_bytes).collect();
    vec![
        ("v1", rows(|number| format!("a{}\t1999\t{number}\t1\t1\n", number % 7)).into()),
        ("v2", sample(500)),
        ("v3", rows(|number| format!("a{number}\t1999,{number},1\t2000,3,1\n")).into()),
        ("counts", rows(|number| format!("a{}\t{number}\n", number % 7)).into()),
        ("csv", ["word,count\n", &rows(|number| format!("\"a,{}\",{number}\n", number % 7))].concat().into()),
        ("text", words.clone().into()),
        ("marked", ["\u{feff}", &words].concat().into()),
        ("utf-16", utf_16),
        ("no line end", b"a\t1".to_vec()),
        ("nothing", Vec::new()),
        ("malformed", rows(|number| if number == 321 { "a\tx\n".into() } else { "a\t1\n".into() }).into()),
        ("NUL", [words.as_bytes(), b"\0\n"].concat()),
    ]
}

/// Each text, plain and in each compression.
fn stored() -> impl Iterator<Item = (String, Vec<u8>)> {
    texts().into_iter().flat_map(|(name, text)| {
        let compressed = COMPRESSIONS.map(|(kind, compress)| (format!("{name}.{kind}"), compress(&text)));
        [(name.to_owned(), text)].into_iter().chain(compressed)
    })
}

/// The facts about a run, except its time.
fn told(result: Result<Outcome, Error>) -> String {
    match result {
        Ok(outcome) => {
            let counts: Vec<(Vec<u8>, u64)> = outcome.counts.iter().map(|(word, n)| (word.to_vec(), n)).collect();
            format!("{counts:?} {:?}", outcome.stats.inputs)
        }
        Err(error) => error.to_string(),
    }
}

/// A reader that returns at most `step` bytes for each read, and is interrupted sometimes.
struct Steps<R> {
    reader: R,
    step: usize,
    reads: usize,
}

impl<R: Read> Read for Steps<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.reads += 1;
        if self.reads % 5 == 2 {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let len = self.step.min(buffer.len());
        self.reader.read(&mut buffer[..len])
    }
}

fn steps(text: Vec<u8>, step: usize) -> Steps<Cursor<Vec<u8>>> {
    Steps { reader: Cursor::new(text), step, reads: 0 }
}

#[test]
fn memory_open_files_and_readers_give_what_a_file_gives() {
    let scratch = Scratch::new();
    for (name, text) in stored() {
        scratch.write(&name, &text);
        let path = scratch.path(&name);
        let shown = path.to_str().unwrap();
        let cuts = [(3, 1), (1, 64), (2, 5000), (1, 1), (3, 64), (3, 1 << 20)];
        for &(threads, size) in if are_all_cases() { &cuts[..] } else { &cuts[..3] } {
            let [threads, size] = [threads, size].map(|number| NonZeroUsize::new(number).unwrap());
            let job = Job::new().threads(threads).chunk_size(size);
            let expected = told(job.clone().input(&path).run());
            let inputs = [
                Input::from_bytes(shown, text.clone()),
                Input::from_bytes(shown, Arc::<[u8]>::from(&text[..])),
                Input::from_file(shown, File::open(&path).unwrap()),
                Input::from_reader(shown, Cursor::new(text.clone())),
                Input::from_reader(shown, steps(text.clone(), 7)),
            ];
            for (number, input) in inputs.into_iter().enumerate() {
                let found = told(job.clone().input(input).run());
                assert_eq!(found, expected, "{name}, input {number}, {threads} threads, chunks of {size}");
            }
        }
    }
}

#[test]
fn bytes_in_memory_have_a_length_and_progress_comes_to_it() {
    let texts = [sample(100), COMPRESSIONS[0].1(&sample(100)), Vec::new()];
    let done = Arc::<AtomicU64>::default();
    let inputs = texts.iter().map(|text| Input::from_bytes("rows", text.clone()));
    let job = Job::new().inputs(inputs).progress(Arc::clone(&done)).chunk_size(NonZeroUsize::new(50).unwrap());
    let stored: usize = texts.iter().map(Vec::len).sum();
    assert_eq!(job.stored_bytes(), Some(stored as u64));
    job.run().unwrap();
    assert_eq!(done.load(Ordering::Relaxed), stored as u64);
    let reader = Input::from_reader("rows", io::empty());
    assert_eq!(Job::new().inputs([reader, Input::from_bytes("more", "a")]).stored_bytes(), None);
}

/// Fails once.
struct Failing(Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

#[test]
fn a_reader_that_fails_midway_is_named() {
    let broken = || io::Error::new(io::ErrorKind::ConnectionReset, "the server went away");
    for text in [&b""[..], b"a\t1\n", &b"a\t1\n".repeat(10_000)] {
        for size in [1, 100, 1 << 20] {
            let input = Input::from_reader("server", Cursor::new(text.to_vec()).chain(Failing(Some(broken()))));
            let job = Job::new().input(input).chunk_size(NonZeroUsize::new(size).unwrap());
            let error = job.run().unwrap_err();
            assert!(matches!(error, Error::Read { .. }), "{error:?}");
            assert_eq!(error.to_string(), "server: the server went away");
        }
    }
    let input = Input::from_reader("server", Cursor::new("a\t1\n".repeat(9)).chain(Failing(Some(broken()))));
    let outcome = Job::new().input(input).keep_going(true).run().unwrap();
    assert_eq!(outcome.counts.iter().next(), Some((&b"a"[..], 9)));
    assert_eq!(outcome.errors[0].to_string(), "server: the server went away");
}

#[test]
fn a_reader_is_read_once_and_bytes_as_often_as_asked() {
    let job = Job::new().input(Input::from_reader("a\nreader", Cursor::new("a\t1\n")));
    job.clone().run().unwrap();
    let error = job.clone().run().unwrap_err().to_string();
    assert_eq!(error, "a\\nreader: was read before, and a reader can be read only once");
    let outcome = job.input(Input::from_bytes("bytes", "b\t1\n")).keep_going(true).run().unwrap();
    assert_eq!(outcome.errors[0].to_string(), error);
    let job = Job::new().input(Input::from_bytes("bytes", "a\t1\n"));
    assert_eq!(told(job.clone().run()), told(job.run()));
}

#[test]
fn a_name_may_promise_a_compression() {
    let outcome = Job::new().input(Input::from_bytes("books.gz", "a\t1\n")).run().unwrap();
    let notes = &outcome.stats.inputs[0].notes;
    assert_eq!(notes[..], [Note::Misnamed { named: Compression::Gzip, found: None }]);
}

#[test]
fn a_file_is_read_from_its_position() {
    let scratch = Scratch::with([("rows", &b"a\t1\nb\t2\n"[..])]);
    let mut file = File::open(scratch.path("rows")).unwrap();
    file.read_exact(&mut [0; 4]).unwrap();
    let outcome = Job::new().input(Input::from_file("rows", file)).run().unwrap();
    assert_eq!(outcome.counts.iter().collect::<Vec<_>>(), [(&b"b"[..], 2)]);
    let folder = File::open(scratch.path("")).unwrap();
    let error = Job::new().input(Input::from_file("folder", folder)).run().unwrap_err();
    assert_eq!(error.to_string(), "folder: is a directory");
}
