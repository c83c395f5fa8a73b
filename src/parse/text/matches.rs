//! The words of a text by a regular expression: what matches is a word.

use memchr::memchr2;
use regex::bytes::Regex;

/// Calls `found` with the offset and the length of each match that is not empty.
///
/// The expression sees one line after another, without its LF or CR LF. No ngram can hold a TAB, so it sees the parts of
/// a line between TABs one after another, too.
pub(crate) fn each_match(text: &[u8], regex: &Regex, mut found: impl FnMut(usize, usize)) {
    let mut start = 0;
    while start < text.len() {
        let end = memchr2(b'\n', b'\t', &text[start..]).map_or(text.len(), |len| start + len);
        let mut part = &text[start..end];
        if text.get(end) != Some(&b'\t') {
            part = part.strip_suffix(b"\r").unwrap_or(part);
        }
        for word in regex.find_iter(part).filter(|word| !word.is_empty()) {
            found(start + word.start(), word.len());
        }
        start = end + 1;
    }
}
