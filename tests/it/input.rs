//! All forms of inputs: line ends, names, pipes, formats, and the awkward files in `data/`.

use std::fs::{self, File};
use std::io::Write;
use std::process::Stdio;
use std::thread;

use crate::common::{
    COMPRESSIONS, COUNTS, PROGRAM, Ran, Scratch, V2, counted, data, gzip, oracle, sample, tsv, ways_to_cut,
};

/// Counts `text` as a file and through a pipe, plain and compressed, with all chunk sizes and numbers of threads.
#[track_caller]
fn gives_however_it_is_read(text: &[u8], expected: &[u8]) {
    let ways = COMPRESSIONS.iter().map(|(name, compress)| (*name, compress(text)));
    for (name, content) in ways.chain([("tsv", text.to_vec())]) {
        let scratch = Scratch::with([(name, &content[..])]);
        for options in ways_to_cut() {
            scratch.run(options.iter().chain(&[name])).gives(expected);
            scratch.pipe(&content, options).gives(expected);
        }
    }
}

#[test]
fn blank_lines_are_passed_over() {
    gives_however_it_is_read(b"\n\r\n\na\t1\t2\t1\n\n\r\na\t2\t3\t1\nb\t1\t1\t1\n\n\n", b"a\t5\nb\t1\n");
    gives_however_it_is_read(b"\n", b"");
    gives_however_it_is_read(b"\r\n\r", b"");
}

#[test]
fn lines_may_end_in_cr_lf_or_not_end_at_all() {
    gives_however_it_is_read(b"a\t1\t2\t1\r\na\t2\t3\t1\r\nb\t1\t1\t1\r\n", b"a\t5\nb\t1\n");
    gives_however_it_is_read(b"a\t1\t2\t1\r\na\t2\t3\t1\nb\t1\t1\t1\r", b"a\t5\nb\t1\n");
    gives_however_it_is_read(b"a\t1\t2\t1\na\t2\t3\t1", b"a\t5\n");
    gives_however_it_is_read(b"a\t1\t2\t1", b"a\t2\n");
}

#[test]
fn a_byte_order_mark_is_passed_over_at_the_start_alone() {
    gives_however_it_is_read(b"\xEF\xBB\xBFa\t1\t2\t1\na\t1\t3\t1\n", b"a\t5\n");
    gives_however_it_is_read(b"\xEF\xBB\xBF", b"");
    gives_however_it_is_read(b"a\t1\t5\t1\n\xEF\xBB\xBFa\t1\t3\t1\n", b"a\t5\n\xEF\xBB\xBFa\t3\n");
    let scratch = Scratch::with([("1.tsv", &b"\xEF\xBB\xBFa\t1\t2\t1\n"[..]), ("2.tsv", b"\xEF\xBB\xBFa\t1\t3\t1\n")]);
    scratch.run(["1.tsv", "2.tsv"]).gives("a\t5\n");
    scratch.run(["1.tsv", "2.tsv", "-i", "v2"]).gives("a\t5\n");
}

#[test]
fn a_line_longer_than_a_chunk_is_one_line() {
    let long = [&vec![b'x'; 10_000][..], b" y"].concat();
    let line = [&long[..], b"\t1900\t3\t1\n"].concat();
    let text = [&b"a\t1\t1\t1\n"[..], &line, b"a\t1\t1\t1\n", &line, &line].concat();
    gives_however_it_is_read(&text, &[&long[..], b"\t9\na\t2\n"].concat());
}

#[test]
fn nothing_is_an_empty_result() {
    // A zip file without members, not even a folder, is but an end.
    let no_zip = [b"PK\x05\x06", &[0; 18][..]].concat();
    let empty = COMPRESSIONS.map(|(_, compress)| compress(b"")).into_iter().chain([b"".to_vec(), no_zip]);
    let scratch = Scratch::with([("empty.tsv", &b""[..]), ("a.tsv", b"a\t1\t2\t1")]);
    for content in empty {
        scratch.write("empty", &content);
        for options in ways_to_cut() {
            scratch.run(options.iter().chain(&["empty"])).gives("");
            scratch.run(options.iter().chain(&["empty", "a.tsv", "empty"])).gives("a\t2\n");
            scratch.pipe(&content, options).gives("");
        }
    }
    scratch.run(["empty.tsv", "--word", "a"]).exits(1).writes("a\t0\n");
}

