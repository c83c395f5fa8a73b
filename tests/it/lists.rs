//! Files to count that folders and lists name.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};

use crate::common::Scratch;
use crate::common::programs::is_root;

/// A folder with files in folders, and what is none: its files are those with one of the words a to e.
fn corpus() -> Scratch {
    let scratch = Scratch::new();
    for folder in ["corpus/10", "corpus/9", "corpus/.git", "corpus/empty"] {
        fs::create_dir_all(scratch.path(folder)).unwrap();
    }
    for (name, text) in
        [("10/z.txt", "a"), ("9/a.txt", "b"), ("9.txt", "c"), ("-", "d"), (".git/HEAD", "no"), (".DS_Store", "\0")]
    {
        scratch.write(&format!("corpus/{name}"), text);
    }
    scratch.write("beside.txt", "e");
    symlink("../beside.txt", scratch.path("corpus/link")).unwrap();
    symlink(".", scratch.path("corpus/9/loop")).unwrap();
    scratch.fifo("corpus/fifo");
    scratch
}

#[test]
fn a_folder_stands_for_its_files() {
    let corpus = corpus();
    for folder in ["corpus", "corpus/", "./corpus", "corpus/.git/.."] {
        corpus.run([folder, "-j2"]).gives("a\t1\nb\t1\nc\t1\nd\t1\ne\t1\n");
    }
    corpus.run(["corpus/9", "beside.txt", "corpus/9"]).gives("b\t2\ne\t1\n");
    corpus.run(["corpus/.git"]).gives("no\t1\n");
}

/// The first error tells which file comes first.
#[test]
fn files_of_a_folder_come_in_the_order_of_their_names() {
    let scratch = Scratch::new();
    fs::create_dir_all(scratch.path("x/b")).unwrap();
    for name in ["x/b/1", "x/b.1", "x/c"] {
        scratch.write(name, "\0");
    }
    let list = |scratch: &Scratch| -> Vec<String> {
        let messages = scratch.run(["x", "--keep-going"]).stderr();
        messages.lines().map(|line| line.split(": ").nth(1).unwrap().to_owned()).collect()
    };
    assert_eq!(list(&scratch), ["x/b/1", "x/b.1", "x/c"]);
    scratch.write("x/a", "\0");
    assert_eq!(list(&scratch), ["x/a", "x/b/1", "x/b.1", "x/c"]);
}

#[test]
fn a_folder_that_has_no_files_or_cannot_be_listed_is_an_error() {
    let scratch = Scratch::new();
    fs::create_dir(scratch.path("x")).unwrap();
    scratch.write("x/.hidden", "a");
    scratch.run(["x"]).fails("x: is a folder without files");
    symlink("nowhere", scratch.path("x/link")).unwrap();
    scratch.run(["x"]).fails("x/link: is a link to x/nowhere, which is not there");
    scratch.write("x/a", "a");
    let ran = scratch.run(["x", "--keep-going"]);
    ran.exits(2).writes("a\t1\n");
    if !is_root() {
        fs::create_dir(scratch.path("x/shut")).unwrap();
        fs::set_permissions(scratch.path("x/shut"), fs::Permissions::from_mode(0o0)).unwrap();
        scratch.run(["x", "--keep-going"]).fails("x/shut: Permission denied");
    }
}

#[test]
fn lists_name_files_and_folders() {
    let corpus = corpus();
    corpus.write("list", "corpus/9.txt\r\n\n./beside.txt\n");
    corpus.write("list0", "beside.txt\0corpus/9\0\0");
    corpus.run(["--files-from", "list"]).gives("c\t1\ne\t1\n");
    corpus.run(["--files0-from", "list0"]).gives("b\t1\ne\t1\n");
    corpus
        .run(["corpus/10", "--files0-from", "list0", "--files-from", "list", "--files-from", "list"])
        .gives("e\t3\nc\t2\na\t1\nb\t1\n");
    corpus.pipe(b"beside.txt", ["--files-from", "-"]).gives("e\t1\n");
    corpus.shell("find corpus -name '*.txt' -print0 | \"$0\" --files0-from -").gives("a\t1\nb\t1\nc\t1\n");
    corpus.shell("gzip list && \"$0\" --files-from list.gz").gives("c\t1\ne\t1\n");
}

/// Names are bytes: neither lists nor names are decoded.
#[test]
fn names_may_hold_any_bytes() {
    let scratch = Scratch::new();
    for name in [&b"line\nend"[..], b"\xFF\xE9"] {
        fs::write(scratch.path(std::ffi::OsStr::from_bytes(name)), "a").unwrap();
    }
    scratch.pipe(b"line\nend\0\xFF\xE9\0", ["--files0-from", "-", "--encoding", "latin1"]).gives("a\t2\n");
    scratch.pipe(b"\xFF\xE9\n", ["--files-from", "-"]).gives("a\t1\n");
    scratch.pipe(b"\xFF\xE9\0", ["--files-from", "-"]).fails(
        "standard input: holds a NUL byte, so it does not name a file in each line; --files0-from reads such a list",
    );
}

#[test]
fn a_list_that_cannot_be_used_is_an_error() {
    let scratch = Scratch::with([("list", &b"./nope\na\n"[..]), ("blank", b"\n\n"), ("a", b"a"), ("stdin", b"-\n")]);
    scratch.run(["--files-from", "missing"]).fails("missing: No such file or directory");
    scratch.run(["--files-from", "blank"]).fails("blank: names no files");
    scratch.pipe(b"", ["a", "--files0-from", "-"]).fails("standard input: names no files");
    scratch.run(["--files-from", "list"]).fails("./nope: No such file or directory");
    let ran = scratch.run(["--files-from", "list", "--keep-going"]);
    ran.exits(2).writes("a\t1\n");

    let twice = "standard input (-) is named twice, but can be read only once";
    scratch.pipe(b"b", ["--files-from", "stdin"]).gives("b\t1\n");
    let uses: [&[&str]; 4] =
        [&["--files-from", "-", "-"], &["--words-from", "-"], &["--exclude-from=-"], &["--totals=-"]];
    for others in uses {
        let arguments = [&["--files0-from", "-"], others].concat();
        scratch.pipe(b"stdin\0", &arguments).fails(twice);
        let arguments = [&["--files-from", "stdin"], others].concat();
        scratch.pipe(b"a\n", &arguments).fails(twice);
    }
}

#[test]
fn other_commands_take_folders_and_lists_too() {
    let scratch = Scratch::new();
    fs::create_dir(scratch.path("x")).unwrap();
    scratch.write("x/1.tsv", "a\t1999\t5\t1\n");
    scratch.write("list", "x/1.tsv\n");
    for files in [&["x"][..], &["--files-from", "list"], &["--files0-from", "list0"]] {
        scratch.write("list0", "x");
        let plot = [&["plot", "--data", "-w=a"], files].concat();
        scratch.run(&plot).gives("a\t1999\t5\n");
        let bench = [&["bench", "--quiet", "--runs=2", "--warmup=0", "-j1", "--chunk-sizes=1M"], files].concat();
        scratch.run(&bench).exits(0);
    }
    scratch.run(["bench", "-q"]).exits(2);
}
