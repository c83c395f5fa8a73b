//! Running text: its words and N-grams, in any storage and chunks, against a naive count of a few lines.

use std::collections::BTreeMap;

use crate::common::{Scratch, gzip, tsv, ways_to_cut};

/// Words by white space, `order` of them together, of one line.
fn count(text: &[u8], order: usize) -> Vec<u8> {
    let mut counts = BTreeMap::new();
    for line in text.split(|&byte| byte == b'\n') {
        let words = line.split(|byte| b" \t\x0B\x0C\r".contains(byte)).filter(|word| !word.is_empty());
        for ngram in words.collect::<Vec<_>>().windows(order) {
            *counts.entry(ngram.join(&b' ')).or_insert(0_u64) += 1;
        }
    }
    tsv(&counts)
}

/// Counts `text` with `-i text`, in every storage, with all chunk sizes and numbers of threads.
#[track_caller]
fn gives_however_it_is_read(text: &[u8], options: &[&str], expected: &[u8]) {
    let compressed = gzip(text);
    let scratch = Scratch::with([("a.txt", text), ("a.gz", &compressed[..])]);
    for cut in ways_to_cut() {
        let options = || cut.into_iter().chain(["-i", "text"]).chain(options.iter().copied());
        scratch.run(options().chain(["a.txt"])).gives(expected);
        scratch.run(options().chain(["a.gz"])).gives(expected);
        scratch.pipe(text, options()).gives(expected);
    }
}

/// Deterministic lines of words, some of them frequent.
fn prose(lines: usize) -> Vec<u8> {
    const WORDS: [&str; 12] = [
        "the",
        "of",
        "and",
        "a",
        "whale,",
        "Ahab",
        "antidisestablishmentarianism",
        "naïve",
        "x",
        "in",
        "to",
        "sixteen letters:",
    ];
    let line = |line: usize| {
        let words = (0..line % 13).map(|word| WORDS[(line * line + word * word * 7) % (5 + word % 8)]);
        words.map(|word| format!("{word}{}", if line.is_multiple_of(7) { "  " } else { " " })).collect::<String>()
            + "\n"
    };
    (0..lines).map(line).collect::<String>().into_bytes()
}

#[test]
fn words_and_ngrams_are_counted() {
    let text = prose(300);
    for order in 1..5 {
        gives_however_it_is_read(&text, &["--ngram", &order.to_string()], &count(&text, order));
    }
}

#[test]
fn several_lengths_are_counted_in_one_pass() {
    let text = prose(300);
    for (lengths, each) in [("1-3", 1..=3), ("2-4", 2..=4), ("3-3", 3..=3), ("2-18446744073709551615", 2..=13)] {
        let parts: Vec<u8> = each.flat_map(|len| count(&text, len)).collect();
        let sum = Scratch::new().pipe(&parts, ["-i", "counts"]);
        gives_however_it_is_read(&text, &["--ngram", lengths], sum.exits(0).stdout());
    }
    gives_however_it_is_read(b"a b\nb", &["--ngram=1-2"], b"b\t2\na\t1\na b\t1\n");
}

#[test]
fn lengths_of_ngrams_are_checked() {
    let ran = Scratch::new().run(["--ngram", "3-1"]);
    assert!(ran.exits(2).writes("").stderr().contains("say the lower number first"), "{ran}");
    for lengths in ["0-2", "1-", "-3", "1-2-3", "+1-2", "1 - 2"] {
        let ran = Scratch::new().run([&format!("--ngram={lengths}")]);
        assert!(ran.exits(2).writes("").stderr().contains("such as 2, or several, such as 1-3"), "{ran}");
    }
}

