//! Results by files, and the number of files in which a word occurs.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use ngram_count::write::{self, Column, OutputFormat, OutputOptions};
use ngram_count::{By, Format, Input, Job, Outcome, Sort, Spelling};
use proptest::prelude::*;
use proptest::sample::select;

use crate::common::oracle::{Row, folded, row, sums, write as rows_as};
use crate::common::{COMPRESSIONS, Scratch, laws, ways_to_cut};

/// A file: its format, its rows (of text, its words), and the number of its compression.
#[derive(Debug, Clone)]
struct File {
    format: Format,
    rows: Vec<Row>,
    compression: usize,
}

impl File {
    fn text(&self) -> Vec<u8> {
        match self.format {
            // A line for every third word.
            Format::Text => {
                let word = |(place, row): (usize, &Row)| {
                    [&row.ngram, if place % 3 == 2 { "\n" } else { " " }.as_bytes()].concat()
                };
                self.rows.iter().enumerate().flat_map(word).collect()
            }
            Format::Counts => {
                let line = |row: &Row| [&row.ngram, format!("\t{}\n", row.matches).as_bytes()].concat();
                self.rows.iter().flat_map(line).collect()
            }
            format => rows_as(format, &self.rows),
        }
    }

    fn input(&self, number: usize) -> Input {
        let text = self.text();
        let stored = COMPRESSIONS.get(self.compression).map_or(text.clone(), |(_, compress)| compress(&text));
        Input::from_bytes(format!("file {}", number % 3), stored)
    }

    /// The rows as they count: of text, each word once.
    fn counted(&self) -> Vec<Row> {
        let is_text = self.format == Format::Text;
        self.rows
            .iter()
            .map(|row| if is_text { Row { matches: 1, volumes: 0, ..row.clone() } } else { row.clone() })
            .collect()
    }
}

/// Words without white space, for all formats; many are case variants. Some are too long for a key, or for the cache of
/// frequent words.
const WORDS: &[&str] = &["a", "A", "b", "of", "Of", "antidisestablishmentarianism", "sixteen-letters!", "ΟΔΟΣ"];

fn file(formats: &'static [Format]) -> impl Strategy<Value = File> {
    let row = (select(WORDS), 1900_u64..1904, 0_u64..5, 1_u64..4)
        .prop_map(|(word, year, matches, volumes)| row(word, year, matches, volumes));
    (select(formats), prop::collection::vec(row, 0..30), 0..2 * COMPRESSIONS.len())
        .prop_map(|(format, rows, compression)| File { format, rows, compression })
}

/// The ways to cut and to bound a run.
#[derive(Debug, Clone)]
struct Cut {
    threads: usize,
    chunk_size: usize,
    memory: Option<u64>,
}

fn cut() -> impl Strategy<Value = Cut> {
    let chunk_sizes = select(&[1_usize, 10, 100, 1 << 20][..]);
    (1_usize..9, chunk_sizes, select(&[None, Some(1_u64)][..])).prop_map(|(threads, chunk_size, memory)| Cut {
        threads,
        chunk_size,
        memory,
    })
}

impl Cut {
    fn run(&self, job: Job, files: &[File]) -> Outcome {
        // All files are of one format, unless the run detects it; an empty one has none.
        let job = job.inputs(files.iter().enumerate().map(|(number, file)| file.input(number)));
        let job = job
            .threads(NonZeroUsize::new(self.threads).unwrap())
            .chunk_size(NonZeroUsize::new(self.chunk_size).unwrap());
        self.memory.into_iter().fold(job, Job::memory).run().unwrap()
    }
}

fn written(outcome: &Outcome, columns: &[Column]) -> String {
    let (mut options, mut text) = (OutputOptions::new(OutputFormat::Tsv), Vec::new());
    options.columns = columns.to_vec();
    write::write(&outcome.counts, &options, &mut text).unwrap();
    String::from_utf8(text).unwrap()
}

const TEXT: &[Format] = &[Format::Text];
const TABLES: &[Format] = &[Format::V1, Format::V2, Format::V3];
const COUNTS: &[Format] = &[Format::Counts];

fn files() -> impl Strategy<Value = (Format, Vec<File>)> {
    select(&[TEXT, TEXT, TABLES, COUNTS][..]).prop_flat_map(|formats| {
        // One format for all files, named.
        select(formats).prop_flat_map(move |format| {
            let of_format = file(formats).prop_map(move |file| File { format, ..file });
            (Just(format), prop::collection::vec(of_format, 1..7))
        })
    })
}

