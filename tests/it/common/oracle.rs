//! The oracle for rows of years: formats, filters and sums, each in the fewest lines that are obviously right.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use ngram_count::Format;
use regex::bytes::Regex;

pub(crate) use super::naive::{Row, row};
use super::{Scratch, ways_to_cut};

/// The rows of a text of well-formed lines.
pub(crate) fn read(format: Format, text: &[u8]) -> Vec<Row> {
    let mut rows = Vec::new();
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    for line in text.split(|&byte| byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() || line == b"\t" {
            continue;
        }
        let fields: Vec<&[u8]> = line.split(|&byte| byte == b'\t').collect();
        let ngram = fields[0];
        match (format, &fields[1..]) {
            (Format::V1, [year, matches, _, volumes]) | (Format::V2, [year, matches, volumes]) => {
                rows.push(row(ngram, number(year), number(matches), number(volumes)));
            }
            (Format::V3, years) => {
                for year in years {
                    let numbers: Vec<u64> = year.split(|&byte| byte == b',').map(number).collect();
                    rows.push(row(ngram, numbers[0], numbers[1], numbers[2]));
                }
            }
            _ => panic!("a malformed line: {}", line.escape_ascii()),
        }
    }
    rows
}

fn number(digits: &[u8]) -> u64 {
    std::str::from_utf8(digits).unwrap().parse().unwrap()
}

/// The rows as text: a line for each, in v3 a line for each run of one ngram.
pub(crate) fn write(format: Format, rows: &[Row]) -> Vec<u8> {
    let mut text = Vec::new();
    for together in rows.chunk_by(|a, b| format == Format::V3 && a.ngram == b.ngram) {
        text.extend_from_slice(&together[0].ngram);
        for Row { year, matches, volumes, .. } in together {
            let numbers = match format {
                Format::V1 => format!("\t{year}\t{matches}\t7\t{volumes}"),
                Format::V2 => format!("\t{year}\t{matches}\t{volumes}"),
                _ => format!("\t{year},{matches},{volumes}"),
            };
            text.extend(numbers.into_bytes());
        }
        text.push(b'\n');
    }
    text
}

/// The rows with a `wanted` ngram.
pub(crate) fn keep(rows: &[Row], wanted: impl Fn(&[u8]) -> bool) -> Vec<Row> {
    rows.iter().filter(|row| wanted(&row.ngram)).cloned().collect()
}

/// The rows of the years from `first` to `last`, both included.
pub(crate) fn in_years(rows: &[Row], first: u64, last: u64) -> Vec<Row> {
    rows.iter().filter(|row| (first..=last).contains(&row.year)).cloned().collect()
}

/// The sum of each ngram.
pub(crate) fn sums(rows: &[Row]) -> BTreeMap<Vec<u8>, u64> {
    let mut sums = BTreeMap::new();
    for row in rows {
        *sums.entry(row.ngram.clone()).or_insert(0) += row.matches;
    }
    sums
}

/// The sums of matches and volumes of each ngram in each year, in order; in a decade where `years` is 10.
pub(crate) fn by_years(rows: &[Row], years: u64) -> Vec<Row> {
    let mut sums = BTreeMap::new();
    for row in rows {
        let sum = sums.entry((row.ngram.clone(), row.year / years * years)).or_insert((0, 0));
        *sum = (sum.0 + row.matches, sum.1 + row.volumes);
    }
    sums.into_iter().map(|((ngram, year), (matches, volumes))| Row { ngram, year, matches, volumes }).collect()
}

/// `--by year` or, with 10 years, `--by decade`.
pub(crate) fn by_years_tsv(rows: &[Row], years: u64) -> Vec<u8> {
    write(Format::V2, &by_years(rows, years))
}

/// Whether any word of the ngram has a tag, or is a placeholder for one.
pub(crate) fn is_tagged(ngram: &[u8]) -> bool {
    static TAGGED: LazyLock<Regex> = LazyLock::new(|| {
        let tags = r"NOUN|VERB|ADJ|ADV|PRON|DET|ADP|NUM|CONJ|PRT|PROPN|PUNCT|X|\.";
        Regex::new(&format!(r"(?s-u)(^| )([^ ]*_({tags})|_({tags}|START|END|ROOT)_)( |$)")).unwrap()
    });
    TAGGED.is_match(ngram)
}

/// The ngram in lower case, but for its tags.
pub(crate) fn lower(ngram: &[u8]) -> Vec<u8> {
    let words = ngram.split(|&byte| byte == b' ').map(|word| {
        let tag =
            if is_tagged(word) && !word.ends_with(b"_") { word.rsplit(|&byte| byte == b'_').next() } else { None };
        match tag {
            Some(tag) => [&lower_text(&word[..word.len() - tag.len() - 1]), &b"_"[..], tag].concat(),
            None if is_tagged(word) => word.to_vec(),
            None => lower_text(word),
        }
    });
    words.collect::<Vec<_>>().join(&b' ')
}

fn lower_text(text: &[u8]) -> Vec<u8> {
    let chunks = text.utf8_chunks();
    chunks.flat_map(|chunk| [chunk.valid().to_lowercase().as_bytes(), chunk.invalid()].concat()).collect()
}

/// `--ignore-case`: all rows in lower case.
pub(crate) fn folded(rows: &[Row]) -> Vec<Row> {
    rows.iter().map(|row| Row { ngram: lower(&row.ngram), ..row.clone() }).collect()
}

/// `--ignore-case --spelling commonest`: all rows as the commonest variant is written, of equals the first.
pub(crate) fn commonest(rows: &[Row]) -> Vec<Row> {
    let mut best: BTreeMap<Vec<u8>, (Reverse<u64>, Vec<u8>)> = BTreeMap::new();
    for (ngram, count) in sums(rows) {
        let variant = (Reverse(count), ngram.clone());
        let kept = best.entry(lower(&ngram)).or_insert_with(|| variant.clone());
        *kept = variant.min(kept.clone());
    }
    rows.iter().map(|row| Row { ngram: best[&lower(&row.ngram)].1.clone(), ..row.clone() }).collect()
}

/// Checks that counting `rows` with these options gives `expected`, in each format, with all chunk sizes and numbers of
/// threads.
#[track_caller]
pub(crate) fn gives(rows: &[Row], options: &[&str], expected: impl AsRef<[u8]>) {
    let files = [Format::V1, Format::V2, Format::V3].map(|format| (format.to_string(), write(format, rows)));
    let scratch = Scratch::with(files.iter().map(|(name, text)| (&name[..], &text[..])));
    for (name, _) in &files {
        for cut in ways_to_cut() {
            scratch.run(options.iter().chain(&cut).chain(&[&name[..]])).gives(&expected);
        }
    }
}
