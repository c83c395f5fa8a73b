//! See [`ngram_count_fuzz::chunks`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ngram_count_fuzz::chunks::check(data));
