//! Which format an input has, told from its first lines.

use super::Format;
use crate::input::lines;

/// How many lines are looked at. One alone could be a damaged one.
const LINES: usize = 5;

/// The format of an input that begins with `head`: [`Format::Counts`] where each of the first lines is an ngram and one
/// number; [`Format::Text`] where none of them has a number behind a TAB, and not all have fields; else [`Format::V2`],
/// whose errors say what was expected. `None` where more must be seen: the first line does not end in `head`, and that
/// `is_all` of the input is not so.
pub(crate) fn detect(head: &[u8], is_all: bool) -> Option<Format> {
    let is_counts = |line: &[u8]| {
        let mut fields = line.split(|&byte| byte == b'\t').skip(1);
        let (count, more) = (fields.next(), fields.next());
        count.is_some_and(|count| !count.is_empty() && count.iter().all(u8::is_ascii_digit)) && more.is_none()
    };
    let has_number = |line: &[u8]| line.windows(2).any(|pair| pair[0] == b'\t' && pair[1].is_ascii_digit());
    // Not just white space before them, as where text is indented.
    let has_fields = |line: &[u8]| line.trim_ascii().contains(&b'\t');
    let whole = if is_all { head.len() } else { memchr::memrchr(b'\n', head).unwrap_or(0) };
    let lines: Vec<&[u8]> = lines(&head[..whole]).take(LINES).collect();
    match lines.as_slice() {
        [] if !is_all => None,
        [_, ..] if lines.iter().copied().all(is_counts) => Some(Format::Counts),
        [] => Some(Format::V2),
        lines if lines.iter().copied().any(has_number) || lines.iter().copied().all(has_fields) => Some(Format::V2),
        _ => Some(Format::Text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_have_one_number() {
        for head in ["a\t1\n", "\r\n\na b\t12\r\nb\t3\n", "a\t1\nb\t2\n"] {
            for behind in ["", "cut of", "c\t1\t"] {
                assert_eq!(detect([head, behind].concat().as_bytes(), false), Some(Format::Counts), "{head:?}");
            }
            assert_eq!(detect(head.trim_end().as_bytes(), true), Some(Format::Counts), "{head:?}");
        }
        for head in ["a\t1999\t1\t1\n", "a\t1\nb\t1999\t1\t1\n", "a\tb\n", "a\tb\nc\td\te\n"] {
            assert_eq!(detect(head.as_bytes(), false), Some(Format::V2), "{head:?}");
        }
        for head in ["plain words\n", "a\n\n\tb\tc\n", "a\t\n", "\tindented\r\n", "  \t\n", "in 1999\n", "1\n"] {
            assert_eq!(detect(head.as_bytes(), false), Some(Format::Text), "{head:?}");
        }
        for head in ["one line is damaged\na\t1999\t1\t1\n", "a\t1999,1,1\n", "a\nb\nc\td\t3\n"] {
            assert_eq!(detect(head.as_bytes(), false), Some(Format::V2), "{head:?}");
        }
        for head in ["", "\n", "\r\n\n", "a\t1", "\na\t1999\t1\t1"] {
            assert_eq!(detect(head.as_bytes(), false), None, "{head:?}");
            assert!(detect(head.as_bytes(), true).is_some(), "{head:?}");
        }
    }
}
