//! Lines of fields with a TAB between them, the ngram and then numbers: what the formats have, and what is a line of
//! theirs.

use memchr::memchr;

use super::Malformed;
use super::digits::number;
use super::layout::{Layout, layouts};

/// The fields of a format.
pub(super) trait Columns {
    /// Their names; the first is the ngram.
    const NAMES: &'static [&'static str];
    /// Which of them is counted.
    const COUNTED: usize;
    /// Which of them is a year: a number of any length, as it is never added up.
    const YEAR: Option<usize>;
    /// Where the counted number is, for each set of separators among 16 bytes.
    const LAYOUTS: &'static [Layout; 1 << 16];
}

/// Version 20120701.
pub(super) struct V2;
impl Columns for V2 {
    const NAMES: &'static [&'static str] = &["ngram", "year", "match_count", "volume_count"];
    const COUNTED: usize = 2;
    const YEAR: Option<usize> = Some(1);
    const LAYOUTS: &'static [Layout; 1 << 16] = &layouts(Self::NAMES.len() - 1, Self::COUNTED - 1);
}

/// Counts made before.
pub(super) struct Counts;
impl Columns for Counts {
    const NAMES: &'static [&'static str] = &["ngram", "count"];
    const COUNTED: usize = 1;
    const YEAR: Option<usize> = None;
    const LAYOUTS: &'static [Layout; 1 << 16] = &layouts(Self::NAMES.len() - 1, Self::COUNTED - 1);
}

/// A line that is as it should be.
pub(super) struct Line {
    /// The ngram's length in bytes.
    pub(super) ngram: usize,
    pub(super) count: u64,
    /// Where the next line begins.
    pub(super) next: usize,
}

/// What [`whole`] makes of a line; `next` is where the next one begins.
pub(super) enum Whole {
    Line(Line),
    Blank { next: usize },
    Malformed { reason: Malformed, next: usize },
}

/// The line at `at`, whatever it holds.
#[cold]
pub(super) fn whole<C: Columns>(chunk: &[u8], at: usize) -> Whole {
    let text = &chunk[at..];
    let (line, next) = match memchr(b'\n', text) {
        Some(len) => (&text[..len], at + len + 1),
        None => (text, chunk.len()),
    };
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    if line.is_empty() {
        return Whole::Blank { next };
    }
    match parse::<C>(line) {
        Ok((ngram, count)) => Whole::Line(Line { ngram, count, next }),
        Err(reason) => Whole::Malformed { reason, next },
    }
}

/// The ngram's length and the count of a line without its end.
fn parse<C: Columns>(line: &[u8]) -> std::result::Result<(usize, u64), Malformed> {
    let found = line.split(|&byte| byte == b'\t').count();
    if found != C::NAMES.len() {
        return Err(Malformed::Fields { expected: C::NAMES, found });
    }
    let (mut ngram, mut count) = (0, 0);
    for (index, text) in line.split(|&byte| byte == b'\t').enumerate() {
        let field = C::NAMES[index];
        if index == 0 {
            ngram = text.len();
            continue;
        }
        if text.is_empty() || !text.iter().all(u8::is_ascii_digit) {
            return Err(Malformed::Number { field, found: text.to_vec() });
        }
        if C::YEAR == Some(index) {
            continue;
        }
        let number = number(text).ok_or_else(|| Malformed::TooLarge { field, found: text.to_vec() })?;
        if index == C::COUNTED {
            count = number;
        }
    }
    Ok((ngram, count))
}
