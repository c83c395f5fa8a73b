//! The generator: its output is as requested, and always the same.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Write};

use flate2::read::MultiGzDecoder;
use ngram_sample::{Layout, Order, Sample, Size, Written, stories};

use crate::common::data;

/// A sample that is quickly made.
fn small() -> Sample {
    Sample { size: Size::Rows(1800), words: Some(40), runs: Some(3), ..Sample::default() }
}

fn bytes(sample: &Sample) -> Vec<u8> {
    let mut bytes = Vec::new();
    let written = sample.write(&mut bytes).unwrap();
    assert_eq!(written.bytes, bytes.len() as u64);
    assert_eq!(written.lines, bytes.split(|&byte| byte == b'\n').count() as u64 - 1);
    bytes
}

/// The fields of each line; every line has its end.
fn lines(bytes: &[u8]) -> Vec<Vec<&str>> {
    let text = std::str::from_utf8(bytes).unwrap();
    let text = text.strip_suffix('\n').unwrap();
    text.split('\n').map(|line| line.split('\t').collect()).collect()
}

fn number(field: &str) -> u64 {
    field.parse().unwrap()
}

/// Rows of each word.
fn words<'a>(lines: &[Vec<&'a str>]) -> BTreeMap<&'a str, usize> {
    let mut words = BTreeMap::new();
    for line in lines {
        *words.entry(line[0]).or_default() += 1;
    }
    words
}

fn has_tag(word: &str) -> bool {
    let Some((_, end)) = word.rsplit_once('_') else {
        return false;
    };
    end == "." || end.starts_with(|c: char| c.is_ascii_uppercase())
}

/// A file of `data/`.
fn open(name: &str) -> File {
    File::open(data(name)).expect(name)
}

/// The telegraph went before the radio, and `colour` is more British than `color`.
#[test]
fn stories_are_told_by_the_files_in_data() {
    let text = fs::read_to_string(data("sample-v2.tsv")).unwrap();
    let rows = lines(text.as_bytes());
    let peak = |word: &str| {
        let years = rows.iter().filter(|row| row[0] == word);
        number(years.max_by_key(|row| number(row[2])).unwrap_or_else(|| panic!("there is no {word}"))[1])
    };
    assert!((1870..1910).contains(&peak("telegraph")) && (1930..1990).contains(&peak("radio")));
    assert!((1980..1995).contains(&peak("computer")) && peak("internet") > 2000);
    assert!((1949..1955).contains(&peak("1950")) && peak("colour") < peak("color"));
    let aardvark: u64 = rows.iter().filter(|row| row[0] == "Aardvark").map(|row| number(row[2])).sum();
    assert_eq!(aardvark, 2120);
}

#[test]
fn text_has_no_stories() {
    let error = stories::write(Layout::Text, &mut io::sink()).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
}

#[test]
fn files_in_data_are_what_the_generator_makes() {
    let mut v1 = zip::ZipArchive::new(open("sample-v1.csv.zip")).unwrap();
    let files: [(&str, Layout, Box<dyn Read>); 3] = [
        ("sample-v1.csv.zip", Layout::V1, Box::new(v1.by_index(0).unwrap())),
        ("sample-v2.tsv", Layout::V2, Box::new(open("sample-v2.tsv"))),
        ("sample-v3.tsv", Layout::V3, Box::new(open("sample-v3.tsv"))),
    ];
    for (name, layout, mut file) in files {
        let (mut found, mut made) = (Vec::new(), Vec::new());
        file.read_to_end(&mut found).unwrap();
        let written = stories::write(layout, &mut made).unwrap();
        assert!(made == found, "{name} is not what the stories give");
        assert_eq!(written.bytes, made.len() as u64);
        assert_eq!(written.lines, made.split(|&byte| byte == b'\n').count() as u64 - 1);
    }
    let mut gzip = Vec::new();
    MultiGzDecoder::new(open("sample-v2.tsv.gz")).read_to_end(&mut gzip).unwrap();
    assert!(gzip == fs::read(data("sample-v2.tsv")).unwrap(), "sample-v2.tsv.gz has other rows");
}

