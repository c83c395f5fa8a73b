//! Each format, with any chunks, threads and storage: the result is that of the naive reader.

use ngram_count::{By, Error, Job};

use crate::naive::read;
use crate::oracle::Expected;
use crate::plan::Plan;

/// See the [crate's table](crate).
pub fn check(data: &[u8]) {
    let Some((plan, text)) = Plan::with_text(data) else { return };
    let mut job = Job::new().format(plan.format).by(plan.by).skip_malformed(plan.skip_malformed);
    let mut expected = Expected::of(plan.format, plan.by, plan.skip_malformed, &text);
    if plan.flags & 1 != 0 {
        // Some of the words that occur. A search for up to three begins behind the first MiB; see `search`.
        let (rows, _) = read(plan.format, &text);
        let words: Vec<_> = rows.iter().step_by(3).take(5).map(|row| row.ngram.clone()).collect();
        expected = expected.keep(|ngram| words.iter().any(|word| word == ngram));
        job = job.words(words.clone()).each_word_once().min_count(0);
        if plan.by == By::Word {
            // A job lists the words that it asks for even if they are not there; these are.
            job = job.sort(ngram_count::Sort::Word);
        }
    }
    let result = plan.run(job, [plan.input(&text)]);
    if plan.by != By::Word && !plan.has_years() {
        assert!(matches!(result, Err(Error::NoYears { .. } | Error::Read { .. })), "{result:?}");
        return;
    }
    expected.compare(&result);
}
