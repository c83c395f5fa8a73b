//! The laws of `properties.rs` for mapped plain files, as the command reads them.

#[path = "it/common/mod.rs"]
mod common;

use common::rows::{Stored, any_bytes, cut, format, well_formed, with_malformed};
use common::{damage, laws};
use ngram_count::mmap;
use proptest::prelude::*;

proptest! {
    #![proptest_config(laws::config())]

    #[test]
    fn counts_are_the_oracles(rows in well_formed(), cut in cut()) {
        mmap::enable().unwrap();
        laws::counts_as_the_oracle(&rows, &Stored::Plain, cut)?;
    }

    #[test]
    fn words_have_the_oracles_counts(rows in well_formed(), cut in cut()) {
        mmap::enable().unwrap();
        laws::looks_up_as_the_oracle(&rows, &Stored::Plain, cut)?;
    }

    #[test]
    fn the_first_malformed_line_is_found(rows in with_malformed(), cut in cut()) {
        mmap::enable().unwrap();
        laws::finds_the_first_malformed_line(&rows, &Stored::Plain, cut)?;
    }

    #[test]
    fn any_bytes_are_counted_or_refused(bytes in any_bytes(), format in format(), cut in cut()) {
        mmap::enable().unwrap();
        laws::finds_the_first_malformed_line(&(format, bytes), &Stored::Plain, cut)?;
    }

    #[test]
    fn a_damaged_line_is_malformed_in_every_path(text in damage::text(), cut in cut()) {
        mmap::enable().unwrap();
        damage::is_found_in_every_path(&text, &Stored::Plain, cut)?;
    }
}
