//! Signatures of files that are not text: their first bytes, their names, and the commands that turn them into text.

use crate::read::decode::csv::COLUMNS;
use crate::read::unpack::unsupported::{Remedy, Unsupported};
use crate::read::unpack::{Compression, unreadable};

/// A kind of file that is not text.
struct Signature {
    begin: &'static [u8],
    /// Whether text may begin with the same bytes. If so, a file that is text is not of this kind.
    is_text: bool,
    name: &'static str,
    advice: &'static str,
    /// The shell command that turns the file into text; empty if there is none.
    command: &'static str,
}

const fn is(begin: &'static [u8], name: &'static str, (advice, command): (&'static str, &'static str)) -> Signature {
    Signature { begin, is_text: false, name, advice, command }
}

const fn may_be(begin: &'static [u8], name: &'static str, advice: &'static str) -> Signature {
    Signature { begin, is_text: true, name, advice, command: "" }
}

impl Signature {
    fn told(&self, compression: Option<Compression>) -> Unsupported {
        let unpack = compression.map_or(String::new(), |outer| format!(" (unpack it with {})", unpacker(outer)));
        let remedy = if self.command.is_empty() { Remedy::None } else { Remedy::Command(self.command.into()) };
        Unsupported::new(format!("is {}, not text{unpack}; {}", self.name, self.advice), remedy)
    }
}

const NO_TEXT: &str = "it holds no text";

/// A JSON result without words.
const EMPTY_JSON: &[u8] = b"[\n]\n";

/// Archives, which may hold other files uncompressed.
const ARCHIVES: [Signature; 2] = [
    is(b"7z\xBC\xAF\x27\x1C", "a 7z archive", ("unpack it first", "7z x -so FILE")),
    is(b"Rar!\x1A\x07", "a RAR archive", ("unpack it first", "unrar p -inul FILE")),
];

const SIGNATURES: [Signature; 10] = [
    is(b"%PDF-", "a PDF document", ("make text of it first", "pdftotext FILE -")),
    is(b"\x89PNG\r\n\x1A\n", "a picture (PNG)", (NO_TEXT, "")),
    is(b"\xFF\xD8\xFF", "a picture (JPEG)", (NO_TEXT, "")),
    may_be(b"GIF87a", "a picture (GIF)", NO_TEXT),
    may_be(b"GIF89a", "a picture (GIF)", NO_TEXT),
    is(b"SQLite format 3\0", "an SQLite database", ("export its text first", "sqlite3 FILE 'SELECT text FROM pages'")),
    may_be(b"PAR1", "a Parquet file", "export its text first, for example with duckdb"),
    is(b"Obj\x01", "an Avro file", ("export its text first", "")),
    is(b"\x89HDF\r\n\x1A\n", "an HDF5 file", ("export its text first", "")),
    is(b"\x7FELF", "an executable file or a library (ELF)", (NO_TEXT, "")),
];

/// The kind of a file that begins with `head`, and the command that turns it into text; `None` if it may be text or a
/// table.
pub(crate) fn foreign(head: &[u8], compression: Option<Compression>) -> Option<Unsupported> {
    if let Some(what) = archive(head, compression) {
        return Some(what);
    }
    if is_json(head) {
        return Some(Unsupported::new("is JSON of this program, not text", Remedy::Tsv));
    }
    let is_text = || !head.contains(&0) && is_utf8_so_far(head);
    let found = SIGNATURES.iter().find(|known| head.starts_with(known.begin) && !(known.is_text && is_text()))?;
    Some(found.told(compression))
}

/// As [`foreign`], for archives alone. An archive may hold an uncompressed table, so its first lines may look like a
/// table.
pub(crate) fn archive(head: &[u8], compression: Option<Compression>) -> Option<Unsupported> {
    let told = |what: String, command: String| Some(Unsupported::new(what, Remedy::Command(command)));
    if is_tar(head) {
        return told("is a tar archive; count what is in it".into(), "tar -xOf FILE".into());
    }
    if let (Some(outer), Some((inner, command))) = (compression, nested(head)) {
        let then = command.map_or(String::new(), |command| format!(" | {command}"));
        let unpack = unpacker(outer);
        let what = format!("is {inner} data within {outer} data; unpack it first");
        return told(what, format!("{unpack} FILE{then}"));
    }
    ARCHIVES.iter().find(|known| head.starts_with(known.begin)).map(|found| found.told(compression))
}

/// Whether a text is a result of this program in JSON or JSON lines.
fn is_json(head: &[u8]) -> bool {
    let objects = head.strip_prefix(b"[\n").unwrap_or(head);
    let is_named = |column: &&[u8]| objects[2..].strip_prefix(*column).is_some_and(|rest| rest.starts_with(b"\":"));
    head == EMPTY_JSON || objects.starts_with(b"{\"") && COLUMNS.iter().any(is_named)
}

/// The inner compression of a file that was compressed twice, and, if this program can't read it, the command that
/// unpacks it.
fn nested(head: &[u8]) -> Option<(String, Option<&'static str>)> {
    if let Some((name, command)) = unreadable(head) {
        return Some((name.to_owned(), Some(command)));
    }
    Compression::known(head).map(|compression| (compression.to_string(), None))
}

/// The command that unpacks a compression to standard output.
fn unpacker(compression: Compression) -> &'static str {
    match compression {
        Compression::Gzip => "gzip -dc",
        Compression::Zstd => "zstd -dc",
        Compression::Zip => "unzip -p",
        Compression::Bzip2 => "bzip2 -dc",
        Compression::Xz => "xz -dc",
    }
}

/// Whether a file begins with the header of a tar archive. The header has the word `ustar`, and is padded with zeros,
/// unlike a text with this word. An old header has only the checksum.
fn is_tar(head: &[u8]) -> bool {
    const NAME: usize = 257;
    let Some(header) = head.first_chunk::<512>() else { return false };
    header[NAME..].starts_with(b"ustar") && header.contains(&0) || has_own_sum(header)
}

fn has_own_sum(header: &[u8; 512]) -> bool {
    const SUM: std::ops::Range<usize> = 148..156;
    let digits = header[SUM].trim_ascii_start().iter().take_while(|byte| matches!(byte, b'0'..=b'7'));
    let told = digits.fold(None, |sum: Option<u32>, digit| Some(sum.unwrap_or(0) * 8 + u32::from(digit - b'0')));
    // The eight bytes of the checksum itself count as spaces.
    let bytes = header.iter().enumerate().map(|(place, byte)| if SUM.contains(&place) { b' ' } else { *byte });
    told == Some(bytes.map(u32::from).sum())
}

/// The kind of page that a text begins with, if a web server may have sent the page instead of a file.
pub(crate) fn page(head: &[u8]) -> Option<&'static str> {
    const HTML: [&[u8]; 2] = [b"<!doctype html", b"<html"];
    let begin = head.trim_ascii_start();
    let is = |tag: &[u8]| begin.get(..tag.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(tag));
    match begin {
        _ if HTML.into_iter().any(is) => Some("an HTML page"),
        [b'<', b'!' | b'?' | b'a'..=b'z' | b'A'..=b'Z', ..] => Some("an XML page"),
        [b'{', b'"' | b'\n' | b'\r' | b' ', ..] => Some("a page of JSON"),
        _ => None,
    }
}

/// Whether a text is UTF-8. The end of the text may cut a character off.
fn is_utf8_so_far(text: &[u8]) -> bool {
    std::str::from_utf8(text).map_or_else(|error| error.error_len().is_none(), |_| true)
}
