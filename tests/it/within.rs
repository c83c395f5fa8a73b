//! `--within`: N-grams of lines, paragraphs and files, in any storage and chunks, against a naive count of a few lines.

use std::num::NonZeroUsize;
use std::ops::RangeInclusive;

use ngram_count::{Format, Input, Job, Note, Spelling, Tokens, Within};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::common::laws::{self, unexpected};
use crate::common::passages::{Counted, counted, ngrams, passages, text};
use crate::common::rows::{Stored, cut, pieces, run, stored, written};
use crate::common::{COMPRESSIONS, Scratch, gzip, tsv, ways_to_cut, zip_of};

fn job(counted: &Counted) -> Job {
    let job = Job::new().format(Format::Text).within(counted.within);
    let [min, max] = [counted.lens.start(), counted.lens.end()].map(|len| NonZeroUsize::new(*len).unwrap());
    let job = if min == max { job.ngram(min) } else { job.ngrams(min..=max) };
    let job = if counted.is_unicode { job.tokens(Tokens::Unicode) } else { job };
    if counted.ignore_case { job.ignore_case(Spelling::Lower) } else { job }
}

/// One length, or several, or none.
fn lens() -> impl Strategy<Value = RangeInclusive<usize>> {
    prop_oneof![(1_usize..6).prop_map(|len| len..=len), (1_usize..5, 1_usize..6).prop_map(|(min, max)| min..=max)]
}

proptest! {
    #![proptest_config(laws::config())]

    #[test]
    fn ngrams_are_the_oracles(
        text in text(), counted in counted(lens()), stored in stored(), cut in cut(), is_bounded: bool,
    ) {
        let job = if is_bounded { job(&counted).memory(1) } else { job(&counted) };
        let outcome = run(job, &text, &stored, cut).map_err(unexpected)?;
        let expected = ngrams(&[&text], &counted);
        prop_assert_eq!(outcome.stats.rows, expected.values().sum::<u64>());
        prop_assert_eq!(written(&outcome), tsv(&expected));
    }

    #[test]
    fn no_ngram_spans_two_inputs(
        texts in prop::collection::vec(text(), 1..5), counted in counted(lens()), (threads, size) in cut(),
    ) {
        let inputs = texts.iter().map(|text| Input::from_bytes("text", text.clone()));
        let job = job(&counted).threads(NonZeroUsize::new(threads).unwrap()).chunk_size(NonZeroUsize::new(size).unwrap());
        let outcome = job.inputs(inputs).run().map_err(unexpected)?;
        let texts: Vec<&[u8]> = texts.iter().map(Vec::as_slice).collect();
        prop_assert_eq!(written(&outcome), tsv(&ngrams(&texts, &counted)));
    }

    /// The law of parts.
    #[test]
    fn counts_of_paragraphs_make_the_count_of_all(
        text in text(), counted in counted(lens()), cuts in prop::collection::vec(any::<Index>(), 0..6), cut in cut(),
    ) {
        let ends_in_line = |passage: &Vec<u8>| passage.is_empty() || passage.ends_with(b"\n");
        let passages = passages(&text, counted.within);
        prop_assume!(passages.iter().rev().skip(1).all(ends_in_line));
        let mut parts = Vec::new();
        for part in pieces(&passages, &cuts) {
            let outcome = run(job(&counted), &part.join(&b"\n"[..]), &Stored::Plain, cut).map_err(unexpected)?;
            parts.extend(written(&outcome));
        }
        let again = run(Job::new().format(Format::Counts), &parts, &Stored::Plain, cut).map_err(unexpected)?;
        let all = run(job(&counted), &text, &Stored::Plain, cut).map_err(unexpected)?;
        prop_assert_eq!(written(&again), written(&all));
    }
}

proptest! {
    #![proptest_config(laws::config_of_processes())]

    /// The command maps its files. Ranges that end between paragraphs add up.
    #[test]
    fn the_command_does_as_the_oracle(text in text(), counted in counted(lens()), (threads, size) in cut(), at: Index) {
        let expected = ngrams(&[&text], &counted);
        let scratch = Scratch::with([("text", &text[..])]);
        let within = match counted.within {
            Within::Line => "line",
            Within::Paragraph => "paragraph",
            _ => "file",
        };
        let [min, max] = [counted.lens.start(), counted.lens.end()];
        prop_assume!(min <= max);
        let len = if min == max { min.to_string() } else { format!("{min}-{max}") };
        let (threads, size) = (threads.to_string(), size.to_string());
        let mut options = vec!["-i", "text", "text", "--within", within, "--ngram", &len, "-j", &threads, "--chunk-size", &size];
        options.extend(counted.ignore_case.then_some("--ignore-case"));
        options.extend(counted.is_unicode.then_some("--tokens=unicode"));
        scratch.run(&options).gives(tsv(&expected));

        // A range that begins with a paragraph.
        let ends: Vec<usize> = text.windows(2).enumerate().filter(|(_, pair)| pair == b"\n\n").map(|(end, _)| end + 2).collect();
        if counted.within == Within::Paragraph && !ends.is_empty() {
            let end = ends[at.index(ends.len())];
            let part = |range: String| scratch.run(options.iter().copied().chain(["--range", &range])).exits(0).stdout().to_vec();
            let parts = [part(format!("0-{end}")), part(format!("{end}-"))].concat();
            scratch.pipe(&parts, ["-i", "counts"]).gives(tsv(&expected));
        }
    }
}

