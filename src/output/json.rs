//! Results as JSON objects.

use std::io;

use serde::Serialize;

use crate::counts::Piece;

#[derive(Serialize)]
struct Row<'a> {
    word: &'a str,
    count: u64,
}

/// Writes the objects with `between` between them and `before` before the first; returns how many ngrams are no UTF-8.
pub(super) fn objects(counts: Piece<'_>, before: &str, between: &str, text: &mut Vec<u8>) -> io::Result<u64> {
    let mut separator = before;
    let mut replaced = 0;
    for (ngram, count) in counts {
        text.extend_from_slice(separator.as_bytes());
        separator = between;
        let word = String::from_utf8_lossy(ngram);
        replaced += u64::from(matches!(word, std::borrow::Cow::Owned(_)));
        serde_json::to_writer(&mut *text, &Row { word: &word, count })?;
    }
    Ok(replaced)
}
