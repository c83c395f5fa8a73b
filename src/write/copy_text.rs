//! The text that PostgreSQL's COPY reads: TSV with escapes, and `\N` for an unknown value.
//!
//! ```text
//! C:\     12            C:\\    12
//! a CR    12            a\r     12
//! a       (unknown)     a       \N
//! ```
//!
//! An ngram holds no TAB and no LF. A table holds no text that is not UTF-8, and none with a NUL: the server would say
//! so, too, but would not tell which word it is.

use std::io;
use std::str;

use memchr::{memchr, memchr2, memchr2_iter, memrchr};

use crate::printable::quoted;
use crate::write::cell::Cell;
use crate::write::delimited;

/// Appends a row.
///
/// # Errors
/// For a word that no table can hold.
pub(super) fn row<'a>(cells: impl IntoIterator<Item = Cell<'a>>, text: &mut Vec<u8>) -> io::Result<()> {
    for (number, cell) in cells.into_iter().enumerate() {
        if number > 0 {
            text.push(b'\t');
        }
        match cell {
            Cell::Ngram(ngram) => {
                check("word", ngram)?;
                escape(ngram, text);
            }
            Cell::Name(name) => {
                check("name of a file", name)?;
                delimited::escape(name, text);
            }
            Cell::Missing => text.extend_from_slice(b"\\N"),
            cell => {
                delimited::tsv([cell], text);
                // The line end.
                text.pop();
            }
        }
    }
    text.push(b'\n');
    Ok(())
}

/// Turns lines of an ngram and a count into rows.
///
/// # Errors
/// As [`row`].
pub(super) fn escape_lines(text: &mut Vec<u8>) -> io::Result<()> {
    if str::from_utf8(text).is_err() || memchr(0, text).is_some() {
        text.split(|&byte| byte == b'\n').try_for_each(|line| {
            let end = memrchr(b'\t', line).unwrap_or(0);
            check("word", &line[..end])
        })?;
    }
    if memchr2(b'\\', b'\r', text).is_some() {
        let lines = std::mem::take(text);
        escape(&lines, text);
    }
    Ok(())
}

/// Appends text with escapes for backslashes and CRs.
fn escape(from: &[u8], to: &mut Vec<u8>) {
    let mut start = 0;
    for place in memchr2_iter(b'\\', b'\r', from) {
        to.extend_from_slice(&from[start..place]);
        to.extend_from_slice(if from[place] == b'\r' { b"\\r" } else { b"\\\\" });
        start = place + 1;
    }
    to.extend_from_slice(&from[start..]);
}

/// Checks that a table can hold some text. `what` says in the message what it is.
fn check(what: &str, text: &[u8]) -> io::Result<()> {
    let why = match str::from_utf8(text) {
        Err(_) => "is not UTF-8",
        Ok(_) if memchr(0, text).is_some() => "has a NUL byte",
        Ok(_) => return Ok(()),
    };
    let message = format!("can't hold the {what} {}, which {why}", quoted(text));
    Err(io::Error::new(io::ErrorKind::InvalidData, message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of_row(cells: &[Cell<'_>]) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        row(cells.iter().copied(), &mut text)?;
        Ok(text)
    }

    #[test]
    fn what_is_unknown_is_null_and_an_empty_word_is_not() {
        let cells = [Cell::Ngram(b""), Cell::Missing, Cell::Number(7), Cell::Real(0.5, 3), Cell::Missing];
        assert_eq!(of_row(&cells).unwrap(), b"\t\\N\t7\t0.5\t\\N\n");
    }

    #[test]
    fn a_word_that_no_table_holds_is_named() {
        for (word, why) in
            [(&b"a\xFF"[..], r#""a\xff", which is not UTF-8"#), (b"a\0b", r#""a\0b", which has a NUL byte"#)]
        {
            let of_row = of_row(&[Cell::Ngram(word), Cell::Number(1)]).unwrap_err();
            let lines = [b"fine\t1\n", word, b"\t1\nfine\t2\n"].concat();
            let of_lines = escape_lines(&mut lines.clone()).unwrap_err();
            for error in [of_row, of_lines] {
                assert_eq!(error.to_string(), format!("can't hold the word {why}"));
            }
        }
    }

    proptest! {
        #[test]
        fn lines_and_rows_are_the_same(words in prop::collection::vec(r"[\\\rNrnt.aé]{0,5}", 0..9)) {
            let (mut lines, mut rows) = (Vec::new(), Vec::new());
            for word in &words {
                lines.extend_from_slice(format!("{word}\t12\n").as_bytes());
                row([Cell::Ngram(word.as_bytes()), Cell::Number(12)], &mut rows).unwrap();
            }
            escape_lines(&mut lines).unwrap();
            prop_assert_eq!(&lines, &rows);
            prop_assert!(!rows.contains(&b'\r'));
        }
    }
}
