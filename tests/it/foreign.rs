//! Files that are not text: messages name known kinds and the remedy, and only `-i` makes the command count binary
//! data.

use crate::common::{Compress, Scratch, bzip2, gzip, sample, ways_to_cut, xz, zip, zip_of, zstd};
use zip::CompressionMethod;

/// The beginning of a tar archive of one file.
fn tar() -> Vec<u8> {
    let mut header = vec![0; 512];
    header[..5].copy_from_slice(b"a.txt");
    header[124..135].copy_from_slice(b"00000000004");
    header[257..263].copy_from_slice(b"ustar\0");
    [&header[..], b"a b\n", &[0; 508]].concat()
}

#[test]
fn known_kinds_are_told_with_what_to_do() {
    let cases: [(&[u8], &str, &str); 14] = [
        (&tar(), "a tar archive", "count what is in it, as in: tar -xOf FILE | ngram-count"),
        (b"7z\xBC\xAF\x27\x1C\0\x04", "a 7z archive", "unpack it first, as in: 7z x -so FILE | ngram-count"),
        (b"Rar!\x1A\x07\x01\0", "a RAR archive", "unpack it first, as in: unrar p -inul FILE | ngram-count"),
        (b"%PDF-1.7\nwords\n", "a PDF document", "make text of it first, as in: pdftotext FILE - | ngram-count"),
        (b"\x89PNG\r\n\x1A\n\0\0", "a picture (PNG)", "it holds no text"),
        (b"\xFF\xD8\xFF\xE0", "a picture (JPEG)", "it holds no text"),
        (b"GIF89a\x01\0\x01\0", "a picture (GIF)", "it holds no text"),
        (
            b"SQLite format 3\0\x10",
            "an SQLite database",
            "export its text first, as in: sqlite3 FILE 'SELECT text FROM pages' | ngram-count",
        ),
        (b"PAR1\x15\0", "a Parquet file", "export its text first, for example with duckdb"),
        (b"Obj\x01\x04", "an Avro file", "export its text first"),
        (b"\x89HDF\r\n\x1A\n\0", "an HDF5 file", "export its text first"),
        (b"\x7FELF\x02", "an executable file or a library (ELF)", "it holds no text"),
        (
            b"[\n{\"word\":\"a\",\"count\":5}\n]\n",
            "JSON of this program",
            "write it with --format tsv or csv to count it again",
        ),
        (
            b"{\"word\":\"a\",\"count\":5}\n",
            "JSON of this program",
            "write it with --format tsv or csv to count it again",
        ),
    ];
    for (content, kind, advice) in cases {
        let is_tar = kind.contains("tar");
        let not_text = if is_tar { "" } else { ", not text" };
        let scratch = Scratch::with([("f", content), ("f.gz", &gzip(content))]);
        let message = format!("is {kind}{not_text}; {advice}");
        scratch.run(["f"]).fails(&format!("f: {message}"));
        scratch.pipe(content, [""; 0]).fails(&format!("standard input: {message}"));
        scratch.run(["-i", "counts", "f"]).fails(&format!("f: {message}"));
        let unpack = if is_tar || kind.contains("JSON") { "" } else { " (unpack it with gzip -dc)" };
        scratch.run(["f.gz"]).fails(&format!("f.gz: is {kind}{not_text}{unpack}; {advice}"));
        scratch.run(["-i", "text", "f"]).exits(0).says("");
        scratch.run(["-i", "text", "f.gz"]).exits(0).says("");
    }
    // What is surely a table may begin as it likes, and so may text.
    Scratch::new().pipe(b"%PDF-1.7\t5\n{\"word\":\t1\n", [""; 0]).gives("%PDF-1.7\t5\n{\"word\":\t1\n");
    Scratch::new().pipe(b"GIF89a is a format\n", ["-n1"]).gives("GIF89a\t1\n");
}

/// An archive may hold uncompressed lines of a table, and its first line would be lost.
#[test]
fn archives_around_a_table() {
    let table = sample(40_000);
    let archives = |member: &str, text: &[u8]| -> Vec<u8> {
        // As tar made it before it had a name for itself: what tells it is the sum of its bytes.
        let mut header = vec![0; 512];
        header[..member.len()].copy_from_slice(member.as_bytes());
        header[100..107].copy_from_slice(b"0000644");
        header[124..135].copy_from_slice(format!("{:011o}", text.len()).as_bytes());
        header[148..156].fill(b' ');
        let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
        header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        [&header[..], text, &vec![0; 1024 - text.len() % 512]].concat()
    };
    for text in [&table[..], b"a\t1\nb\t2\na\t5\nb\t1\na\t1\nc\t1\n"] {
        let tar = archives("b.tsv", text);
        let stored = zip_of(&[("b.tsv", text)], CompressionMethod::Stored);
        let scratch = Scratch::with([
            ("b.tar", &tar[..]),
            ("b.tgz", &gzip(&tar)),
            ("b.zip", &zip(&tar)),
            ("zip.gz", &gzip(&stored)),
            ("zip.zip", &zip_of(&[("b.zip", &stored)], CompressionMethod::Stored)),
        ]);
        for (name, kind) in [
            ("b.tar", "a tar archive"),
            ("b.tgz", "a tar archive"),
            ("b.zip", "a tar archive"),
            ("zip.gz", "zip data within gzip data"),
            ("zip.zip", "zip data within zip data"),
        ] {
            for options in
                [&[""; 0][..], &["-w", "Aardvark"], &["-w", "a", "--skip-malformed"], &["-i", "v2", "-w", "a"]]
            {
                let ran = scratch.run(options.iter().chain(&[name]));
                ran.exits(2).writes("");
                assert!(ran.stderr().starts_with(&format!("ngram-count: {name}: is {kind}; ")), "{ran}");
            }
        }
    }
}

