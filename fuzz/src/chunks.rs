//! Chunks, threads and readers of any step change nothing: not the result, not the statistics, not the error.

use std::num::NonZeroUsize;

use ngram_count::write::OutputFormat;
use ngram_count::{Encoding, Error, Job, Outcome, Spelling, Tokens, Years};

use crate::plan::{Plan, written};

/// See the [crate's table](crate).
pub fn check(data: &[u8]) {
    // Here the text may begin with anything.
    let Some((plan, text)) = Plan::of(data) else { return };
    let [cut, simple] = [plan, Plan::SIMPLE].map(|way| told(way.run(job(&plan), [way.input(text)])));
    assert_eq!(cut, simple);
}

fn job(plan: &Plan) -> Job {
    let mut job = Job::new().by(plan.by).skip_malformed(plan.skip_malformed);
    if plan.flags & 1 != 0 {
        job = job.format(plan.format);
    }
    job = match plan.flags >> 1 & 7 {
        1 => job.tokens(Tokens::Unicode),
        2 => job.ngram(NonZeroUsize::new(2).expect("not zero")),
        3 => job.tokens(Tokens::Unicode).ngram(NonZeroUsize::new(3).expect("not zero")),
        4 => job.years(Years::new(1900, 1999).expect("years")),
        5 => job.ignore_case(Spelling::Lower),
        6 => job.ignore_case(Spelling::Commonest),
        7 => job.words(["a", "b"]),
        _ => job,
    };
    let encodings = ["auto", "auto", "none", "latin1", "utf-16le", "shift_jis", "gb18030", "utf-8"];
    let encoding: Encoding = encodings[usize::from(plan.flags >> 4 & 7)].parse().expect("a label");
    job.encoding(encoding)
}

/// All that a run tells, but for its time.
fn told(result: Result<Outcome, Error>) -> Result<(Vec<u8>, String), String> {
    let outcome = result.map_err(|error| error.to_string())?;
    let inputs = serde_json::to_string(&outcome.stats.inputs).expect("statistics are JSON");
    Ok((written(&outcome, OutputFormat::Tsv), inputs))
}
