//! Which format an input has, told from its first lines.

use super::Format;
use crate::input::lines;

/// How many lines are looked at. One alone could be a damaged one.
const LINES: usize = 5;

/// The format of an input that begins with `head`: [`Format::Counts`] where each of the first lines is an ngram and one
/// number, else [`Format::V2`], whose errors say what was expected. `None` where more must be seen: the first line does
/// not end in `head`, and that `is_all` of the input is not so.
pub(crate) fn detect(head: &[u8], is_all: bool) -> Option<Format> {
    let is_counts = |line: &[u8]| {
        let mut fields = line.split(|&byte| byte == b'\t').skip(1);
        let (count, more) = (fields.next(), fields.next());
        count.is_some_and(|count| !count.is_empty() && count.iter().all(u8::is_ascii_digit)) && more.is_none()
    };
    let whole = if is_all { head.len() } else { memchr::memrchr(b'\n', head).unwrap_or(0) };
    let lines: Vec<&[u8]> = lines(&head[..whole]).take(LINES).collect();
    match lines.as_slice() {
        [] if !is_all => None,
        [_, ..] if lines.iter().copied().all(is_counts) => Some(Format::Counts),
        _ => Some(Format::V2),
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
        for head in ["a\t1999\t1\t1\n", "a\t1\nb\t1999\t1\t1\n", "a\tb\n", "a\t\n", "plain words\n"] {
            assert_eq!(detect(head.as_bytes(), false), Some(Format::V2), "{head:?}");
        }
        for head in ["", "\n", "\r\n\n", "a\t1", "\na\t1999\t1\t1"] {
            assert_eq!(detect(head.as_bytes(), false), None, "{head:?}");
            assert!(detect(head.as_bytes(), true).is_some(), "{head:?}");
        }
    }
}
