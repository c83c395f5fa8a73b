//! The URL of a table where the program is built without PostgreSQL: an error that says so, and no path.

use std::fs;

use crate::common::Scratch;

const WHY: &str = "is a table of PostgreSQL, and this program is built without PostgreSQL; build it with the feature \
                   postgres, as in: cargo install --path . --features postgres";

#[test]
fn a_url_is_an_error_that_says_how_to_build_the_program() {
    let scratch = Scratch::with([("rows.tsv", &b"a\t1999\t5\t1\n"[..])]);
    // Even where there is a folder of that name.
    for is_folder in [false, true] {
        if is_folder {
            fs::create_dir_all(scratch.path("postgres:/ann:secret@host")).unwrap();
        }
        let url = "postgres://ann:secret@host/db?table=counts";
        for arguments in [
            &[url][..],
            &[url, "--word", "a"],
            &["rows.tsv", "--words-from", url],
            &["plot", url, "-w", "a"],
            &["bench", url],
            &["rows.tsv", "-o", url],
            &["rows.tsv", "-f", "json", "-o", url],
            &["plot", "rows.tsv", "-w", "a", "--svg", url],
            &["bench", "rows.tsv", "--export-json", url],
        ] {
            let ran = scratch.run(arguments);
            ran.exits(2).writes("");
            assert_eq!(ran.stderr(), format!("ngram-count: postgres://...: {WHY}\n"), "{ran}");
        }
        let schemes = ["postgresql://host/db?table=t", "POSTGRES://host"];
        for url in schemes {
            let shown = url.split("//").next().unwrap();
            scratch.run([url]).fails(&format!("{shown}//...: {WHY}"));
        }
    }
    assert_eq!(scratch.names(), ["postgres:", "rows.tsv"]);
}
