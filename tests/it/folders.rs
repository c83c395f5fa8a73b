//! Folders and file systems in which a file can't be replaced, or which are full: mostly an error before the count.
//! Tests that need more rights do not run.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use crate::common::programs::{did_not_run, is_root};
use crate::common::{PROGRAM, Ran, Scratch};
use rustix::fs::XattrFlags;

fn scratch() -> Scratch {
    Scratch::with([("rows.tsv", &b"a\t1999\t5\t1\n"[..]), ("out.tsv", b"old\n")])
}

/// Runs a line of shell in a mount namespace, or as another user; `None` if the system does not permit it.
fn apart(scratch: &Scratch, apart: &[&str], line: &str) -> Option<Ran> {
    let is_allowed =
        Command::new(apart[0]).args(&apart[1..]).arg("true").output().is_ok_and(|ran| ran.status.success());
    if !is_allowed {
        did_not_run(&format!("{} is not allowed here", apart.join(" ")));
    }
    let mut command = scratch.command(apart[0]);
    is_allowed.then(|| Ran::of(command.args(&apart[1..]).args(["sh", "-c", line, PROGRAM]), None))
}

#[test]
fn a_file_that_is_mounted_by_itself_is_told_before_the_count() {
    let scratch = scratch();
    let line = "mount --bind rows.tsv out.tsv && exec \"$0\" nope.tsv -o out.tsv";
    if let Some(ran) = apart(&scratch, &["unshare", "--mount"], line) {
        ran.fails(
            "out.tsv: is mounted by itself (a bind mount), so that it can't be replaced; write to it with > FILE",
        );
    }
}

#[test]
fn a_folder_that_cannot_be_changed_is_told_before_the_count() {
    let scratch = scratch();
    fs::create_dir(scratch.path("folder")).unwrap();
    fs::copy(scratch.path("out.tsv"), scratch.path("folder/out.tsv")).unwrap();
    let set = |name: &str, mode| fs::set_permissions(scratch.path(name), Permissions::from_mode(mode)).unwrap();
    set("folder/out.tsv", 0o666);
    set("folder", 0o555);
    set(".", 0o755);
    let other: &[&str] =
        if is_root() { &["setpriv", "--reuid=12345", "--regid=12345", "--clear-groups"] } else { &["env"] };
    let why = "can be written to, but not replaced, as its folder can't be changed; write to it with > FILE, or name a \
               file in another folder";
    // The program may lie where another user can't go.
    let program = scratch.path("ngram-count");
    fs::copy(PROGRAM, &program).unwrap();
    let run = |line: &str| apart(&scratch, other, &format!("exec ./ngram-count {line}"));
    if let Some(ran) = run("nope.tsv -o folder/out.tsv") {
        ran.fails(&format!("folder/out.tsv: {why}"));
        run("nope.tsv -o folder/new.tsv").unwrap().fails("folder/new.tsv: Permission denied");
        set("folder", 0o1777);
        if is_root() {
            run("nope.tsv -o folder/out.tsv").unwrap().fails(&format!("folder/out.tsv: {why}"));
        }
        set("folder/out.tsv", 0o644);
        if is_root() {
            run("nope.tsv -o folder/out.tsv").unwrap().fails("folder/out.tsv: Permission denied");
        }
    }
    set("folder", 0o755);
}

#[test]
fn a_file_that_cannot_be_changed_is_told_before_the_count() {
    let scratch = scratch();
    let chattr = |how: &str, name: &str| {
        let ran = Command::new("chattr").args([how, name]).current_dir(scratch.path(".")).output();
        ran.is_ok_and(|ran| ran.status.success())
    };
    let append = "can only be appended to (chattr +a), not replaced; append to it with >> FILE";
    let immutable = "can't be replaced: it or its folder is immutable (chattr +i); name another file";
    let folder = "can't be replaced: nothing can be removed from its folder (chattr +a); name another file";
    for (attribute, name, why) in [("a", "out.tsv", append), ("i", "out.tsv", immutable), ("a", ".", folder)] {
        if chattr(&format!("+{attribute}"), name) {
            let ran = scratch.run(["nope.tsv", "-o", "out.tsv"]);
            assert!(chattr(&format!("-{attribute}"), name));
            ran.fails(&format!("out.tsv: {why}"));
        } else {
            did_not_run(&format!("chattr +{attribute} is not possible here"));
        }
    }
}

#[test]
fn a_disk_that_is_full_leaves_the_old_file() {
    let scratch = scratch();
    let rows: String = (0..50_000).map(|n| format!("word{n}\t1999\t1\t1\n")).collect();
    scratch.write("rows.tsv", rows);
    fs::create_dir(scratch.path("disk")).unwrap();
    let line = "mount -t tmpfs -o size=64k none disk && echo old >disk/out.tsv && \"$0\" rows.tsv -o disk/out.tsv; \
                echo $?; cat disk/out.tsv; ls -A disk";
    if let Some(ran) = apart(&scratch, &["unshare", "--mount"], line) {
        ran.writes("2\nold\nout.tsv\n").says("ngram-count: disk/out.tsv: No space left on device\n");
    }
}

#[test]
fn the_access_list_stays() {
    const ATTRIBUTE: &str = "system.posix_acl_access";
    let scratch = scratch();
    // Of the owner, user 1000, the group, the mask, and others: the mode shows the mask in place of the group.
    let entries: [(u16, u16, u32); 5] = [(1, 6, !0), (2, 6, 1000), (4, 0, !0), (16, 6, !0), (32, 0, !0)];
    let mut list = 2_u32.to_le_bytes().to_vec();
    for (tag, bits, id) in entries {
        list.extend([&tag.to_le_bytes()[..], &bits.to_le_bytes(), &id.to_le_bytes()].concat());
    }
    if let Err(why) = rustix::fs::setxattr(scratch.path("out.tsv"), ATTRIBUTE, &list, XattrFlags::empty()) {
        did_not_run(&format!("the file system has no access lists ({why})"));
        return;
    }
    scratch.run(["rows.tsv", "-o", "out.tsv"]).gives("");
    let mut found = [0_u8; 100];
    let len = rustix::fs::getxattr(scratch.path("out.tsv"), ATTRIBUTE, &mut found).unwrap();
    assert_eq!((&found[..len], scratch.read("out.tsv")), (&list[..], b"a\t5\n".to_vec()));
}