/// Counts in every storage, with all chunk sizes and numbers of threads.
#[track_caller]
fn gives(text: &[u8], options: &[&str], expected: &str) {
    let scratch = Scratch::with([("a.txt", text)]);
    for (name, compress) in COMPRESSIONS {
        scratch.write(name, compress(text));
    }
    for cut in ways_to_cut() {
        for name in ["a.txt"].into_iter().chain(COMPRESSIONS.map(|(name, _)| name)) {
            scratch.run(cut.iter().chain(options).chain(&["-i", "text", name])).gives(expected);
        }
        scratch.pipe(text, cut.iter().chain(options).chain(&["-i", "text"])).gives(expected);
    }
}

#[test]
fn a_blank_line_ends_a_paragraph() {
    let text = b"a b\r\nc\r\n\t \r\nd\r\n*\r\ne\r\n\r\n\r\nf";
    gives(text, &["--ngram=2"], "a b\t1\n");
    gives(text, &["--ngram=2", "--within=line"], "a b\t1\n");
    gives(text, &["--ngram=2", "--within=paragraph"], "* e\t1\na b\t1\nb c\t1\nd *\t1\n");
    gives(text, &["--ngram=2", "--within=paragraph", "--tokens=unicode"], "a b\t1\nb c\t1\nd e\t1\n");
    gives(text, &["--ngram=4", "--within=file"], "a b c d\t1\nb c d *\t1\nc d * e\t1\nd * e f\t1\n");
    gives(text, &["--ngram=8", "--within=file"], "");
}

#[test]
fn members_of_a_zip_file_are_one_text() {
    let members: [(&str, &[u8]); 2] = [("a.txt", b"a b"), ("b.txt", b"c\n\nd")];
    let scratch = Scratch::with([("two.zip", &zip_of(&members, zip::CompressionMethod::Deflated)[..])]);
    let options = ["--ngram", "2", "two.zip", "--within"];
    scratch.run(options.iter().chain(&["file"])).gives("a b\t1\nb c\t1\nc d\t1\n");
    scratch.run(options.iter().chain(&["paragraph"])).gives("a b\t1\nb c\t1\n");
    scratch.run(options.iter().chain(&["line"])).gives("a b\t1\n");
}

/// What comes before a failure is counted, and nothing is joined across what is missing.
#[test]
fn an_input_that_breaks_off_has_the_ngrams_before() {
    let text = b"a b\nc d\ne f\n";
    let mut compressed = gzip(&text.repeat(2000));
    compressed.truncate(compressed.len() - 8);
    let scratch = Scratch::with([("a.gz", &compressed[..]), ("b.txt", b"a\nb\n")]);
    let options = ["-i", "text", "--ngram", "2", "--within", "file", "a.gz", "b.txt", "--keep-going", "-q"];
    for cut in ways_to_cut() {
        let ran = scratch.run(cut.iter().chain(&options));
        ran.exits(2).writes("a b\t2001\nb c\t2000\nc d\t2000\nd e\t2000\ne f\t2000\nf a\t1999\n");
    }
}

#[test]
fn within_is_for_ngrams_of_text() {
    let scratch = Scratch::with([("v2.tsv", &b"a\t1999\t5\t1\n"[..])]);
    let ran = scratch.run(["--within", "paragraph", "v2.tsv"]);
    assert!(ran.exits(2).writes("").stderr().contains("--ngram <N>"), "{ran}");
    let ran = scratch.run(["--within", "chapter", "--ngram", "2", "v2.tsv"]);
    assert!(ran.exits(2).writes("").stderr().contains("[possible values: line, paragraph, file]"), "{ran}");
    scratch.run(["--within", "paragraph", "--ngram", "2", "v2.tsv"]).fails(
        "v2.tsv: its format (v2) is not text, which --tokens, --ngram, --within and --year-from are for; if it is text, say -i text",
    );
    let error = Job::new().input(scratch.path("v2.tsv")).within(Within::File).run().unwrap_err();
    assert!(matches!(error, ngram_count::Error::NoText { .. }), "{error}");
}

/// Lines of a wrapped text.
fn wrapped() -> String {
    "in the beginning there was a word, and it was a long one of many letters\n\
     which went on, and on, and nobody knew where it might end, nor who could\n"
        .repeat(8)
}

#[test]
fn a_text_that_looks_wrapped_gets_one_note() {
    let (wrapped, sentences) = (wrapped(), wrapped().replace("in the", "In the").replace("which", "Which"));
    let compressed = gzip(wrapped.as_bytes());
    let files = [("a.txt", wrapped.as_bytes()), ("b.gz", &compressed), ("c.txt", sentences.as_bytes())];
    let scratch = Scratch::with(files);
    let note = |name: &str| {
        format!(
            "ngram-count: {name}: its lines look wrapped, and N-grams across the ends of lines are not counted; \
             --within paragraph counts them, --within line says that this is right\n"
        )
    };
    for cut in ways_to_cut() {
        let says = |options: &[&str]| scratch.run(cut.iter().chain(options)).exits(0).stderr();
        assert_eq!(says(&["--ngram=2", "a.txt", "b.gz", "c.txt"]), note("a.txt"));
        assert_eq!(says(&["--ngram=2", "-i", "text", "c.txt", "b.gz"]), note("b.gz"));
        for quiet in [
            &["--ngram=2", "c.txt"][..],
            &["--ngram=1", "a.txt"],
            &["a.txt"],
            &["--ngram=2", "a.txt", "--quiet"],
            &["--ngram=2", "a.txt", "--within=line"],
            &["--ngram=2", "a.txt", "--within=paragraph"],
        ] {
            assert_eq!(says(quiet), "", "{quiet:?}");
        }
    }
    let job = || Job::new().input(scratch.path("a.txt"));
    let notes = |job: Job| job.run().unwrap().stats.inputs.remove(0).notes;
    assert_eq!(notes(job().ngram(NonZeroUsize::new(3).unwrap())), [Note::Wrapped]);
    assert_eq!(notes(job()), []);
}
