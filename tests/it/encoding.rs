//! Text that is not UTF-8, decoded by its mark or by name: it gives the counts of the same text in UTF-8, in every
//! format, compression and chunk size.

use crate::common::{COMPRESSIONS, Scratch, counted, gzip, sample, ways_to_cut, zip_of};
use zip::CompressionMethod;

type Units = fn(u16) -> [u8; 2];

/// Both kinds of UTF-16, by their labels.
const KINDS: [(&str, Units); 2] = [("utf-16le", u16::to_le_bytes), ("utf-16be", u16::to_be_bytes)];

fn utf16(text: &str, units: Units) -> Vec<u8> {
    text.encode_utf16().flat_map(units).collect()
}

fn marked(text: &str, units: Units) -> Vec<u8> {
    utf16(&format!("\u{FEFF}{text}"), units)
}

const PROSE: &str = "naïve 日本 👩‍👧 a\r\na naïve\n\nend";
const PROSE_COUNTS: &str = "a\t2\nnaïve\t2\nend\t1\n日本\t1\n👩‍👧\t1\n";

#[test]
fn utf_16_is_decoded_by_its_mark() {
    let rows = String::from_utf8(sample(3000)).unwrap();
    for (_, units) in KINDS {
        for (text, expected) in [(PROSE, PROSE_COUNTS.into()), (&rows, counted(rows.as_bytes()))] {
            let content = marked(text, units);
            let scratch = Scratch::with([("plain", &content[..])]);
            for (name, compress) in COMPRESSIONS {
                scratch.write(name, compress(&content));
            }

            for cut in ways_to_cut() {
                for name in ["plain"].into_iter().chain(COMPRESSIONS.map(|(name, _)| name)) {
                    scratch.run(cut.iter().chain(&[name])).gives(&expected);
                }
                scratch.pipe(&content, cut).gives(&expected);
            }
            scratch.shell("\"$0\" < plain").gives(&expected);
            // A mark wins over a name, and is found whatever the format.
            scratch.run(["plain", "--encoding", "latin1"]).gives(&expected);
        }
        let scratch = Scratch::with([("rows", &marked(&rows, units)[..])]);
        scratch.run(["rows", "-i", "v2"]).gives(counted(rows.as_bytes()));
        let ran = scratch.run(["rows", "-w", "naïve", "-w", "no"]);
        ran.gives(scratch.pipe(rows.as_bytes(), ["-w", "naïve", "-w", "no"]).stdout());
        let options = ["--by", "decade", "--word", "naïve"];
        let expected = scratch.pipe(rows.as_bytes(), options);
        scratch.run(options.iter().chain(&["rows"])).gives(expected.stdout());
        let data = ["plot", "--data", "-w", "a"];
        scratch.run(data.iter().chain(&["rows"])).gives(scratch.pipe(rows.as_bytes(), data).exits(0).stdout());
        let ran = scratch.run(["bench", "-q", "-r2", "--chunk-sizes=7,1M", "-j1,2", "rows"]);
        assert_eq!(ran.exits(0).stderr(), "");
    }
}

/// Found by the fuzz target of encodings: of two marks, UTF-16 lost both.
#[test]
fn one_mark_is_passed_over_and_no_other() {
    let text = "\u{FEFF}a b\n";
    let expected = Scratch::new().pipe(format!("\u{FEFF}{text}").as_bytes(), ["--sort=word"]);
    for (_, units) in KINDS {
        let content = marked(text, units);
        let zip = zip_of(&[("1", &content[..]), ("2", b"b")], CompressionMethod::Stored);
        let scratch = Scratch::with([("plain", &content[..]), ("gz", &gzip(&content)), ("zip", &zip)]);
        for name in ["plain", "gz"] {
            scratch.run([name, "--sort=word"]).gives(expected.exits(0).stdout());
        }
        scratch.run(["zip", "--sort=word"]).gives("b\t2\n\u{FEFF}a\t1\n");
    }
}

