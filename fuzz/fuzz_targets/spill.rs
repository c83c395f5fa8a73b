//! See [`ngram_count_fuzz::spill`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ngram_count_fuzz::spill::check(data));