#[test]
fn a_named_pipe_is_a_file_like_others() {
    let text = sample(3000);
    let packed = COMPRESSIONS.map(|(_, compress)| compress(&text));
    for content in packed.into_iter().chain([text, b"a\t1\t2".to_vec()]) {
        let scratch = Scratch::with([("a.tsv", &b"Aardvark\t1\t1000000\t1\n"[..])]);
        let fifo = scratch.fifo("pipe");
        let ran = thread::scope(|scope| {
            scope.spawn(|| File::options().write(true).open(&fifo).and_then(|mut pipe| pipe.write_all(&content)));
            scratch.run(["pipe", "a.tsv"])
        });
        if content.len() > 10 {
            ran.gives(counted(&[&sample(3000)[..], b"Aardvark\t1\t1000000\t1\n"].concat()));
        } else {
            ran.fails(
                "pipe:1: expected 4 fields (ngram, year, match_count, volume_count), found 3; the input was taken for v2: \
                 name its format with -i",
            );
        }
    }
}

#[test]
fn a_shell_can_hand_in_what_another_command_writes() {
    let text = sample(100);
    let scratch = Scratch::with([("a.gz", &gzip(&text)[..])]);
    let ran = Ran::of(scratch.command("bash").args(["-c", "\"$0\" <(gzip -dc a.gz) <(cat a.gz)", PROGRAM]), None);
    ran.gives(counted(&text.repeat(2)));
}

#[test]
fn counts_made_before_are_read_again() {
    let scratch =
        Scratch::with([("1.tsv", &b"a\t5\nNew York\t7\n"[..]), ("2.tsv", b"b\t6\r\na\t18446744073709551610\n")]);
    let expected = "a\t18446744073709551615\nNew York\t7\nb\t6\n";
    scratch.run(["-i", "counts", "1.tsv", "2.tsv"]).gives(expected);
    scratch.run(["1.tsv", "2.tsv"]).gives(expected);
    let text = sample(400);
    let once = Scratch::new().pipe(&text, [""; 0]);
    Scratch::new().pipe(once.stdout(), ["-i", "counts"]).gives(once.stdout());
}

#[test]
fn the_format_is_told_for_each_file() {
    let scratch =
        Scratch::with([("v2.tsv", &b"a\t1999\t2\t1\n"[..]), ("counts.tsv", b"\na\t40\n"), ("gz", &gzip(b"a\t100\n"))]);
    scratch.run(["v2.tsv", "counts.tsv", "gz"]).gives("a\t142\n");
    scratch.run(["counts.tsv", "gz", "v2.tsv", "-i", "auto"]).gives("a\t142\n");
    let fields = "expected 2 fields (ngram, count), found 4";
    scratch.run(["v2.tsv", "-i", "counts"]).fails(&format!("v2.tsv:1: {fields}"));
    let fields = "expected 4 fields (ngram, year, match_count, volume_count), found 2";
    scratch.run(["counts.tsv", "-i", "v2"]).fails(&format!("counts.tsv:2: {fields}"));
}

/// The lines end right before, at, and right behind each number of bytes that `auto` inspects.
#[test]
fn the_format_is_told_from_a_first_line_of_any_length() {
    for len in (12..18).map(|bits| 1_usize << bits).flat_map(|power| power - 10..power + 2) {
        let long = "x".repeat(len);
        let v2 = Scratch::with([("rows.tsv", format!("{long}\t1999\t5\t1\nb\t1999\t3\t1\n").as_bytes())]);
        v2.run(["rows.tsv"]).gives(format!("{long}\t5\nb\t3\n"));
        let counts = Scratch::with([("rows.tsv", format!("{long}\t1995\nb\t3\n").as_bytes())]);
        counts.run(["rows.tsv"]).gives(format!("{long}\t1995\nb\t3\n"));
    }
}

#[test]
fn the_format_is_told_from_a_line_that_does_not_end() {
    for start in ["", "\n", "\r\n\n", "\u{feff}", "\u{feff}\n"] {
        let scratch = Scratch::with([("counts.tsv", format!("{start}a\t7").as_bytes())]);
        scratch.run(["counts.tsv"]).gives("a\t7\n");
        scratch.pipe(format!("{start}a\t1999\t7\t1").as_bytes(), [""; 0]).gives("a\t7\n");
    }
}