#[test]
fn same_seed_gives_same_bytes_and_another_seed_others() {
    for layout in [Layout::V1, Layout::V2, Layout::V3, Layout::Text] {
        for order in [Order::Sorted, Order::Random] {
            let sample = Sample { layout, order, ..small() };
            assert_eq!(bytes(&sample), bytes(&sample));
            assert_ne!(bytes(&sample), bytes(&Sample { seed: 2, ..sample }));
        }
    }
}

#[test]
fn v1_and_v2_lines_are_well_formed() {
    for (layout, fields) in [(Layout::V1, 5), (Layout::V2, 4)] {
        let bytes = bytes(&Sample { layout, ..small() });
        for line in lines(&bytes) {
            assert_eq!(line.len(), fields, "{line:?}");
            assert!((1505..=2008).contains(&number(line[1])), "{line:?}");
            let counts: Vec<_> = line[2..].iter().map(|field| number(field)).collect();
            assert!(counts.is_sorted_by(|more, less| more >= less), "{line:?}");
            assert!(!line[0].is_empty() && counts[fields - 3] > 0, "{line:?}");
        }
    }
}

#[test]
fn v3_has_the_rows_of_v2_with_a_line_a_word() {
    let (v2, v3) = (bytes(&small()), bytes(&Sample { layout: Layout::V3, ..small() }));
    let mut unfolded = String::new();
    for line in lines(&v3) {
        for row in &line[1..] {
            unfolded.extend([line[0], "\t", &row.replace(',', "\t"), "\n"]);
        }
    }
    assert_eq!(unfolded.as_bytes(), v2);
    assert_eq!(lines(&v3).len(), 40);
}

#[test]
fn text_is_lines_of_words() {
    let sample = Sample { layout: Layout::Text, size: Size::Bytes(200_000), ..Sample::default() };
    let text = String::from_utf8(bytes(&sample)).unwrap();
    assert!((200_000..200_100).contains(&text.len()), "{}", text.len());
    let average = text.len() / text.lines().count();
    assert!((65..=75).contains(&average), "{average}");
    let the = text.split_whitespace().filter(|&word| word == "the").count();
    assert!(the * 40 > text.split_whitespace().count(), "{the}");
}

#[test]
fn words_rows_and_runs_are_as_asked() {
    for (rows, count, runs) in [(20_000, 1000, 7), (5000, 5000, 2500), (184_000, 1000, 1), (61, 2, 1)] {
        let size = Size::Rows(rows);
        let sample = Sample { size, words: Some(count), runs: Some(runs), ..Sample::default() };
        let bytes = bytes(&sample);
        let lines = lines(&bytes);
        assert_eq!(lines.len() as u64, rows);
        assert_eq!(words(&lines).len() as u64, count);
        assert_eq!(1 + count_descents(&lines), runs);
    }
}

/// How often a word is followed by one before it. The years of a word ascend, and its lines are together.
fn count_descents(lines: &[Vec<&str>]) -> u64 {
    let mut descents = 0;
    let mut blocks = 1;
    for pair in lines.windows(2) {
        let (word, next) = (pair[0][0], pair[1][0]);
        assert!(word != next || number(pair[0][1]) < number(pair[1][1]), "{pair:?}");
        blocks += usize::from(word != next);
        descents += u64::from(word > next);
    }
    assert_eq!(blocks, words(lines).len());
    descents
}

#[test]
fn aardvark_begins_as_in_the_real_file() {
    for seed in 0..20 {
        let bytes = bytes(&Sample { seed, ..small() });
        let lines = lines(&bytes);
        let aardvark: Vec<_> = lines.iter().filter(|line| line[0] == "Aardvark").collect();
        assert_eq!(aardvark[0][1..], ["1822", "2", "1"]);
        assert_eq!(aardvark[1][1..], ["1824", "3", "1"]);
        assert_eq!(aardvark[2][1..], ["1827", "10", "7"]);
        assert!(aardvark.len() > 10);
    }
}

