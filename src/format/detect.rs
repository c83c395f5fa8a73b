//! Which format an input has, told from its first lines.

use super::Format;
use crate::input::lines;

/// How many lines are looked at. One alone could be a damaged one.
const LINES: usize = 5;

/// The format of an input that begins with `head`: [`Format::Counts`] where each of the first lines is an ngram and one
/// number, else [`Format::V2`], whose errors say what was expected.
pub(crate) fn detect(head: &[u8]) -> Format {
    let is_counts = |line: &[u8]| {
        let mut fields = line.split(|&byte| byte == b'\t').skip(1);
        let (count, more) = (fields.next(), fields.next());
        count.is_some_and(|count| !count.is_empty() && count.iter().all(u8::is_ascii_digit)) && more.is_none()
    };
    let mut lines = whole_lines(head).take(LINES).peekable();
    if lines.peek().is_some() && lines.all(is_counts) { Format::Counts } else { Format::V2 }
}

/// The lines of `head` that are not blank, without their ends. The last one counts only if nothing else is there: it may
/// be cut off.
fn whole_lines(head: &[u8]) -> impl Iterator<Item = &[u8]> {
    lines(memchr::memrchr(b'\n', head).map_or(head, |end| &head[..end]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_have_one_number() {
        for head in ["a\t1\n", "a\t1", "\r\n\na b\t12\r\nb\t3\nc\t1\t", "a\t1\nb\t2\ncut of"] {
            assert_eq!(detect(head.as_bytes()), Format::Counts, "{head:?}");
        }
        for head in ["", "\n", "a\t1999\t1\t1\n", "a\t1\nb\t1999\t1\t1\n", "a\tb\n", "a\t\n", "plain words\n"] {
            assert_eq!(detect(head.as_bytes()), Format::V2, "{head:?}");
        }
    }
}