#[test]
fn other_encodings_are_named() {
    let cases: [(&str, &[u8], &str); 5] = [
        ("latin1", b"caf\xE9 na\xEFve caf\xE9", "café\t2\nnaïve\t1\n"),
        ("Windows-1251", b"\xEC\xE8\xF0 \xEC\xE8\xF0", "мир\t2\n"),
        ("shift_jis", b"\x93\xFA\x96\x7B \x93\xFA\x96\x7B", "日本\t2\n"),
        ("utf-16le", b"a\0 \0a\0", "a\t2\n"),
        ("utf-8", b"caf\xC3\xA9", "café\t1\n"),
    ];
    for (name, content, expected) in cases {
        let scratch = Scratch::with([("a.txt", content), ("a.gz", &gzip(content))]);
        for file in ["a.txt", "a.gz"] {
            scratch.run(["--encoding", name, file]).gives(expected);
            scratch.run(["--encoding", name, "--chunk-size", "1", "-i", "text", file]).gives(expected);
        }
        scratch.pipe(content, ["--encoding", name]).gives(expected);
    }
    // UTF-8 by name is not decoded: bytes come out as they went in.
    Scratch::new().pipe(b"a\xFF", ["--encoding", "utf-8"]).gives(b"a\xFF\t1\n");
    // Behind a blank line, such a word is no mark when it is read again.
    let ran = Scratch::new().pipe(b"\xFF\xFEa\0", ["--encoding", "none", "-i", "text"]);
    ran.gives(b"\n\xFF\xFEa\0\t1\n");
    Scratch::new().pipe(ran.stdout(), [""; 0]).gives(ran.stdout());
    Scratch::new().pipe("\u{FEFF}café".as_bytes(), ["--encoding", "latin1"]).gives("café\t1\n");
    let ran = Scratch::new().pipe(b"a", ["--encoding", "klingon"]);
    ran.exits(2).writes("");
    let expected = "error: invalid value 'klingon' for '--encoding <NAME>': expected auto, none or an encoding such as";
    assert!(ran.stderr().starts_with(expected), "{ran}");
}

/// The bytes of UTF-16 can't be one.
#[test]
fn a_table_may_begin_as_a_mark_does() {
    for mark in [&b"\xFF\xFE"[..], b"\xFE\xFF", b"\xFF\xFE\0\0", b"\0\0\xFE\xFF"] {
        let lines = [mark, b"\t5\na\t1\n"].concat();
        let scratch = Scratch::with([("a.tsv", &lines[..]), ("a.gz", &gzip(&lines))]);
        for file in ["a.tsv", "a.gz"] {
            scratch.run([file]).gives([b"\n", &lines[..]].concat());
            scratch.run([file, "-i", "counts"]).gives([b"\n", &lines[..]].concat());
        }
        scratch.pipe(&lines, [""; 0]).gives([b"\n", &lines[..]].concat());
    }
}

#[test]
fn each_zip_member_has_its_own_mark() {
    let le = marked("a b", KINDS[0].1);
    let be = marked("b\nc\n", KINDS[1].1);
    let members = [("le", &le[..]), ("8", b"a c"), ("be", &be), ("mark", b"\xEF\xBB\xBFd"), ("empty", b"\xFF\xFE")];
    for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
        let content = zip_of(&members, method);
        let scratch = Scratch::with([("a.zip", &content[..])]);
        for cut in ways_to_cut() {
            scratch.run(cut.iter().chain(&["a.zip"])).gives("a\t2\nb\t2\nc\t2\nd\t1\n");
            scratch.pipe(&content, cut).gives("a\t2\nb\t2\nc\t2\nd\t1\n");
        }
    }
}

#[test]
fn utf_32_is_told_with_what_converts_it() {
    let reason =
        "is in UTF-32, which is not read; convert it first, as in: iconv -f UTF-32 -t UTF-8 FILE | ngram-count";
    for units in [u32::to_le_bytes, u32::to_be_bytes] {
        let content: Vec<u8> = "\u{FEFF}a b".chars().flat_map(|letter| units(letter.into())).collect();
        let scratch = Scratch::with([("a", &content[..]), ("a.gz", &gzip(&content))]);
        scratch.run(["a"]).fails(&format!("a: {reason}"));
        scratch.run(["a.gz"]).fails(&format!("a.gz: {reason}"));
        scratch.pipe(&content, [""; 0]).fails(&format!("standard input: {reason}"));
    }
}

