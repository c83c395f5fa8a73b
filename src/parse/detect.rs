//! Detects the format of an input from its first lines.

use crate::parse::format::Format;
use crate::parse::lines::lines;

/// The number of lines that [`detect`] inspects. A single line might be damaged.
const SAMPLE_LINES: usize = 5;

/// A detected format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Guess {
    pub(crate) format: Format,
    /// Whether at least half of the first lines are in this format.
    pub(crate) is_sure: bool,
}

/// The format of an input that begins with `head`:
///
/// - the format in which all of the first lines are well-formed, if there is one;
/// - or [`Format::Text`], if no line has a digit behind a TAB, and not all lines have fields;
/// - or the format in which most lines are well-formed;
/// - or [`Format::V2`]: its errors name the expected fields.
///
/// `None` if the first line does not end within `head`, and `head` is not all of the input: detection needs more bytes.
pub(crate) fn detect(head: &[u8], is_all: bool) -> Option<Guess> {
    let whole = if is_all { head.len() } else { memchr::memrchr(b'\n', head).unwrap_or(0) };
    // The parsers of tables take a lone TAB for a blank line, too.
    let lines: Vec<&[u8]> = lines(&head[..whole]).filter(|line| *line != b"\t").take(SAMPLE_LINES).collect();
    if lines.is_empty() {
        return is_all.then_some(Guess { format: Format::V2, is_sure: false });
    }
    let of_lines = [Format::Counts, Format::V3, Format::V1, Format::V2];
    if let Some(format) = of_lines.into_iter().find(|&format| lines.iter().all(|line| is_line_of(format, line))) {
        return Some(Guess { format, is_sure: true });
    }
    let has_number = |line: &&[u8]| line.windows(2).any(|pair| pair[0] == b'\t' && pair[1].is_ascii_digit());
    // A TAB at the beginning of a line indents text.
    let has_fields = |line: &&[u8]| line.trim_ascii().contains(&b'\t');
    if !lines.iter().any(has_number) && !lines.iter().all(has_fields) {
        return Some(Guess { format: Format::Text, is_sure: true });
    }
    // Some lines are damaged. Choose the format that most lines have.
    let count = |format: Format| lines.iter().filter(|line| is_line_of(format, line)).count();
    let format = of_lines.into_iter().max_by_key(|&format| count(format)).unwrap_or(Format::V2);
    Some(Guess { format, is_sure: 2 * count(format) >= lines.len() })
}

/// Whether an input that begins with `head` is surely a table, which may begin with any bytes, even those of another
/// kind of file.
pub(crate) fn is_table(head: &[u8], is_all: bool) -> bool {
    detect(head, is_all).is_some_and(|guess| guess.is_sure && guess.format != Format::Text)
}

fn is_line_of(format: Format, line: &[u8]) -> bool {
    let mut numbers = line.split(|&byte| byte == b'\t').skip(1);
    let is_number = |text: &[u8]| !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    let is_year = |text: &[u8]| {
        let mut parts = text.split(|&byte| byte == b',');
        parts.by_ref().take(3).filter(|part| is_number(part)).count() == 3 && parts.next().is_none()
    };
    let columns = |len: usize| numbers.clone().count() == len && numbers.clone().all(is_number);
    match format {
        Format::V1 => columns(4),
        Format::V2 => columns(3),
        Format::V3 => numbers.clone().next().is_some() && numbers.all(is_year),
        Format::Counts => columns(1),
        Format::Text => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn is(head: &str, is_all: bool, format: Format, is_sure: bool) {
        assert_eq!(detect(head.as_bytes(), is_all), Some(Guess { format, is_sure }), "{head:?}");
    }

    #[test]
    fn each_format_is_told_from_its_lines() {
        for (format, line) in [
            (Format::V1, "a b\t1999\t1\t1\t1"),
            (Format::V2, "a b\t1999\t1\t1"),
            (Format::V3, "a, b\t1999,1,1\t2000,20,3"),
            (Format::V3, "a\t1999,1,1"),
            (Format::Counts, "a b\t12"),
            (Format::Text, "plain words"),
        ] {
            for end in ["\n", "\r\n", "\n\n\r\n"] {
                let head = format!("\r\n{line}{end}{line}{end}");
                is(&head, false, format, true);
                is(&(head + "cut of"), false, format, true);
            }
            is(line, true, format, true);
        }
    }

    #[test]
    fn a_damaged_line_is_not_another_format() {
        is("a\t1\nb\t1999\t1\t1\n", false, Format::V2, true);
        is("one line is damaged\na\t1999\t1\t1\n", false, Format::V2, true);
        is("ngram\tyear\tmatch_count\n1\t1\nb\t2\n", false, Format::Counts, true);
        is("Contents\t5\nOnce upon a time\nthere was\n", false, Format::Counts, false);
        for head in ["a\tb\n", "a\tb\nc\td\te\n", "a\t1999,1\n", "a\nb\nc\td\t3\n"] {
            is(head, false, Format::V2, false);
        }
        for head in ["a\n\n\tb\tc\n", "a\t\n", "\tindented\r\n", "  \t\n", "in 1999\n", "1\n"] {
            is(head, false, Format::Text, true);
        }
    }

    #[test]
    fn without_a_whole_line_more_must_be_seen() {
        for head in ["", "\n", "\r\n\n", "a\t1", "\na\t1999\t1\t1"] {
            assert_eq!(detect(head.as_bytes(), false), None, "{head:?}");
            assert!(detect(head.as_bytes(), true).is_some(), "{head:?}");
        }
    }
}