/// The lines of `--by file`: counts and volumes of each word in each file.
fn by_file(files: &[File], years: (u64, u64), folds: bool) -> BTreeMap<(Vec<u8>, usize), (u64, u64)> {
    let mut lines = BTreeMap::new();
    for (number, file) in files.iter().enumerate() {
        let rows = file.counted();
        let rows = if folds { folded(&rows) } else { rows };
        let has_years = TABLES.contains(&file.format);
        for row in rows {
            let counts = if has_years { years.0 <= row.year && row.year <= years.1 } else { row.matches > 0 };
            if counts {
                let line: &mut (u64, u64) = lines.entry((row.ngram, number)).or_default();
                *line = (line.0 + row.matches, line.1 + row.volumes);
                if file.format == Format::Text {
                    line.1 = 1;
                }
            }
        }
    }
    lines
}

proptest! {
    #![proptest_config(laws::config_of_processes())]

    #[test]
    fn each_word_has_a_line_for_each_of_its_files(
        (format, files) in files(),
        cut in cut(),
        folds in any::<bool>(),
        years in select(&[(0_u64, u64::MAX), (1901, 1902)][..]),
        min_count in 0_u64..6,
    ) {
        let job = Job::new().format(format).by(By::File).min_count(min_count);
        let job = if folds { job.ignore_case(Spelling::Lower) } else { job };
        let has_years = TABLES.contains(&format);
        let years = if has_years { years } else { (0, u64::MAX) };
        let job = if has_years { job.years(ngram_count::Years::new(years.0, years.1).unwrap()) } else { job };
        let mut columns = vec![Column::Word, Column::File, Column::Count];
        columns.extend((format != Format::Counts).then_some(Column::Volumes));
        let lines = by_file(&files, years, folds);
        let sum = |word: &[u8]| lines.iter().filter(|((other, _), _)| other == word).map(|(_, line)| line.0).sum::<u64>();
        let line = |((word, number), (count, volumes)): (&(Vec<u8>, usize), &(u64, u64))| {
            let volumes = if format == Format::Counts { String::new() } else { format!("\t{volumes}") };
            format!("{}\tfile {}\t{count}{volumes}\n", String::from_utf8_lossy(word), number % 3)
        };
        let expected: String = lines.iter().filter(|((word, _), _)| sum(word) >= min_count).map(line).collect();
        let outcome = cut.run(job.columns(columns.iter().copied()), &files);
        prop_assert_eq!(written(&outcome, &columns), expected);
        let names: Vec<String> = outcome.counts.files().map(|name| String::from_utf8_lossy(name).into_owned()).collect();
        prop_assert_eq!(names, (0..files.len()).map(|number| format!("file {}", number % 3)).collect::<Vec<_>>());
    }

    /// Google's files and text together: volume_counts are added up, and each text is one volume.
    #[test]
    fn volumes_of_text_are_its_files(
        texts in prop::collection::vec(file(TEXT), 0..6),
        tables in prop::collection::vec(file(TABLES), 0..3),
        cut in cut(),
        folds in any::<bool>(),
    ) {
        // The run detects the format of each file, and takes one without rows for a table. A text of one word in each
        // line is none.
        let tables = tables.into_iter().filter(|table| !table.rows.is_empty());
        let files: Vec<File> = tables.chain(texts.into_iter().filter(|text| text.rows.len() > 2)).collect();
        let job = Job::new().sort(Sort::Word);
        let job = if folds { job.ignore_case(Spelling::Lower) } else { job };
        let columns = [Column::Word, Column::Count, Column::Volumes];
        let mut volumes: BTreeMap<Vec<u8>, u64> = BTreeMap::new();
        for ((word, _), (_, of_file)) in by_file(&files, (0, u64::MAX), folds) {
            *volumes.entry(word).or_default() += of_file;
        }
        let rows: Vec<Row> = files.iter().flat_map(File::counted).collect();
        let counts = sums(&if folds { folded(&rows) } else { rows });
        let line = |(word, count): (&Vec<u8>, &u64)| format!("{}\t{count}\t{}\n", String::from_utf8_lossy(word), volumes[word]);
        let expected: String = counts.iter().map(line).collect();
        prop_assert_eq!(written(&cut.run(job.columns(columns.iter().copied()), &files), &columns), expected);
    }
}

const FILES: [(&str, &[u8]); 4] =
    [("1", b"a rose is a rose\n"), ("2", b"is it a daisy"), ("3", b""), ("4", b"A\nrose")];