#[test]
fn results_that_cannot_be_counted_again() {
    let scratch = Scratch::with([("rows", &sample(40)[..])]);
    for (columns, by) in [("count,word", "word"), ("word,rank", "word"), ("year,word,count,volumes", "year")] {
        for (format, what) in
            [("csv", "is CSV of this program"), ("json", "is JSON of this"), ("jsonl", "is JSON of this")]
        {
            let ran = scratch.run(["rows", "--columns", columns, "--by", by, "-f", format]);
            let again = scratch.pipe(ran.exits(0).stdout(), [""; 0]);
            again.exits(2).writes("");
            assert!(again.stderr().starts_with(&format!("ngram-count: standard input: {what}")), "{again}");
        }
    }
    scratch.pipe(b"\"word\",\"count\"\n\"a\",5\n", [""; 0]).gives("a\t5\n");
}

#[test]
fn a_list_of_words_or_totals_may_not_be_one_of_them() {
    let scratch = Scratch::with([("rows", &sample(10)[..]), ("f.pdf", b"%PDF-1.7\n"), ("b", b"a\n\0\n")]);
    let pdf = "f.pdf: is a PDF document, not text; make text of it first, as in: pdftotext FILE - | ngram-count";
    scratch.run(["rows", "--words-from", "f.pdf"]).fails(pdf);
    scratch.run(["rows", "--totals", "f.pdf"]).fails(pdf);
    scratch.run(["rows", "--words-from", "b"]).fails("b: holds a NUL byte at byte 2, so it is not a list of words");
    scratch.run(["rows", "--totals", "b"]).fails("b: holds a NUL byte at byte 2, so it is not a file of total counts");
}

#[test]
fn compressed_twice() {
    let outer: [(&str, &str, Compress); 4] =
        [("gzip", "gzip -dc", gzip), ("zstd", "zstd -dc", zstd), ("bzip2", "bzip2 -dc", bzip2), ("xz", "xz -dc", xz)];
    for (outer, unpack, compress) in outer {
        for (inner, content, then) in [
            ("gzip", gzip(b"a b\n"), ""),
            ("zstd", zstd(b"a b\n"), ""),
            ("zip", zip(b"a b\n"), ""),
            ("bzip2", bzip2(b"a b\n"), ""),
            ("bzip2", bzip2(b""), ""),
            ("xz", xz(b"a b\n"), ""),
            ("lzma", b"\x5D\0\0\x80\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\0".to_vec(), " | xz -dc"),
        ] {
            let scratch = Scratch::with([("f", &compress(&content)[..])]);
            scratch.run(["f"]).fails(&format!(
                "f: is {inner} data within {outer} data; unpack it first, as in: {unpack} FILE{then} | ngram-count"
            ));
        }
    }
}

/// The message names the first NUL, at any position and with all chunk sizes.
#[test]
fn a_nul_in_what_was_taken_for_text() {
    let prose = b"once upon a time\n".repeat(3000);
    for at in [0, 1, 16, 17, 16_383, 16_384, 40_000, prose.len() - 1] {
        let mut text = prose.clone();
        text[at] = 0;
        text[prose.len() - 2] = 0;
        let at = at.min(prose.len() - 2);
        let scratch = Scratch::with([("a.txt", &text[..]), ("a.gz", &gzip(&text)), ("b.txt", b"b\n")]);
        let message = format!(
            "holds a NUL byte at byte {at}, so it is binary, not text; to count it nevertheless, say -i text (or name its \
             encoding, as in --encoding utf-16le)"
        );
        for cut in ways_to_cut().filter(|cut| cut[3] != "1") {
            scratch.run(cut.iter().chain(&["b.txt", "a.txt", "b.txt"])).fails(&format!("a.txt: {message}"));
            scratch.run(cut.iter().chain(&["a.gz"])).fails(&format!("a.gz: {message}"));
            scratch.pipe(&text, cut).fails(&format!("standard input: {message}"));
            scratch.run(cut.iter().chain(&["a.txt", "-w", "b"])).fails(&format!("a.txt: {message}"));
            scratch.run(cut.iter().chain(&["-i", "text", "-w", "upon", "a.txt"])).exits(0).says("");
            let ran = scratch.run(cut.iter().chain(&["--keep-going", "a.txt", "b.txt", "-w", "b"]));
            ran.exits(2).writes("b\t1\n").says(&format!("ngram-count: a.txt: {message}\n"));
        }
    }
    Scratch::new().pipe(b"a\0b\t5\n\0\t3\n", [""; 0]).gives(b"a\0b\t5\n\0\t3\n");
    Scratch::new().pipe(b"a\0b\t5\n\0\t3\n", ["-i", "counts"]).gives(b"a\0b\t5\n\0\t3\n");
}

