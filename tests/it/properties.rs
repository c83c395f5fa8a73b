//! For all inputs, chunk sizes, numbers of threads, and ways to store a text: the result is the naive oracle's.
//!
//! Most of these tests use the library, which reads plain files by position; `mapped.rs` has the same tests for mapped
//! files.

use std::num::NonZeroUsize;

use crate::common::rows::{any_bytes, cut, format, members, shape, stored, well_formed, with_malformed};
use crate::common::{Scratch, gzip, oracle, tsv};
use crate::common::{damage, laws};
use ngram_count::{Error, Format, Job, Sort};
use proptest::prelude::*;

proptest! {
    #![proptest_config(laws::config())]

    #[test]
    fn counts_are_the_oracles(rows in well_formed(), stored in stored(), cut in cut()) {
        laws::counts_as_the_oracle(&rows, &stored, cut)?;
    }

    #[test]
    fn words_have_the_oracles_counts(rows in well_formed(), stored in stored(), cut in cut()) {
        laws::looks_up_as_the_oracle(&rows, &stored, cut)?;
    }

    #[test]
    fn selections_are_the_oracles(
        rows in well_formed(),
        top in prop::option::of(0_usize..12),
        min_count in prop_oneof![Just(0_u64), 0_u64..50],
        max_count in prop_oneof![3 => Just(None), 1 => (0_u64..100).prop_map(Some)],
        sort in prop::option::of(prop::sample::select(vec![Sort::Count, Sort::Word, Sort::None])),
        asked in any::<bool>(),
        cut in cut(),
    ) {
        laws::selects_as_the_oracle(&rows, (top, (min_count, max_count), sort, asked), cut)?;
    }

    #[test]
    fn the_first_malformed_line_is_found(rows in with_malformed(), stored in stored(), cut in cut()) {
        laws::finds_the_first_malformed_line(&rows, &stored, cut)?;
    }

    #[test]
    fn any_bytes_are_counted_or_refused(bytes in any_bytes(), format in format(), stored in stored(), cut in cut()) {
        laws::finds_the_first_malformed_line(&(format, bytes), &stored, cut)?;
    }

    #[test]
    fn a_damaged_line_is_malformed_in_every_path(text in damage::text(), stored in stored(), cut in cut()) {
        damage::is_found_in_every_path(&text, &stored, cut)?;
    }

    #[test]
    fn counts_of_parts_make_the_count_of_all(
        rows in well_formed(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
        stored in stored(),
        cut in cut(),
    ) {
        laws::counts_of_parts_make_the_count_of_all(&rows, &cuts, &stored, cut)?;
    }

    #[test]
    fn the_order_of_several_inputs_tells_which_malformed_line_is_first(
        texts in prop::collection::vec(with_malformed(), 1..5), (threads, size) in cut(),
    ) {
        let scratch = Scratch::new();
        let mut job = Job::new().format(Format::V2).threads(NonZeroUsize::new(threads).unwrap());
        for (number, (_, text)) in texts.iter().enumerate() {
            let name = number.to_string();
            // Every other one is a stream.
            scratch.write(&name, if number % 2 == 0 { text.clone() } else { members(text, &[], gzip) });
            job = job.input(scratch.path(&name));
        }
        let first = texts.iter().enumerate().find_map(|(number, (_, text))| {
            let line = *oracle(shape(Format::V2), text).1.first()?;
            Some((scratch.path(number.to_string()).into_os_string().into_string().unwrap(), line))
        });
        match (job.chunk_size(NonZeroUsize::new(size).unwrap()).run(), first) {
            (Ok(_), None) => {}
            (Err(Error::Malformed { input, line, .. }), Some(first)) => prop_assert_eq!((input, line), first),
            (result, first) => prop_assert!(false, "{result:?}, but the first malformed line is {first:?}"),
        }
    }
}

proptest! {
    #![proptest_config(laws::config_of_processes())]

    #[test]
    fn the_command_does_as_the_oracle(
        (format, text) in with_malformed(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..4),
        (threads, size) in cut(),
    ) {
        let (counts, malformed) = oracle(shape(format), &text);
        let compressed = members(&text, &cuts, gzip);
        let scratch = Scratch::with([("rows.tsv", &text[..]), ("rows.gz", &compressed)]);
        let options = ["-i".into(), format.to_string(), format!("-j{threads}"), format!("--chunk-size={size}")];
        let [file, gz] = ["rows.tsv", "rows.gz"].map(|name| (name, options.iter().cloned().chain([name.to_owned()])));
        let ran = [
            (file.0, scratch.run(file.1)),
            (gz.0, scratch.run(gz.1)),
            ("standard input", scratch.pipe(&text, &options)),
            ("standard input", scratch.pipe(&compressed, &options)),
        ];
        for (name, ran) in ran {
            if let Some(first) = malformed.first() {
                ran.exits(2).writes("");
                prop_assert!(ran.stderr().starts_with(&format!("ngram-count: {name}:{first}: expected ")), "{ran}");
            } else {
                ran.gives(tsv(&counts));
            }
        }
        let skipping = options.iter().map(String::as_str).chain(["rows.tsv", "--skip-malformed", "--quiet"]);
        scratch.run(skipping).gives(tsv(&counts));
    }
}
