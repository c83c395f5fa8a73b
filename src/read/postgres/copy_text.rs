//! Turns the text of COPY into lines as the parser reads them.
//!
//! The two are the same, but for backslashes: COPY writes a backslash as `\\`, a TAB as `\t`, a line end as `\n` and NULL
//! as `\N`. A row whose ngram no line can hold becomes a line of the escaped ngram alone, which is malformed:
//! [`fault`] tells later what is wrong with it.
//!
//! ```text
//! COPY            line
//! C:\\ TAB 12     C:\ TAB 12
//! a TAB \N        a TAB \N          malformed: match_count is NULL
//! \N TAB 12       \N                malformed: the ngram is NULL
//! a\tb TAB 12     a\tb              malformed: the ngram holds a TAB
//! ```

use memchr::{memchr, memrchr};

use crate::parse::Malformed;

/// What COPY writes for NULL.
pub(super) const NULL: &[u8] = b"\\N";

/// Appends whole rows of COPY's text to lines.
pub(super) fn append(rows: &[u8], lines: &mut Vec<u8>) {
    let mut rest = rows;
    while let Some(escape) = memchr(b'\\', rest) {
        let start = memrchr(b'\n', &rest[..escape]).map_or(0, |end| end + 1);
        let end = memchr(b'\n', &rest[escape..]).map_or(rest.len(), |len| escape + len + 1);
        lines.extend_from_slice(&rest[..start]);
        append_row(&rest[start..end], lines);
        rest = &rest[end..];
    }
    lines.extend_from_slice(rest);
}

/// Appends a row with a backslash. Its line end stays as it is, if it is there.
fn append_row(row: &[u8], lines: &mut Vec<u8>) {
    let (ngram, numbers) = row.split_at(memchr(b'\t', row).unwrap_or(row.len()));
    let before = lines.len();
    if unescape(ngram, lines) {
        lines.extend_from_slice(numbers);
    } else {
        lines.truncate(before);
        lines.extend_from_slice(ngram);
        lines.push(b'\n');
    }
}

/// Appends a field without its escapes. `false` for NULL, and for a field with a TAB or a line end.
fn unescape(field: &[u8], to: &mut Vec<u8>) -> bool {
    if field == NULL {
        return false;
    }
    let mut bytes = field.iter();
    while let Some(&byte) = bytes.next() {
        if byte != b'\\' {
            to.push(byte);
            continue;
        }
        match bytes.next() {
            Some(b't' | b'n') => return false,
            Some(b'b') => to.push(0x08),
            Some(b'f') => to.push(0x0C),
            Some(b'r') => to.push(b'\r'),
            Some(b'v') => to.push(0x0B),
            Some(&other) => to.push(other),
            None => to.push(b'\\'),
        }
    }
    true
}

/// The fault of a malformed line, in the words of a table: the row's ngram, and what is wrong. `reason` is the parser's.
pub(crate) fn fault(line: &[u8], reason: Malformed) -> Malformed {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let Some(end) = memchr(b'\t', line) else {
        return match line {
            NULL => Malformed::Null { field: "ngram" },
            // The parser counted one field.
            _ => Malformed::LineEnd { ngram: line.to_vec() },
        };
    };
    let fault = match reason {
        Malformed::Number { field, found } if found == NULL => Malformed::Null { field },
        other => other,
    };
    Malformed::Row { ngram: line[..end].to_vec(), fault: Box::new(fault) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(rows: &str) -> String {
        let mut lines = Vec::new();
        append(rows.as_bytes(), &mut lines);
        String::from_utf8(lines).unwrap()
    }

    #[test]
    fn rows_without_a_backslash_stay_as_they_are() {
        assert_eq!(lines("a\t1\nb\t2\n"), "a\t1\nb\t2\n");
        assert_eq!(lines(""), "");
    }

    #[test]
    fn escapes_are_resolved() {
        assert_eq!(lines("a\t1\nC:\\\\\t2\nb\t3\n\\r\\b\\f\\v\t4\n"), "a\t1\nC:\\\t2\nb\t3\n\r\u{8}\u{c}\u{b}\t4\n");
        assert_eq!(lines("a\\\\t\t1\n"), "a\\t\t1\n");
    }

    #[test]
    fn a_row_that_no_line_can_hold_is_a_malformed_line() {
        assert_eq!(lines("\\N\t1\na\\tb\t2\nc\\nd\t3\ne\t\\N\n"), "\\N\na\\tb\nc\\nd\ne\t\\N\n");
    }
}
