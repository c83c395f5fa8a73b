//! CSV results of this program, counted again.

use crate::common::{COMPRESSIONS, Scratch, gzip, sample, ways_to_cut};
use proptest::prelude::*;

#[test]
fn counts_and_years_are_counted_again() {
    for (options, format) in [(&[][..], "counts"), (&["--by", "year"], "v2")] {
        let scratch = Scratch::with([("rows", &sample(2000)[..])]);
        let arguments = |more: &[&'static str]| [options, more].concat();
        let tsv = scratch.run(arguments(&["rows"]));
        let csv = scratch.run(arguments(&["-f", "csv", "rows"]));
        let csv = csv.exits(0).stdout();
        scratch.write("a.csv", csv);
        scratch.write("mark.csv", [b"\xEF\xBB\xBF", csv].concat());
        scratch.write("lf.csv", String::from_utf8(csv.to_vec()).unwrap().replace("\r\n", "\n"));
        for (name, compress) in COMPRESSIONS {
            scratch.write(name, compress(csv));
        }

        for file in ["a.csv", "mark.csv", "lf.csv"].into_iter().chain(COMPRESSIONS.map(|(name, _)| name)) {
            for cut in ways_to_cut() {
                scratch.run(arguments(&cut).into_iter().chain([file])).gives(tsv.stdout());
            }
            scratch.run(arguments(&["-i", format, file])).gives(tsv.stdout());
            scratch.run(arguments(&["-f", "csv", file])).gives(csv);
        }
        scratch.pipe(csv, options).gives(tsv.stdout());
        scratch.shell(&format!("\"$0\" {} < a.csv", options.join(" "))).gives(tsv.stdout());
        scratch
            .run(["a.csv", "-w", "x\"y", "-w", "naïve"])
            .gives(scratch.run(["rows", "-w", "x\"y", "-w", "naïve"]).stdout());
        let ran = scratch.run(["a.csv", "--stats", "json"]);
        let stats: serde_json::Value = serde_json::from_str(&ran.exits(0).stderr()).unwrap();
        assert_eq!((&stats["inputs"][0]["format"], &stats["bytes"]), (&format.into(), &csv.len().into()));
    }
    Scratch::new().pipe(b"word,count\r\n", [""; 0]).gives("");
    Scratch::new().pipe(b"word,count\na,5\n", ["-i", "text"]).gives("a,5\t1\nword,count\t1\n");
}

#[test]
fn what_is_wrong_in_it_is_told_with_its_line() {
    let run = |csv: &str| {
        let scratch = Scratch::with([("a.csv", csv.as_bytes()), ("a.gz", &gzip(csv.as_bytes()))]);
        scratch.run(["a.csv", "--chunk-size", "3"])
    };
    let fields = "expected 2 fields (ngram, count), found";
    run("word,count\r\na,5\r\n\r\nb\r\n").fails(&format!("a.csv:4: {fields} 1"));
    run("word,count\na,5\nb,6,7\n").fails(&format!("a.csv:3: {fields} 3"));
    run("word,count\na,x\n").fails("a.csv:2: expected count to be a whole number, found \"x\"");
    run("word,year,count,volumes\na,1,2\n")
        .fails("a.csv:2: expected 4 fields (ngram, year, match_count, volume_count), found 3");
    run("word,count\na,5\n\"b\tc\",6\n").fails("a.csv: line 3: a field holds a TAB, which no ngram can");
    run("word,count\na,5\n\"b\nc\",6\n").fails("a.csv: line 3: a field has no quote at its end, or holds a line end");
    let derived = "is CSV of this program with columns that can't be counted again; that can be done with word,count and \
                   with word,year,count,volumes";
    run("word,count,share\r\na,5,1.0\r\n").fails(&format!("a.csv: {derived}"));
    let scratch = Scratch::with([("a.csv", &b"word,count\na,5\nb,x\n\"c\"\"d\",6\n\"e\nf\",7\n"[..])]);
    let ran = scratch.run(["a.csv", "--keep-going", "--skip-malformed"]);
    ran.exits(2).writes("c\"d\t6\na\t5\n");
    assert!(ran.stderr().starts_with("ngram-count: a.csv: line 5: a field has no quote at its end"), "{ran}");
}

/// A word without a TAB and an LF, with all that CSV treats in a way of its own.
fn word() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop::sample::select(b"ab\",,\r\\' \xFF\xC3\xA9=;#".to_vec());
    prop::collection::vec(byte, 0..8)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn csv_counted_again_is_the_same(
        words in prop::collection::btree_map(word(), 1_u64..1000, 0..20), cut in any::<prop::sample::Index>(), sort in 0_usize..2,
    ) {
        let lines: Vec<u8> =
            words.iter().flat_map(|(word, count)| [word, format!("\t{count}\n").as_bytes()].concat()).collect();
        let scratch = Scratch::new();
        let options = ["-f", "csv", "--sort", ["count", "word"][sort]];
        let first = scratch.pipe(&lines, ["-i", "counts"].iter().chain(&options));
        let cut = *cut.get(&ways_to_cut().collect::<Vec<_>>());
        let again = scratch.pipe(first.exits(0).stdout(), options.iter().chain(&cut));
        again.gives(first.stdout());
    }
}
