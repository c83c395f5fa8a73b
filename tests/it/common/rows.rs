//! Random inputs: well-formed and malformed lines of all sorts, and ways to cut and to store them.

use std::io::{self, Cursor, Write};
use std::num::NonZeroUsize;
use std::os::fd::AsRawFd;
use std::path::PathBuf;
use std::thread;

use ngram_count::write::{self, OutputFormat, OutputOptions};
use ngram_count::{Error, Format, Input, Job, Outcome};
use proptest::prelude::*;
use proptest::sample::select;

use super::{COUNTS, Compress, Scratch, V2, bzip2, gzip, xz, zip, zstd};

/// The oracle's parameters of a format.
pub(crate) fn shape(format: Format) -> (usize, usize) {
    if format == Format::V2 { V2 } else { COUNTS }
}

/// An ngram: mostly one of few, so that ngrams repeat; of lengths around the limits of keys and vectors; sometimes any
/// bytes.
fn ngram() -> impl Strategy<Value = Vec<u8>> {
    let few: Vec<Vec<u8>> = vec![
        b"a".into(),
        b"b".into(),
        b"".into(),
        b"Aardvark".into(),
        b"New York".into(),
        b"the_DET".into(),
        b"a\0".into(),
        b"x\xFF\xFE".into(),
        b"x\"y\\".into(),
        b"a\rb".into(),
        b"\r".into(),
        b"1999".into(),
        vec![b'p'; 14],
        vec![b'p'; 15],
        vec![b'p'; 16],
        vec![b'q'; 23],
        vec![b'q'; 24],
        vec![b'q'; 25],
        b"of the people by the people for the".into(),
        b"of the people by the people for whom".into(),
    ];
    let any =
        prop::collection::vec(any::<u8>().prop_map(|byte| if b"\t\n".contains(&byte) { b'_' } else { byte }), 0..40);
    prop_oneof![20 => select(few), 1 => any]
}

/// A count of up to 10 digits, sometimes with leading zeros.
fn count() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => (0_u64..30).prop_map(|count| count.to_string()),
        4 => (0_u32..11, any::<u64>()).prop_map(|(digits, count)| (count % 10_u64.pow(digits)).to_string()),
        1 => (0_u64..1000, 1_usize..24).prop_map(|(count, width)| format!("{count:0width$}")),
    ]
}

/// A well-formed line without its end.
fn line(format: Format) -> BoxedStrategy<Vec<u8>> {
    match format {
        Format::V2 => (ngram(), "[0-9]{3,6}", count(), count())
            .prop_map(|(ngram, year, count, volumes)| {
                [&ngram, format!("\t{year}\t{count}\t{volumes}").as_bytes()].concat()
            })
            .boxed(),
        _ => (ngram(), count()).prop_map(|(ngram, count)| [&ngram, format!("\t{count}").as_bytes()].concat()).boxed(),
    }
}

/// A line that is malformed in either format, without its end.
fn malformed() -> impl Strategy<Value = Vec<u8>> {
    let lines = [
        "a",
        " ",
        "a\t1\t2",
        "a\t1999\t1x\t1",
        "a\t1999\t\t1",
        "a\t1999\t-1\t1",
        "a\t1999\t1\t1\t1",
        "a\t1999\t1\t1\t",
        "a\t",
        "a\tx",
        "Aardvark\t1999\t18446744073709551616\t1",
        "a\t99999999999999999999",
        "a\t1999\t1\t1 ",
        "\t\t\t",
        "a\t1999\t1\t:",
        "a\t1999\t/\t1",
        "a 1999 1 1",
        "a\t1.0",
        "\r\r",
    ];
    select(lines.map(|line| line.as_bytes().to_vec()).to_vec())
}

/// Lines, each repeated a few times, with blank lines among them, and LF or CR LF behind them. The last line may lack
/// its end.
fn text_of(line: BoxedStrategy<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let line = prop_oneof![24 => line, 1 => Just(Vec::new()), 1 => Just(b"\t".to_vec())];
    let end = prop_oneof![8 => Just(&b"\n"[..]), 1 => Just(&b"\r\n"[..])];
    let run = (line, end, prop_oneof![3 => Just(1), 1 => 2_usize..9]);
    (prop::collection::vec(run, 0..40), any::<bool>(), prop::bool::weighted(0.1)).prop_map(
        |(runs, has_end, has_mark)| {
            let mut text = if has_mark { b"\xEF\xBB\xBF".to_vec() } else { Vec::new() };
            for (line, end, times) in runs {
                text.extend([&line, end].concat().repeat(times));
            }
            if !has_end && text.ends_with(b"\n") {
                text.pop();
            }
            text
        },
    )
}

pub(crate) fn format() -> impl Strategy<Value = Format> {
    prop_oneof![3 => Just(Format::V2), 1 => Just(Format::Counts)]
}

