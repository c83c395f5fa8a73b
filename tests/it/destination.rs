//! Destinations of `--output` and of pictures: links, descriptors, and files that can't be replaced.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};

use crate::common::programs::{did_not_run, is_root};
use crate::common::{Scratch, counted, sample};

const ROWS: &[u8] = b"a\t1999\t5\t1\n";

fn scratch() -> Scratch {
    Scratch::with([("rows.tsv", ROWS), ("out.tsv", b"old\n")])
}

#[test]
fn a_descriptor_is_written_to_where_it_stands() {
    let scratch = scratch();
    fs::create_dir(scratch.path("links")).unwrap();
    symlink("/dev/fd/3", scratch.path("links/one")).unwrap();
    symlink("one", scratch.path("links/two")).unwrap();
    for name in ["/dev/fd/3", "/proc/self/fd/3", "/proc/thread-self/fd/3", "/proc/$$/fd/3", "links/one", "links/two"] {
        scratch.write("log", "before\n");
        scratch.shell(&format!("exec \"$0\" rows.tsv -o {name} 3>>log")).gives("");
        assert_eq!(scratch.read("log"), b"before\na\t5\n", "{name}");
        // Not of the shell, which is another process here.
        let name = name.replace("$$", "self");
        scratch.shell(&format!("{{ echo x >&3; \"$0\" rows.tsv -o {name}; echo y >&3; }} 3>log")).gives("");
        assert_eq!(scratch.read("log"), b"x\na\t5\ny\n", "{name}");
    }
    scratch.write("log", "before\n");
    scratch.shell("exec \"$0\" rows.tsv -o /dev/stderr 2>>log").gives("");
    scratch.shell("exec \"$0\" plot rows.tsv -w a --data --svg /dev/fd/3 3>>log").exits(0);
    let log = String::from_utf8(scratch.read("log")).unwrap();
    assert!(log.starts_with("before\na\t5\n<svg ") && log.ends_with("</svg>\n"), "{log}");
    assert_eq!(scratch.names(), ["links", "log", "out.tsv", "rows.tsv"]);
}

#[test]
fn a_descriptor_that_is_not_open_is_an_error() {
    let scratch = scratch();
    // Those that the program opens itself are not meant.
    for number in 3..12 {
        let ran = scratch.run(["rows.tsv", "-o", &format!("/dev/fd/{number}")]);
        ran.fails(&format!("/dev/fd/{number}: is closed, or not open for writing"));
    }
    scratch.shell("exec \"$0\" rows.tsv -o /dev/fd/3 3<out.tsv").fails("/dev/fd/3: is closed, or not open for writing");
    assert_eq!(scratch.read("out.tsv"), b"old\n");
}

/// The shell holds the file open while the command runs.
#[test]
fn a_descriptor_of_another_process_is_appended_to() {
    let scratch = scratch();
    scratch.shell("exec 7>>out.tsv; \"$0\" rows.tsv -o /proc/$$/fd/7; exit $?").gives("");
    assert_eq!(scratch.read("out.tsv"), b"old\na\t5\n");
}

#[test]
fn links_are_followed_to_their_end() {
    let scratch = scratch();
    fs::create_dir(scratch.path("folder")).unwrap();
    symlink("folder/two", scratch.path("one")).unwrap();
    symlink("../three", scratch.path("folder/two")).unwrap();
    symlink(scratch.path("new.tsv"), scratch.path("three")).unwrap();
    for _ in 0..2 {
        // First there is nothing at the end, then a file.
        scratch.run(["rows.tsv", "-o", "one"]).gives("");
        assert_eq!(scratch.read("new.tsv"), b"a\t5\n");
    }
    assert_eq!(scratch.names(), ["folder", "new.tsv", "one", "out.tsv", "rows.tsv", "three"]);
    assert_eq!(fs::read_link(scratch.path("one")).unwrap().to_str(), Some("folder/two"));
}