#[test]
fn all_white_space_separates_words() {
    let text = b" a\tb\x0Bc\x0Cd\re  \t f\r\n\r\n\n a b\n";
    gives_however_it_is_read(text, &[], b"a\t2\nb\t2\nc\t1\nd\t1\ne\t1\nf\t1\n");
    gives_however_it_is_read(text, &["--ngram", "2"], b"a b\t2\nb c\t1\nc d\t1\nd e\t1\ne f\t1\n");
    gives_however_it_is_read(text, &["--ngram", "6"], b"a b c d e f\t1\n");
    gives_however_it_is_read(text, &["--ngram", "7"], b"");
    gives_however_it_is_read(text, &["--ngram", &usize::MAX.to_string()], b"");
}

#[test]
fn the_last_line_may_not_end() {
    gives_however_it_is_read(b"a b\na b", &[], b"a\t2\nb\t2\n");
    gives_however_it_is_read(b"a b\r\na b\r", &["--ngram", "2"], b"a b\t2\n");
    gives_however_it_is_read(b"a", &[], b"a\t1\n");
}

#[test]
fn without_words_the_result_is_empty() {
    for text in [&b""[..], b" ", b"\n", b"\r\n \t\n", b"\xEF\xBB\xBF"] {
        gives_however_it_is_read(text, &[], b"");
        gives_however_it_is_read(text, &["--ngram", "2", "--tokens", "unicode"], b"");
    }
}

#[test]
fn a_byte_order_mark_at_the_start_is_no_part_of_a_word() {
    gives_however_it_is_read(b"\xEF\xBB\xBFa b\n", &["--ngram", "2"], b"a b\t1\n");
}

#[test]
fn lines_and_words_may_be_longer_than_a_chunk() {
    let long = vec![b'x'; 5000];
    let text = [&b"a "[..], &long, b" b ", &long, b" b\n", &b"c d ".repeat(3000)].concat();
    gives_however_it_is_read(&text, &[], &count(&text, 1));
    gives_however_it_is_read(&text, &["--ngram", "3"], &count(&text, 3));
}

#[test]
fn bytes_that_are_no_utf8_are_part_of_words_by_white_space() {
    let text = b"a\x80b \xFF\xFE \xE6\x97 \xFF\xFE\n\0 \0\xC3\xA9\n";
    gives_however_it_is_read(text, &[], b"\n\xFF\xFE\t2\n\0\t1\n\0\xC3\xA9\t1\na\x80b\t1\n\xE6\x97\t1\n");
    let scratch = Scratch::with([("a.txt", &text[..])]);
    for cut in ways_to_cut() {
        let ran = scratch.run(cut.iter().chain(&["-i", "text", "--tokens", "unicode", "a.txt"]));
        ran.exits(0).writes("a\t1\nb\t1\né\t1\n").says(
            "ngram-count: a.txt: 7 bytes are not UTF-8 and were taken for no word; name the encoding, as in --encoding \
             latin1\n",
        );
    }
}

#[test]
fn unicode_words_have_no_punctuation_around_them() {
    let text = "“Can't — don’t,” (he said): 'tis 3,000.5 x_y re-do e.g. e-mail@host.org\n\
                日本 カタカナ 한국어 👩‍👩‍👧 🇩🇪 naïve! cafe\u{301}\n";
    let words = "Can't|don't|he|said|tis|3,000.5|x_y|re|do|e.g|e|mail|host.org|日|本|カタカナ|한국어|naïve|cafe\u{301}";
    let expected: BTreeMap<_, _> = words.split('|').map(|word| (word.as_bytes().to_vec(), 1)).collect();
    gives_however_it_is_read(text.as_bytes(), &["--tokens", "unicode"], &tsv(&expected));

    let text = "\"Can't\",  (he.\n日本 x\n";
    gives_however_it_is_read(
        text.as_bytes(),
        &["--tokens", "unicode", "--ngram", "2"],
        "Can't he\t1\n日 本\t1\n本 x\t1\n".as_bytes(),
    );
}