#[test]
fn files_have_the_order_in_which_they_are_named() {
    let scratch = Scratch::with(FILES);
    for cut in ways_to_cut() {
        let run = |options: &[&str]| scratch.run([options, &cut].concat());
        run(&["1", "2", "3", "4", "--by=file", "-wrose", "-wa", "-wtulip"])
            .gives("rose\t1\t2\nrose\t4\t1\na\t1\t2\na\t2\t1\n");
        run(&["4", "2", "1", "--by=file", "--ignore-case", "-n2"])
            .gives("a\t4\t1\na\t2\t1\na\t1\t2\nrose\t4\t1\nrose\t1\t2\n");
        run(&["1", "2", "4", "--columns=word,count,volumes", "-n3"]).gives("a\t3\t2\nrose\t3\t2\nis\t2\t2\n");
        run(&["1", "1", "--by=file", "-wis", "--columns=file,count,volumes"]).gives("1\t1\t1\n1\t1\t1\n");
        run(&["1", "1", "-wis", "--columns=count,volumes"]).gives("2\t2\n");
        run(&["1", "2", "--by=file", "--ngram=2", "-wis a"]).gives("is a\t1\t1\n");
    }
    scratch.run(["1", "--by=file", "-wtulip"]).exits(1).writes("").says("");
    scratch.pipe(b"a rose", ["--by=file", "-", "1", "-wa"]).gives("a\t-\t1\na\t1\t2\n");
}

#[test]
fn a_line_of_a_file_in_each_format() {
    let scratch = Scratch::with(FILES);
    let run = |format: &str| scratch.run(["1", "2", "--by=file", "-wis", "-f", format]);
    run("csv").gives("word,file,count\r\nis,1,1\r\nis,2,1\r\n");
    run("jsonl").gives("{\"word\":\"is\",\"file\":\"1\",\"count\":1}\n{\"word\":\"is\",\"file\":\"2\",\"count\":1}\n");
    scratch.run(["1", "--by=file", "-wis", "--header"]).gives("word\tfile\tcount\nis\t1\t1\n");
    // Not counted again as something else.
    let csv = scratch.run(["1", "--by=file", "-f=csv"]);
    assert!(scratch.pipe(csv.stdout(), [""; 0]).exits(2).stderr().contains("can't be counted again"));
}

/// Each line stays one record, and the name can be read back.
#[test]
fn names_that_would_break_a_line_are_escaped_in_tsv_alone() {
    let scratch = Scratch::with([("a\tb\nc\\d\re", &b"word"[..])]);
    let run = |format: &str| scratch.run(["a\tb\nc\\d\re", "--by=file", "-f", format]);
    run("tsv").gives("word\ta\\tb\\nc\\\\d\\re\t1\n");
    run("csv").gives("word,file,count\r\nword,\"a\tb\nc\\d\re\",1\r\n");
    run("jsonl").gives("{\"word\":\"word\",\"file\":\"a\\tb\\nc\\\\d\\re\",\"count\":1}\n");
}

#[test]
fn the_files_of_an_archive_are_one_file() {
    let scratch = Scratch::new();
    let members: [(&str, &[u8]); 2] = [("1", b"a rose"), ("2", b"a daisy")];
    scratch.write("poems.zip", crate::common::zip_of(&members, zip::CompressionMethod::Stored));
    scratch.run(["poems.zip", "--by=file", "-wa"]).gives("a\tpoems.zip\t2\n");
    scratch.run(["poems.zip", "-wa", "--columns=count,volumes"]).gives("2\t1\n");
}

/// They have no volumes, which only a column asks for.
#[test]
fn earlier_counts_have_files_and_no_volumes() {
    let scratch = Scratch::with([("x", &b"a\t2\nb\t0\n"[..]), ("y", b"a\t3\n"), ("text", b"a rose\n")]);
    scratch.run(["x", "y", "text", "--by=file"]).gives("a\tx\t2\na\ty\t3\na\ttext\t1\nrose\ttext\t1\n");
    for options in [&["--by=file", "--columns=word,file,volumes"][..], &["--columns=volumes"]] {
        let ran = scratch.run([&["text", "x"], options].concat());
        ran.exits(2).writes("");
        assert!(ran.stderr().starts_with("ngram-count: x: its format (counts) has no years and no volumes: "), "{ran}");
    }
    let outcome = Job::new().input(scratch.path("x")).by(By::File).run().unwrap();
    let found: Vec<_> = outcome.counts.histories().map(|(word, files)| (word.to_vec(), files.len())).collect();
    assert_eq!(found, [(b"a".to_vec(), 1), (b"b".to_vec(), 0)]);
}

#[test]
fn a_file_that_can_not_be_read_leaves_the_names_of_the_others() {
    let scratch = Scratch::with(FILES);
    let ran = scratch.run(["1", "no/file", "2", "--by=file", "--keep-going", "-wa"]);
    ran.exits(2).writes("a\t1\t2\na\t2\t1\n").says("ngram-count: no/file: No such file or directory\n");
}