/// A format and a text of well-formed lines in it.
pub(crate) fn well_formed() -> impl Strategy<Value = (Format, Vec<u8>)> {
    format().prop_flat_map(|format| (Just(format), text_of(line(format))))
}

/// A format and a text in which some lines are malformed.
pub(crate) fn with_malformed() -> impl Strategy<Value = (Format, Vec<u8>)> {
    let line = |format| prop_oneof![8 => line(format), 1 => malformed()].boxed();
    format().prop_flat_map(move |format| (Just(format), text_of(line(format))))
}

/// Random bytes, mostly those of lines, but no compressed data.
pub(crate) fn any_bytes() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![30 => select(b"\t\t\t\n\n019ab \r".to_vec()), 1 => any::<u8>()];
    let bytes = prop_oneof![3 => prop::collection::vec(byte, 0..300), 1 => prop::collection::vec(any::<u8>(), 0..300)];
    bytes.prop_filter("compressed", |bytes| !bytes.starts_with(b"\x1F\x8B"))
}

/// The storage of a text.
#[derive(Debug, Clone)]
pub(crate) enum Stored {
    Plain,
    /// Gzip of several members, which end at these places.
    Gzip(Vec<prop::sample::Index>),
    /// Zstandard of several frames, likewise.
    Zstd(Vec<prop::sample::Index>),
    /// Bzip2 of several streams.
    Bzip2(Vec<prop::sample::Index>),
    /// Xz of several streams.
    Xz(Vec<prop::sample::Index>),
    Zip,
    Pipe,
    /// In memory, as it is.
    Memory,
    /// Behind a reader of the caller.
    Reader,
}

pub(crate) fn stored() -> impl Strategy<Value = Stored> {
    let cuts = prop::collection::vec(any::<prop::sample::Index>(), 0..4);
    prop_oneof![
        5 => Just(Stored::Plain),
        1 => cuts.clone().prop_map(Stored::Gzip),
        1 => cuts.clone().prop_map(Stored::Zstd),
        1 => cuts.clone().prop_map(Stored::Bzip2),
        1 => cuts.prop_map(Stored::Xz),
        1 => Just(Stored::Zip),
        1 => Just(Stored::Pipe),
        2 => Just(Stored::Memory),
        1 => Just(Stored::Reader),
    ]
}

/// A number of threads, and a chunk size.
pub(crate) fn cut() -> impl Strategy<Value = (usize, usize)> {
    (1_usize..9, prop_oneof![1_usize..4, 1_usize..100, 1_usize..2000, Just(1 << 20)])
}

/// Several members of a compression.
pub(crate) fn members(text: &[u8], cuts: &[prop::sample::Index], compress: Compress) -> Vec<u8> {
    pieces(text, cuts).into_iter().flat_map(compress).collect()
}

/// The text cut at these places.
pub(crate) fn pieces<'a, T>(text: &'a [T], cuts: &[prop::sample::Index]) -> Vec<&'a [T]> {
    let mut places: Vec<usize> = cuts.iter().map(|cut| cut.index(text.len() + 1)).chain([0, text.len()]).collect();
    places.sort_unstable();
    places.windows(2).map(|pair| &text[pair[0]..pair[1]]).collect()
}

/// Runs `job` over the text, stored and cut so.
pub(crate) fn run(job: Job, text: &[u8], stored: &Stored, (threads, size): (usize, usize)) -> Result<Outcome, Error> {
    let scratch = Scratch::new();
    let job = job.threads(NonZeroUsize::new(threads).unwrap()).chunk_size(NonZeroUsize::new(size).unwrap());
    match stored {
        Stored::Memory => return job.input(Input::from_bytes("rows", text.to_vec())).run(),
        Stored::Reader => return job.input(Input::from_reader("rows", Cursor::new(text.to_vec()))).run(),
        Stored::Plain => scratch.write("rows", text),
        Stored::Gzip(cuts) => scratch.write("rows", members(text, cuts, gzip)),
        Stored::Zstd(cuts) => scratch.write("rows", members(text, cuts, zstd)),
        Stored::Bzip2(cuts) => scratch.write("rows", members(text, cuts, bzip2)),
        Stored::Xz(cuts) => scratch.write("rows", members(text, cuts, xz)),
        Stored::Zip => scratch.write("rows", zip(text)),
        Stored::Pipe => {
            let (reader, mut writer) = io::pipe().unwrap();
            let path = PathBuf::from(format!("/proc/self/fd/{}", reader.as_raw_fd()));
            return thread::scope(|scope| {
                // After an error, nobody reads the rest.
                scope.spawn(move || writer.write_all(text));
                let result = job.inputs([Input::File(path)]).run();
                drop(reader);
                result
            });
        }
    }
    job.input(scratch.path("rows")).run()
}

/// The result in the command's default format.
pub(crate) fn written(outcome: &Outcome) -> Vec<u8> {
    let mut text = Vec::new();
    write::write(&outcome.counts, &OutputOptions::new(OutputFormat::Tsv), &mut text).unwrap();
    text
}
