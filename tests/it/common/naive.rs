//! The naive reader: the rows of a text in any format, and its malformed lines, in the fewest lines that are obviously
//! right. The fuzz targets share this file.

use ngram_count::Format;

/// A row of Google's files: an ngram in a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) ngram: Vec<u8>,
    pub(crate) year: u64,
    pub(crate) matches: u64,
    pub(crate) volumes: u64,
}

pub(crate) fn row(ngram: impl AsRef<[u8]>, year: u64, matches: u64, volumes: u64) -> Row {
    Row { ngram: ngram.as_ref().to_vec(), year, matches, volumes }
}

/// The rows of a line; `None` if it is malformed.
fn parse(format: Format, line: &[u8]) -> Option<Vec<Row>> {
    let number = |text: &[u8]| {
        let text = std::str::from_utf8(text).ok()?;
        text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<u64>().ok()).flatten()
    };
    let numbers = |text: &[u8], separator: u8, len: usize| {
        let numbers: Option<Vec<u64>> = text.split(|&byte| byte == separator).map(number).collect();
        numbers.filter(|numbers| numbers.len() == len)
    };
    if format == Format::Text {
        return Some(words(line).map(|word| row(word, 0, 1, 0)).collect());
    }
    let tab = line.iter().position(|&byte| byte == b'\t')?;
    let (ngram, rest) = (&line[..tab], &line[tab + 1..]);
    match format {
        Format::V1 => numbers(rest, b'\t', 4).map(|n| vec![row(ngram, n[0], n[1], n[3])]),
        Format::V2 => numbers(rest, b'\t', 3).map(|n| vec![row(ngram, n[0], n[1], n[2])]),
        Format::V3 => {
            let years = rest.split(|&byte| byte == b'\t').map(|year| numbers(year, b',', 3));
            years.map(|year| year.map(|n| row(ngram, n[0], n[1], n[2]))).collect()
        }
        _ => numbers(rest, b'\t', 1).map(|n| vec![row(ngram, 0, n[0], 0)]),
    }
}

/// The rows of all well-formed lines, and the numbers of the malformed lines.
pub(crate) fn read(format: Format, text: &[u8]) -> (Vec<Row>, Vec<u64>) {
    let (mut rows, mut malformed) = (Vec::new(), Vec::new());
    for (number, line) in (1..).zip(text.split(|&byte| byte == b'\n')) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match parse(format, line) {
            _ if line.is_empty() || (line == b"\t") => {}
            Some(of_line) => rows.extend(of_line),
            None => malformed.push(number),
        }
    }
    (rows, malformed)
}

/// The words of a line between ASCII white space.
fn words(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|byte| b" \t\x0B\x0C\r".contains(byte)).filter(|word| !word.is_empty())
}