#[test]
fn what_cannot_be_decoded_is_noted() {
    let units = [0xD800, u16::from(b'x'), u16::from(b' '), 0xDC00, u16::from(b' ')].map(u16::to_le_bytes).concat();
    let text = [&marked("a b ", u16::to_le_bytes)[..], &units, b"y"].concat();
    let scratch = Scratch::with([("a", &text[..])]);
    let note = "ngram-count: a: 3 sequences can't be decoded and became U+FFFD\n";
    for cut in ways_to_cut() {
        let ran = scratch.run(cut.iter().chain(&["a"]));
        ran.exits(0).writes("\u{FFFD}\t2\na\t1\nb\t1\n\u{FFFD}x\t1\n").says(note);
    }
}

#[test]
fn bytes_that_are_in_no_word_are_noted_once() {
    let scratch =
        Scratch::with([("a.txt", &b"caf\xE9 na\xEFve\ncaf\xE9\n"[..]), ("b.txt", b"x\xFF\n"), ("c.txt", b"x")]);
    let note = |file: &str, bytes: &str| {
        format!(
            "ngram-count: {file}: {bytes} not UTF-8 and {} taken for no word; name the encoding, as in --encoding \
             latin1\n",
            if bytes.starts_with("1 ") { "was" } else { "were" }
        )
    };
    let notes = note("a.txt", "3 bytes are") + &note("b.txt", "1 byte is");
    for cut in ways_to_cut() {
        let ran = scratch.run(cut.iter().chain(&["--tokens", "unicode", "a.txt", "b.txt", "c.txt"]));
        ran.exits(0).writes("caf\t2\nx\t2\nna\t1\nve\t1\n").says(&notes);
    }
    scratch.run(["--tokens", "unicode", "-q", "b.txt"]).gives("x\t1\n");
    scratch.run(["b.txt"]).gives(b"x\xFF\t1\n");
    let ran = scratch.run(["--tokens", "unicode", "-q", "--stats", "json", "b.txt"]);
    let stats: serde_json::Value = serde_json::from_str(&ran.exits(0).stderr()).unwrap();
    assert_eq!(stats["inputs"][0]["notes"].as_array().unwrap().len(), 1, "{ran}");
}

#[test]
fn lists_and_totals_are_decoded() {
    let scratch = Scratch::with([
        ("rows", &sample(300)[..]),
        ("8.txt", "naïve\nNew York\n".as_bytes()),
        ("le.txt", &marked("naïve\r\nNew York\r\n", u16::to_le_bytes)),
        ("bare.txt", &utf16("naïve\nNew York\n", u16::to_le_bytes)),
        ("latin1.txt", b"na\xEFve\nNew York\n"),
        ("totals", b"\t1800,1000,1,1\t1801,1000,1,1\n"),
    ]);
    scratch.write("totals.le", marked("\t1800,1000,1,1\t1801,1000,1,1\n", u16::to_le_bytes));
    scratch.write("8.gz", gzip(&scratch.read("8.txt")));
    let expected = scratch.run(["rows", "--words-from", "8.txt"]);
    let expected = expected.exits(0).stdout();
    for list in ["le.txt", "8.gz"] {
        scratch.run(["rows", "--words-from", list]).gives(expected);
    }
    // What was typed in a terminal of UTF-8 stays right beside an input that is not.
    let rows = String::from_utf8(sample(300)).unwrap();
    let latin1: Vec<u8> = rows.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect();
    scratch.write("rows.latin1", latin1);
    for list in ["8.txt", "le.txt", "latin1.txt"] {
        scratch.run(["rows.latin1", "--encoding", "latin1", "--words-from", list]).gives(expected);
    }
    scratch.write("rows.le", utf16(&rows, u16::to_le_bytes));
    scratch.run(["rows.le", "--encoding", "utf-16le", "--words-from", "bare.txt"]).gives(expected);
    let message = "bare.txt: holds a NUL byte at byte 1, so it is not a list of words";
    scratch.run(["rows", "--words-from", "bare.txt"]).fails(message);
    let totals = |file: &str| scratch.run(["rows", "--totals", file]).exits(0).stdout().to_vec();
    assert_eq!(totals("totals"), totals("totals.le"));
}
