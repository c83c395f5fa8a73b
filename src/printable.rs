//! File names and other input in messages. A terminal obeys escape sequences and reorders text at bidirectional marks,
//! and a message is one line. So this module replaces invisible characters by escapes.

use std::ffi::OsStr;
use std::fmt::Write;

/// A name or a value in a form that a terminal shows on one line.
///
/// Control characters, invisible format characters and bytes that are not UTF-8 become escapes such as `\u{1b}` and
/// `\xff`. Everything else stays, quotes and backslashes too.
///
/// ```
/// assert_eq!(ngram_count::internal::printable("a \u{1b}[31m\n\u{202e}b".as_ref()), r"a \u{1b}[31m\n\u{202e}b");
/// ```
pub fn printable(name: &OsStr) -> String {
    let mut shown = String::new();
    for part in name.as_encoded_bytes().utf8_chunks() {
        for letter in part.valid().chars() {
            if is_hidden(letter) {
                shown.extend(letter.escape_default());
            } else {
                shown.push(letter);
            }
        }
        for byte in part.invalid() {
            // Writing to a String can't fail.
            let _ = write!(shown, "\\x{byte:02x}");
        }
    }
    shown
}

/// Whether a character is invisible and controls the terminal, or the order or the look of its neighbours. The joiners
/// U+200C and U+200D are not hidden, because Persian words and emoji need them.
pub fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{FFFE}' | '\u{FFFF}'
                | '\u{E0000}'..='\u{E007F}'
        )
}

/// Bytes of an input for a message: in quotes, on one line, and truncated if they are long.
pub(crate) fn quoted(bytes: &[u8]) -> String {
    const MAX_LEN: usize = 60;
    match std::str::from_utf8(bytes) {
        Ok(text) if text.chars().count() <= MAX_LEN => format!("{text:?}"),
        _ if bytes.len() <= MAX_LEN => format!("\"{}\"", bytes.escape_ascii()),
        _ => format!("\"{}\"... ({} bytes)", bytes[..MAX_LEN].escape_ascii(), bytes.len()),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::ffi::OsStrExt;

    use super::*;

    #[test]
    fn what_is_seen_stays() {
        for name in ["books.tsv", "don't \"quote\" \\ this", "e\u{301}", "می\u{200C}خواهم", "👩\u{200D}👧", "日本語"]
        {
            assert_eq!(printable(name.as_ref()), name);
        }
    }

    #[test]
    fn what_is_not_seen_is_escaped() {
        let cases: [(&[u8], &str); 4] = [
            (b"\x1B]0;x\x07\x7F\r\n\t", r"\u{1b}]0;x\u{7}\u{7f}\r\n\t"),
            ("\u{9b}\u{202E}\u{2066}\u{FEFF}".as_bytes(), r"\u{9b}\u{202e}\u{2066}\u{feff}"),
            ("\u{2028}\u{AD}\u{E0041}".as_bytes(), r"\u{2028}\u{ad}\u{e0041}"),
            (b"a\xFF\xC3b", r"a\xff\xc3b"),
        ];
        for (name, shown) in cases {
            assert_eq!(printable(OsStr::from_bytes(name)), shown);
        }
    }
}
