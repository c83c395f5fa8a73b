//! Chunks, threads and readers of any step change nothing: not the result, not the statistics, not the error.

use std::num::NonZeroUsize;

use ngram_count::write::OutputFormat;
use ngram_count::{Encoding, Error, Job, Normalization, Outcome, Spelling, Tokens, Within, Years};

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
    let is_odd = plan.flags >> 7 == 1;
    let words = |number| NonZeroUsize::new(number).expect("not zero");
    job = match plan.flags >> 1 & 7 {
        1 if is_odd => job.token_regex(r"\w+|(?-u)[^a]").expect("an expression"),
        1 => job.tokens(Tokens::Unicode),
        2 if is_odd => job.ngrams(words(1)..=words(3)).within(Within::Paragraph),
        2 => job.ngram(words(2)),
        3 if is_odd => job.tokens(Tokens::Unicode).ngram(words(4)).within(Within::File),
        3 => job.tokens(Tokens::Unicode).ngram(words(3)),
        5 if is_odd => job.ignore_case(Spelling::Lower).normalize(Normalization::Nfkc),
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
