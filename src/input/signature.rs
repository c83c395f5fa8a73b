//! Files that are no text, known by their first bytes: what they are called, and what to do with them.

use super::Compression;
use super::compression::UNREADABLE;

/// What a kind of file begins with, what it is called, and what makes text of it.
struct Signature {
    begin: &'static [u8],
    /// Text may begin so, too: it is only taken for this kind if it is not text.
    is_text: bool,
    name: &'static str,
    advice: &'static str,
}

const fn is(begin: &'static [u8], name: &'static str, advice: &'static str) -> Signature {
    Signature { begin, is_text: false, name, advice }
}

const fn may_be(begin: &'static [u8], name: &'static str, advice: &'static str) -> Signature {
    Signature { begin, is_text: true, name, advice }
}

const NO_TEXT: &str = "it holds no text";
const JSON: &str = "write it with --format tsv or csv to count it again";

/// A result without a word, as --format json writes it.
const EMPTY_JSON: &[u8] = b"[\n]\n";

const SIGNATURES: [Signature; 14] = [
    is(b"7z\xBC\xAF\x27\x1C", "a 7z archive", "unpack it first, as in: 7z x -so FILE | ngram-count"),
    is(b"Rar!\x1A\x07", "a RAR archive", "unpack it first, as in: unrar p -inul FILE | ngram-count"),
    is(b"%PDF-", "a PDF document", "make text of it first, as in: pdftotext FILE - | ngram-count"),
    is(b"\x89PNG\r\n\x1A\n", "a picture (PNG)", NO_TEXT),
    is(b"\xFF\xD8\xFF", "a picture (JPEG)", NO_TEXT),
    may_be(b"GIF87a", "a picture (GIF)", NO_TEXT),
    may_be(b"GIF89a", "a picture (GIF)", NO_TEXT),
    is(
        b"SQLite format 3\0",
        "an SQLite database",
        "export its text first, as in: sqlite3 FILE 'SELECT text FROM pages' | ngram-count",
    ),
    may_be(b"PAR1", "a Parquet file", "export its text first, for example with duckdb"),
    is(b"Obj\x01", "an Avro file", "export its text first"),
    is(b"\x89HDF\r\n\x1A\n", "an HDF5 file", "export its text first"),
    is(b"\x7FELF", "an executable file or a library (ELF)", NO_TEXT),
    is(b"[\n{\"word\":", "JSON of this program", JSON),
    is(b"{\"word\":", "JSON of this program", JSON),
];

/// What an input whose content begins with `head` is, and what to do, where that is known not to be text.
pub(crate) fn foreign(head: &[u8], compression: Option<Compression>) -> Option<String> {
    if is_tar(head) {
        return Some("is a tar archive; count what is in it, as in: tar -xOf FILE | ngram-count".into());
    }
    if let (Some(outer), Some((inner, command))) = (compression, nested(head)) {
        let then = command.map_or(String::new(), |command| format!(" | {command}"));
        let unpack = unpacker(outer);
        return Some(format!(
            "is {inner} data within {outer} data; unpack it first, as in: {unpack} FILE{then} | ngram-count"
        ));
    }
    if head == EMPTY_JSON {
        return Some(format!("is JSON of this program, not text; {JSON}"));
    }
    let is_text = || !head.contains(&0) && super::is_utf8_so_far(head);
    let found = SIGNATURES.iter().find(|known| head.starts_with(known.begin) && !(known.is_text && is_text()))?;
    let unpack = compression.map_or(String::new(), |outer| format!(" (unpack it with {})", unpacker(outer)));
    Some(format!("is {}, not text{unpack}; {}", found.name, found.advice))
}

/// The compression that was compressed once more, and what unpacks it if this program does not.
fn nested(head: &[u8]) -> Option<(String, Option<&'static str>)> {
    if let Some((_, name, command)) = UNREADABLE.iter().find(|(begin, ..)| head.starts_with(begin)) {
        return Some(((*name).to_owned(), Some(command)));
    }
    Compression::known(head).map(|compression| (compression.to_string(), None))
}

/// What unpacks a compression to standard output.
fn unpacker(compression: Compression) -> &'static str {
    match compression {
        Compression::Gzip => "gzip -dc",
        Compression::Zstd => "zstd -dc",
        Compression::Zip => "unzip -p",
    }
}

/// A text may have the word there, but not the zeros that fill up the header.
fn is_tar(head: &[u8]) -> bool {
    const PLACE: usize = 257;
    const HEADER: usize = 512;
    head.get(PLACE..).is_some_and(|rest| rest.starts_with(b"ustar")) && head[..head.len().min(HEADER)].contains(&0)
}

/// Whether a text begins as a page of a web server does.
pub(crate) fn is_html(head: &[u8]) -> bool {
    let begin = head.trim_ascii_start();
    [&b"<!doctype html"[..], b"<html"]
        .iter()
        .any(|tag| begin.get(..tag.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(tag)))
}