#[test]
fn tags_are_as_frequent_as_asked() {
    for asked in [0.0, 0.1, 0.3, 0.5, 0.58, 0.9] {
        let size = Size::Rows(40_000);
        let sample = Sample { size, words: Some(20_000), tagged: asked, ..Sample::default() };
        let bytes = bytes(&sample);
        let words = words(&lines(&bytes));
        let share = words.keys().filter(|word| has_tag(word)).count() as f64 / words.len() as f64;
        assert!((share - asked).abs() < 0.02, "{share} instead of {asked}");
    }
}

#[test]
fn random_order_has_the_lines_of_sorted_order() {
    for layout in [Layout::V1, Layout::V2, Layout::V3] {
        for (rows, count) in [(1800, 40), (3000, 3000), (2047, 100)] {
            let (size, words) = (Size::Rows(rows), Some(count));
            let sample = Sample { layout, size, words, runs: None, ..Sample::default() };
            let (sorted, random) = (bytes(&sample), bytes(&Sample { order: Order::Random, ..sample }));
            assert_ne!(sorted, random);
            let (mut sorted, mut random) = (lines(&sorted), lines(&random));
            sorted.sort();
            random.sort();
            assert_eq!(sorted, random);
        }
    }
}

#[test]
fn counts_are_distributed_as_in_the_real_file() {
    let bytes = bytes(&Sample { size: Size::Rows(200_000), ..Sample::default() });
    let lines = lines(&bytes);
    let share =
        |test: fn(u64) -> bool| lines.iter().filter(|line| test(number(line[2]))).count() as f64 / lines.len() as f64;
    assert!((share(|matches| matches < 10) - 0.75).abs() < 0.04);
    assert!((share(|matches| matches == 1) - 0.3).abs() < 0.04);
    assert!(share(|matches| matches > 9_999) > 0.0005);
}

#[test]
fn size_in_bytes_is_about_kept() {
    for layout in [Layout::V1, Layout::V2, Layout::V3] {
        for words in [None, Some(100_000)] {
            let sample = Sample { layout, size: Size::Bytes(4_000_000), words, ..Sample::default() };
            let length = bytes(&sample).len();
            assert!((3_800_000..4_200_000).contains(&length), "{length} in {layout:?} of {words:?}");
        }
    }
}

#[test]
fn nothing_asked_for_is_nothing_written() {
    for layout in [Layout::V1, Layout::V2, Layout::V3, Layout::Text] {
        for size in [Size::Rows(0), Size::Bytes(0)] {
            assert_eq!(written(&Sample { layout, size, ..Sample::default() }), Written::default());
        }
        assert_eq!(written(&Sample { layout, words: Some(0), ..small() }), Written::default());
        let one = Sample { layout, size: Size::Rows(1), runs: Some(0), tagged: f64::NAN, ..Sample::default() };
        assert_eq!(written(&one).lines, 1);
        assert!(written(&Sample { size: Size::Bytes(1), ..one }).lines > 0);
    }
}

fn written(sample: &Sample) -> Written {
    sample.write(&mut io::sink()).unwrap()
}

#[test]
fn numbers_that_contradict_are_refused() {
    let refused = |sample: &Sample| {
        let error = sample.write(&mut io::sink()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
        error.to_string()
    };
    let with = |words, runs| Sample { words: Some(words), runs: Some(runs), ..small() };
    assert_eq!(refused(&with(1801, 1)), "1801 words need as many rows, and 1800 were asked for");
    assert_eq!(refused(&with(9, 1)), "9 words can have 1656 rows, and 1800 were asked for");
    assert_eq!(refused(&with(40, 21)), "40 words can make 20 sorted runs, and 21 were asked for");
    refused(&Sample { size: Size::Rows(u64::MAX), words: Some(u64::MAX), ..small() });
    refused(&Sample { size: Size::Bytes(u64::MAX), words: None, ..small() });
    refused(&Sample { size: Size::Bytes(1_000_000), words: Some(9), ..small() });
    refused(&Sample { layout: Layout::Text, words: Some(u64::MAX), ..small() });
}

#[test]
fn error_of_the_writer_is_returned() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    assert_eq!(small().write(&mut Full).unwrap_err().kind(), io::ErrorKind::StorageFull);
}