#[test]
fn a_name_that_promises_a_compression() {
    let scratch = Scratch::with([
        ("a.gz", &b"a b\n"[..]),
        ("a.ZST", &gzip(b"a b\n")),
        ("a.zip", &zip(b"a b\n")),
        ("page.gz", b"\n <!DOCTYPE HTML>\n<html><body>404</body></html>\n"),
        ("page.html", b"<html> <body>\n"),
        ("xml.gz", b"<?xml version='1.0' encoding='UTF-8'?><Error><Code>NoSuchKey</Code></Error>"),
        ("json.zip", b"{\n  \"error\": {\"code\": 404}}\n"),
    ]);
    for (name, kind, named) in [("xml.gz", "an XML page", "gzip"), ("json.zip", "a page of JSON", "zip")] {
        let page =
            format!("{name}: is {kind} and not {named}: what a server answers when there is nothing to download; ");
        for options in [&[name][..], &[name, "-w", "a"], &["a.zip", "--words-from", name], &["a.zip", "--totals", name]]
        {
            scratch.run(options).fails(&format!("{page}download the file again"));
        }
    }
    let note = "ngram-count: a.gz: is not gzip, in spite of its name; read as it is\n";
    scratch.run(["a.gz"]).exits(0).writes("a\t1\nb\t1\n").says(note);
    scratch.run(["a.gz", "-q"]).gives("a\t1\nb\t1\n");
    let note = "ngram-count: a.ZST: is not zstd but gzip, in spite of its name; read as gzip\n";
    scratch.run(["a.ZST"]).exits(0).writes("a\t1\nb\t1\n").says(note);
    scratch.run(["a.zip"]).gives("a\t1\nb\t1\n");
    scratch.run(["page.gz"]).fails(
        "page.gz: is an HTML page and not gzip: what a server answers when there is nothing to download; download the \
         file again",
    );
    scratch.run(["page.html"]).gives("<body>\t1\n<html>\t1\n");
}

#[test]
fn a_download_that_broke_off_at_once() {
    let breaks_off = |name: &str| format!("the {name} data breaks off before its end; download the file again");
    for (ending, name, compress) in [
        ("gz", "gzip", gzip as Compress),
        ("zst", "zstd", zstd),
        ("zip", "zip", zip),
        ("bz2", "bzip2", bzip2),
        ("xz", "xz", xz),
    ] {
        let magic = compress(b"a b\n");
        for len in 0..11 {
            let file = format!("a.{ending}");
            let scratch = Scratch::with([(&file[..], &magic[..len])]);
            scratch.run([&file]).fails(&format!("{file}: {}", breaks_off(name)));
        }
    }
    for (content, name) in [
        (&b"\x1F\x8B"[..], "gzip"),
        (b"\x28\xB5", "zstd"),
        (b"\x28\xB5\x2F", "zstd"),
        (b"PK\x03", "zip"),
        (b"BZh91AY", "bzip2"),
        (b"BZh91AY&S", "bzip2"),
        (b"\xFD7z", "xz"),
        (b"\xFD7zXZ", "xz"),
    ] {
        let scratch = Scratch::with([("a", content)]);
        scratch.run(["a"]).fails(&format!("a: {}", breaks_off(name)));
        scratch.pipe(content, [""; 0]).fails(&format!("standard input: {}", breaks_off(name)));
    }
    for text in ["(", "P", "PK", "B", "BZh", "BZh9", "BZh91A", "BZh91AYX"] {
        Scratch::new().pipe(text.as_bytes(), [""; 0]).gives(format!("{text}\t1\n"));
    }
    Scratch::with([("a.tsv", &b""[..])]).run(["a.tsv"]).gives("");
}

#[test]
fn what_macos_adds_to_a_zip_file_is_passed_over() {
    let members = [
        ("a.txt", &b"a b"[..]),
        ("__MACOSX/._a.txt", b"\0\x05\x16\x07\0\x02\0\0Mac OS X"),
        (".DS_Store", b"\0\0\0\x01Bud1"),
        ("folder/.DS_Store", b"\0\0\0\x01Bud1"),
        ("b.txt", b"b c"),
    ];
    for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
        let whole = zip_of(&members, method);
        let scratch = Scratch::with([("a.zip", &whole[..])]);
        let ran = scratch.run(["a.zip", "--stats", "json"]);
        let stats: serde_json::Value =
            serde_json::from_str(&ran.exits(0).writes("b\t2\na\t1\nc\t1\n").stderr()).unwrap();
        assert_eq!(stats["bytes"], 6);
        // They are still checked.
        let name = whole.windows(9).position(|window| window == b"__MACOSX/").unwrap();
        let place = name - 30 + 14;
        let mut damaged = whole;
        damaged[place] ^= 1;
        scratch.write("a.zip", &damaged);
        scratch.run(["a.zip"]).exits(2).writes("");
    }
}