#[test]
fn links_in_a_ring_or_to_nowhere_stay() {
    let scratch = scratch();
    symlink("ring2", scratch.path("ring1")).unwrap();
    symlink("ring1", scratch.path("ring2")).unwrap();
    symlink("self", scratch.path("self")).unwrap();
    symlink("no/folder/x", scratch.path("nowhere")).unwrap();
    symlink("out.tsv/x", scratch.path("beyond")).unwrap();
    let names = scratch.names();
    for (name, why) in [
        ("ring1", "Too many levels of symbolic links"),
        ("self", "Too many levels of symbolic links"),
        ("nowhere", "No such file or directory"),
        ("beyond", "Not a directory"),
        ("rows.tsv/.", "Not a directory"),
        ("./..", "is a directory"),
    ] {
        for options in [&["rows.tsv", "-o"][..], &["plot", "rows.tsv", "-w", "a", "--png"]] {
            scratch.run(options.iter().chain(&[name])).fails(&format!("{name}: {why}"));
        }
    }
    assert_eq!(scratch.names(), names);
    assert!(fs::symlink_metadata(scratch.path("ring1")).unwrap().is_symlink());
}

/// In a folder such as `/tmp`, another user's link may lead anywhere. The kernel does not follow such a link, nor do
/// we.
#[test]
fn links_of_others_in_a_shared_folder_are_not_followed() {
    if !is_root() || fs::read_to_string("/proc/sys/fs/protected_symlinks").is_ok_and(|rule| rule.trim() == "0") {
        did_not_run("only root makes links of others, and the kernel must refuse to follow them");
        return;
    }
    let scratch = scratch();
    fs::create_dir(scratch.path("shared")).unwrap();
    fs::set_permissions(scratch.path("shared"), Permissions::from_mode(0o1777)).unwrap();
    for (name, to) in [("there", "../out.tsv"), ("missing", "../new.tsv")] {
        let link = scratch.path("shared").join(name);
        symlink(to, &link).unwrap();
        std::os::unix::fs::lchown(&link, Some(12345), None).unwrap();
        let name = format!("shared/{name}");
        scratch.run(["rows.tsv", "-o", &name]).fails(&format!("{name}: Permission denied"));
    }
    assert_eq!((scratch.read("out.tsv"), scratch.names().len()), (b"old\n".to_vec(), 3));
}

#[test]
fn owner_group_and_mode_stay() {
    let scratch = scratch();
    if is_root() {
        chown(scratch.path("out.tsv"), Some(1234), Some(2345)).unwrap();
    }
    let before = fs::metadata(scratch.path("out.tsv")).unwrap();
    for bits in [0o600, 0o4755, 0o2664, 0o606] {
        fs::set_permissions(scratch.path("out.tsv"), Permissions::from_mode(bits)).unwrap();
        scratch.run(["rows.tsv", "-o", "out.tsv"]).gives("");
        let now = fs::metadata(scratch.path("out.tsv")).unwrap();
        assert_eq!((now.uid(), now.gid(), now.mode() & 0o7777), (before.uid(), before.gid(), bits));
    }
}

#[test]
fn what_replaces_a_private_file_is_never_readable_by_others() {
    let scratch = scratch();
    fs::set_permissions(scratch.path("out.tsv"), Permissions::from_mode(0o600)).unwrap();
    let line = "umask 0; mkfifo in; \"$0\" in -o out.tsv & exec 9>in; sleep 0.3; \
                for fd in /proc/$!/fd/*; do stat -Lc '%a %F' $fd | grep 'regular' ; done; exec 9>&-; wait";
    let ran = scratch.shell(line);
    assert_eq!(String::from_utf8_lossy(ran.exits(0).stdout()), "600 regular empty file\n", "{ran}");
}

#[test]
fn a_file_that_is_read_only_is_not_replaced() {
    let scratch = scratch();
    fs::set_permissions(scratch.path("out.tsv"), Permissions::from_mode(0o444)).unwrap();
    let why = "out.tsv: is read-only; make it writable (chmod u+w), or name another file";
    for options in [
        &["nope.tsv", "-o"][..],
        &["plot", "nope.tsv", "-w", "a", "--svg"],
        &["plot", "nope.tsv", "-w", "a", "--png"],
        &["bench", "rows.tsv", "--export-csv"],
    ] {
        scratch.run(options.iter().chain(&["out.tsv"])).fails(why);
    }
    assert_eq!(scratch.read("out.tsv"), b"old\n");
}

#[test]
fn a_large_result_goes_through_a_descriptor_whole() {
    let scratch = Scratch::with([("rows.tsv", &sample(10_000)[..])]);
    File::create(scratch.path("log")).unwrap();
    scratch.shell("exec \"$0\" rows.tsv -o /dev/fd/5 5>log").gives("");
    assert_eq!(scratch.read("log"), counted(&sample(10_000)));
}