#[test]
fn text_is_told_from_its_first_lines() {
    let prose = prose(200);
    let scratch =
        Scratch::with([("prose.txt", &prose[..]), ("prose.gz", &gzip(&prose)), ("v2.tsv", b"a\t1999\t5\t1\n")]);
    scratch.run(["prose.txt"]).gives(count(&prose, 1));
    scratch.run(["prose.gz", "--ngram", "2", "-i", "auto"]).gives(count(&prose, 2));
    scratch.pipe(&prose, ["--tokens", "whitespace"]).gives(count(&prose, 1));
    let ran = scratch.run(["prose.txt", "v2.tsv", "--stats", "json", "-o", "counts.tsv"]);
    let stats: serde_json::Value = serde_json::from_str(&ran.exits(0).stderr()).expect("one object");
    let formats = [&stats["inputs"][0]["format"], &stats["inputs"][1]["format"]];
    assert_eq!(formats, ["text", "v2"]);
    let words: u64 = stats["inputs"][0]["rows"].as_u64().expect("a number");
    assert_eq!(words, prose.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).count() as u64);
}

#[test]
fn the_counts_of_a_text_are_read_again() {
    let text = [&prose(100)[..], b"tab\there \"quoted\" \xFF 7\n"].concat();
    for order in ["1", "2", "3"] {
        let scratch = Scratch::new();
        let once = scratch.pipe(&text, ["-i", "text", "--ngram", order]);
        scratch.pipe(once.exits(0).stdout(), ["-i", "counts"]).gives(once.stdout());
        scratch.pipe(once.stdout(), [""; 0]).gives(once.stdout());
    }
}

#[test]
fn words_are_looked_up_in_text() {
    let text = b"the whale, the whale, the sea\nNew York\nnew York the\n".repeat(30_000);
    let scratch = Scratch::with([("a.txt", &text[..])]);
    for cut in ["100", "1MiB"] {
        let run = |options: &[&str]| scratch.run(["-i", "text", "a.txt", "--chunk-size", cut].iter().chain(options));
        run(&["--word", "whale,", "--word", "no", "--word", "the"]).gives("whale,\t60000\nno\t0\nthe\t120000\n");
        run(&["--word", "New York", "--ngram", "2"]).gives("New York\t30000\n");
        run(&["--word", "no"]).exits(1).writes("no\t0\n");
        run(&["-w", "a", "-w", "b", "-w", "c", "-w", "sea"]).gives("a\t0\nb\t0\nc\t0\nsea\t30000\n");
    }
}

#[test]
fn options_for_text_are_refused_where_the_input_is_another() {
    let scratch = Scratch::with([("v2.tsv", &b"a\t1999\t5\t1\n"[..]), ("empty", b"")]);
    for (option, value) in [("--tokens", "unicode"), ("--ngram", "2"), ("--ngram", "1")] {
        let expected = |file: &str, format: &str| {
            let what =
                "is not text, which --tokens, --ngram, --within and --year-from are for; if it is text, say -i text";
            format!("{file}: its format ({format}) {what}")
        };
        for format in ["v2", "counts"] {
            scratch.run(["-i", format, option, value, "empty"]).fails(&expected("empty", format));
        }
        scratch.run([option, value, "v2.tsv"]).fails(&expected("v2.tsv", "v2"));
        scratch.run(["-i", "text", option, value, "empty"]).gives("");
        scratch.run([option, value, "empty"]).gives("");
    }
    for order in ["0", "-1", "x", ""] {
        scratch.run(["--ngram", order]).exits(2).writes("");
    }
}

/// The crate that tells words takes the joiner, and the emoji behind it, for a part of the word that the full stop
/// ends.
#[test]
fn a_joiner_does_not_glue_an_emoji_to_a_word() {
    let text = "a\u{200D} b\u{200D}. c.\u{200D}😀 d\u{200D}😀 12,\u{200D}😀".as_bytes();
    let expected = "12\t1\na\t1\nb\t1\nc\t1\nd\u{200D}😀\t1\n";
    for cut in crate::common::ways_to_cut() {
        Scratch::new().pipe(text, ["-i", "text", "--tokens", "unicode"].iter().chain(&cut)).gives(expected);
    }
}
