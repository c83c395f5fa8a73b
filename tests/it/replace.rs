//! `--output`: the command replaces the file in one step at the end, or leaves it unchanged.

use std::fs::{self, File, Permissions};
use std::io::{Read, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::thread;

use crate::common::{Scratch, counted, sample};

const ROWS: &[u8] = b"a\t1999\t5\t1\n";

fn scratch() -> Scratch {
    Scratch::with([("rows.tsv", ROWS), ("out.tsv", b"old\n")])
}

fn mode(scratch: &Scratch, name: &str) -> u32 {
    fs::metadata(scratch.path(name)).unwrap().mode() & 0o7777
}

#[test]
fn a_new_file_is_made_and_an_old_one_replaced() {
    let scratch = scratch();
    scratch.run(["rows.tsv", "-o", "new.tsv"]).gives("");
    scratch.run(["rows.tsv", "--output", "out.tsv"]).gives("");
    assert_eq!([scratch.read("new.tsv"), scratch.read("out.tsv")], [b"a\t5\n", b"a\t5\n"]);
    assert_eq!(scratch.names(), ["new.tsv", "out.tsv", "rows.tsv"]);
}

#[test]
fn an_old_file_is_replaced_and_not_written_over() {
    let scratch = scratch();
    let mut old = File::open(scratch.path("out.tsv")).unwrap();
    scratch.run(["rows.tsv", "-o", "out.tsv"]).gives("");
    let mut content = String::new();
    old.read_to_string(&mut content).unwrap();
    assert_eq!(content, "old\n", "who has the old file open still sees all of it");
}

#[test]
fn a_file_can_be_input_and_output() {
    let scratch = scratch();
    scratch.run(["rows.tsv", "-o", "rows.tsv"]).gives("");
    scratch.run(["rows.tsv", "rows.tsv", "-o", "rows.tsv"]).gives("");
    assert_eq!(scratch.read("rows.tsv"), b"a\t10\n");
}

#[test]
fn words_that_do_not_occur_are_written_too() {
    let scratch = scratch();
    scratch.run(["rows.tsv", "-o", "out.tsv", "-w", "b"]).exits(1).writes("").says("");
    assert_eq!(scratch.read("out.tsv"), b"b\t0\n");
}

#[test]
fn the_old_files_permissions_are_kept() {
    for bits in [0o600, 0o640, 0o755, 0o666] {
        let scratch = scratch();
        fs::set_permissions(scratch.path("out.tsv"), Permissions::from_mode(bits)).unwrap();
        scratch.run(["rows.tsv", "-o", "out.tsv"]).gives("");
        assert_eq!((mode(&scratch, "out.tsv"), scratch.read("out.tsv")), (bits, b"a\t5\n".to_vec()));
    }
}

#[test]
fn a_new_file_has_the_permissions_that_the_umask_leaves() {
    for (mask, bits) in [("022", 0o644), ("027", 0o640), ("077", 0o600)] {
        let scratch = scratch();
        scratch.shell(&format!("umask {mask}; \"$0\" rows.tsv -o new.tsv")).gives("");
        assert_eq!(mode(&scratch, "new.tsv"), bits);
    }
}

#[test]
fn what_a_link_leads_to_is_replaced_and_the_link_stays() {
    let scratch = scratch();
    fs::create_dir(scratch.path("folder")).unwrap();
    fs::rename(scratch.path("out.tsv"), scratch.path("folder/target.tsv")).unwrap();
    symlink("folder/target.tsv", scratch.path("link.tsv")).unwrap();
    scratch.run(["rows.tsv", "-o", "link.tsv"]).gives("");
    assert_eq!(scratch.read("folder/target.tsv"), b"a\t5\n");
    assert!(fs::symlink_metadata(scratch.path("link.tsv")).unwrap().is_symlink());
    assert_eq!(fs::read_dir(scratch.path("folder")).unwrap().count(), 1);
}

#[test]
fn after_an_error_the_old_file_is_there_and_nothing_else() {
    let scratch = scratch();
    scratch.write("bad.tsv", "a\tb\n");
    let names = scratch.names();
    let fields = "expected 4 fields (ngram, year, match_count, volume_count), found 2";
    let doubt = "the input was taken for v2: name its format with -i";
    scratch.run(["rows.tsv", "bad.tsv", "-o", "out.tsv"]).fails(&format!("bad.tsv:1: {fields}; {doubt}"));
    scratch.run(["nope.tsv", "-o", "out.tsv"]).fails("nope.tsv: No such file or directory");
    scratch.run(["nope.tsv", "-o", "new.tsv"]).fails("nope.tsv: No such file or directory");
    assert_eq!((scratch.read("out.tsv"), scratch.names()), (b"old\n".to_vec(), names));
}

#[test]
fn a_place_that_cannot_be_written_to_is_told_before_the_input_is_read() {
    let scratch = scratch();
    scratch.write("bad.tsv", "a\n");
    scratch.run(["bad.tsv", "-o", "no/such/folder/out.tsv"]).fails("no/such/folder/out.tsv: No such file or directory");
    scratch.run(["bad.tsv", "-o", "out.tsv/new.tsv"]).fails("out.tsv/new.tsv: Not a directory");
    scratch.run(["bad.tsv", "-o", "."]).fails(".: is a directory");
}

#[test]
fn a_full_disk() {
    let scratch = scratch();
    scratch.run(["rows.tsv", "-o", "/dev/full"]).fails("/dev/full: No space left on device");
    scratch.shell("exec \"$0\" rows.tsv >/dev/full").fails("standard output: No space left on device");
}

/// A limit of file sizes simulates a disk that fills up during the writing of the new file.
#[test]
fn a_disk_that_fills_up_leaves_the_old_file_whole() {
    let scratch = scratch();
    let rows: String = (0..5000).map(|n| format!("word{n}\t1999\t1\t1\n")).collect();
    scratch.write("many.tsv", rows);
    let names = scratch.names();
    let ran = scratch.shell("trap '' XFSZ; ulimit -f 8; exec \"$0\" many.tsv -o out.tsv");
    ran.fails("out.tsv: would be larger than the file system, or the limit on files (ulimit -f), allows");
    assert_eq!((scratch.read("out.tsv"), scratch.names()), (b"old\n".to_vec(), names));
    scratch.run(["many.tsv", "-o", "out.tsv"]).gives("");
    assert_eq!(scratch.read("out.tsv").split(|&byte| byte == b'\n').count(), 5001);
}

#[test]
fn a_pipe_is_written_to_directly() {
    let scratch = scratch();
    let fifo = scratch.fifo("pipe");
    let content = thread::scope(|scope| {
        let reader = scope.spawn(|| fs::read(&fifo).unwrap());
        scratch.run(["rows.tsv", "-o", "pipe"]).gives("");
        reader.join().unwrap()
    });
    assert_eq!(content, b"a\t5\n");
    scratch.run(["rows.tsv", "-o", "/dev/stdout"]).gives("a\t5\n");
    scratch.run(["rows.tsv", "-o", "/dev/null"]).gives("");
}

#[test]
fn with_an_input_left_out_the_file_is_replaced_by_what_could_be_counted() {
    let scratch = scratch();
    let ran = scratch.run(["./nope", "rows.tsv", "--keep-going", "-o", "out.tsv"]);
    ran.exits(2).writes("").says("ngram-count: ./nope: No such file or directory\n");
    assert_eq!(scratch.read("out.tsv"), b"a\t5\n");
}

#[test]
fn a_large_result_is_written_whole() {
    let mut text = sample(1000);
    for number in 0..40_000 {
        writeln!(text, "word{number}\t1999\t{}\t1", number % 1000).unwrap();
    }
    let scratch = Scratch::with([("rows.tsv", &text[..])]);
    for threads in ["1", "2", "8"] {
        scratch.run(["rows.tsv", "-o", "out.tsv", "--threads", threads]).gives("");
        assert!(scratch.read("out.tsv") == counted(&text), "with {threads} threads");
    }
}

#[test]
fn standard_output_has_its_names() {
    let scratch = Scratch::with([("rows.tsv", &sample(100)[..])]);
    for name in ["-", "/dev/stdout", "/dev/fd/1"] {
        let line = format!("{{ echo before; \"$0\" rows.tsv -o {name}; echo behind; }} > out.tsv");
        scratch.shell(&line).gives("");
        assert_eq!(scratch.read("out.tsv"), [b"before\n", &counted(&sample(100))[..], b"behind\n"].concat(), "{name}");
    }
    assert_eq!(scratch.names(), ["out.tsv", "rows.tsv"]);
}

#[test]
fn a_folder_that_is_not_there_is_no_file() {
    let scratch = Scratch::with([("bad.tsv", &b"x\n"[..])]);
    // Known before the input, which is malformed, is looked at.
    scratch.run(["bad.tsv", "-o", "new/"]).fails("new/: is a directory");
}