/// Counts a file of `data/`. `is_awkward` checks that the file still has its special content.
#[track_caller]
fn counts_data(name: &str, is_awkward: impl Fn(&[u8]) -> bool) {
    let text = fs::read(data(name)).expect(name);
    assert!(is_awkward(&text), "data/{name} is not what its name says");
    let expected = counted(&text);
    assert!(!expected.is_empty());
    let scratch = Scratch::new();
    for options in ways_to_cut() {
        scratch.run(options.iter().map(Into::into).chain([data(name).into_os_string()])).gives(&expected);
        let file = File::open(data(name)).unwrap();
        Ran::of(scratch.command(PROGRAM).args(options).stdin(Stdio::from(file)), None).gives(&expected);
    }
}

fn has(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

#[test]
fn data_without_a_final_newline() {
    counts_data("no-final-newline.tsv", |text| !text.ends_with(b"\n") && has(text, b"\n"));
}

#[test]
fn data_with_cr_lf() {
    counts_data("crlf.tsv", |text| text.ends_with(b"\r\n"));
}

#[test]
fn data_with_a_long_line() {
    counts_data("long-line.tsv", |text| text.split(|&byte| byte == b'\n').any(|line| line.len() > 4096));
}

#[test]
fn data_that_is_not_utf8() {
    counts_data("not-utf8.tsv", |text| std::str::from_utf8(text).is_err());
}

#[test]
fn data_with_quotes() {
    counts_data("quotes.tsv", |text| has(text, b"\"") && has(text, b"\\"));
}

#[test]
fn data_with_a_byte_order_mark() {
    counts_data("bom.tsv", |text| text.starts_with(b"\xEF\xBB\xBF"));
}

#[test]
fn data_with_three_fields() {
    let text = fs::read(data("three-fields.tsv")).unwrap();
    let (counts, malformed) = oracle(V2, &text);
    let first = malformed.first().expect("data/three-fields.tsv has a malformed line");
    let file = data("three-fields.tsv").into_os_string().into_string().unwrap();
    let place = format!("{file}:{first}: expected 4 fields (ngram, year, match_count, volume_count), found 3");
    Scratch::new().run([&file]).fails(&place);
    let ran = Scratch::new().run([&file, "--skip-malformed"]);
    let lines = if malformed.len() == 1 { "line" } else { "lines" };
    ran.exits(0).writes(tsv(&counts));
    ran.says(&format!("ngram-count: left out {} malformed {lines}; the first is {place}\n", malformed.len()));
}

#[test]
fn data_in_googles_layout() {
    let text = fs::read(data("sample-v2.tsv")).unwrap();
    let (counts, malformed) = oracle(V2, &text);
    assert_eq!(malformed, [0_u64; 0]);
    assert!(has(&text, b"Aardvark\t1822\t2\t1\nAardvark\t1824\t3\t1\nAardvark\t1827\t10\t7\n"));
    let aardvark = format!("Aardvark\t{}\n", counts[&b"Aardvark"[..]]);
    for name in ["sample-v2.tsv", "sample-v2.tsv.gz"] {
        let file = data(name).into_os_string().into_string().unwrap();
        Scratch::new().run([&file]).gives(tsv(&counts));
        Scratch::new().run([&file, "--word", "Aardvark"]).gives(&aardvark);
    }
    assert!(fs::read(data("sample-v2.tsv.gz")).unwrap().starts_with(b"\x1F\x8B\x08"));
}

#[test]
fn the_oracle_is_right_about_a_small_input() {
    let (counts, malformed) = oracle(V2, b"\xEF\xBB\xBFa\t1\t2\t1\r\n\nb\t1\t1\na\t001\t03\t0\na\t1\t-1\t1\na\t\t1\t1");
    assert_eq!((tsv(&counts), malformed), (b"a\t5\n".to_vec(), vec![3, 5, 6]));
    let (counts, malformed) = oracle(COUNTS, b"a\t1\nb\t7\nc\nd\t18446744073709551616\n\t7\na\t9");
    assert_eq!((tsv(&counts), malformed), (b"a\t10\n\t7\nb\t7\n".to_vec(), vec![3, 4]));
}
