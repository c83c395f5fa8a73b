//! The law: the count of the whole is the count of the counts of its parts, as TSV and as CSV.

use ngram_count::write::OutputFormat;
use ngram_count::{By, Error, Format, Input, Job, Outcome};

use crate::plan::{Plan, written};

/// See the [crate's table](crate).
pub fn check(data: &[u8]) {
    let Some((mut plan, text)) = Plan::with_text(data) else { return };
    plan.skip_malformed = true;
    if !plan.has_years() {
        plan.by = By::Word;
    }
    let job = || Job::new().by(plan.by).skip_malformed(true);
    let whole = plan.run(job().format(plan.format), [plan.input(&text)]);

    let part_len = usize::from(plan.flags >> 1) + 1;
    let lines: Vec<&[u8]> = text.split_inclusive(|&byte| byte == b'\n').collect();
    let output = if plan.flags & 1 == 0 { OutputFormat::Tsv } else { OutputFormat::Csv };
    let mut parts = Vec::new();
    for part in lines.chunks(part_len) {
        let part = [b"\n", &part.concat()[..]].concat();
        match plan.run(job().format(plan.format), [plan.input(&part)]) {
            Ok(part) => parts.push(part_of(&part, output)),
            Err(error) => return is_forgiven(&error, whole.as_ref()),
        }
    }
    // The results of decades are years again, of which each is the first of its decade.
    let made = if plan.by == By::Word { Format::Counts } else { Format::V2 };
    let again = plan.run(job().format(made).skip_malformed(false), parts);
    match (&whole, &again) {
        (Ok(whole), Ok(again)) => {
            assert_eq!(written(again, OutputFormat::Tsv), written(whole, OutputFormat::Tsv));
        }
        (Err(whole), Err(again)) => assert_eq!(whole.to_string(), again.to_string()),
        _ => panic!("the whole: {whole:?}\nof its parts: {again:?}"),
    }
}

/// A result as an input. A blank line comes before TSV, as the first word may look like compressed data.
fn part_of(part: &Outcome, output: OutputFormat) -> Input {
    let text = written(part, output);
    let text = if output == OutputFormat::Tsv { [b"\n", &text[..]].concat() } else { text };
    Input::from_bytes("part", text)
}

/// Checks the error of a part: its sum is too large, as that of the whole is. The check for a tar archive, too, may
/// forgive a part: it sees the first bytes of each input.
fn is_forgiven(error: &Error, whole: Result<&Outcome, &Error>) {
    match error {
        Error::Overflow { .. } => assert!(matches!(whole, Err(Error::Overflow { .. })), "{whole:?}"),
        Error::Read { source, .. } if source.to_string().contains("tar archive") => {}
        error => panic!("a part: {error}"),
    }
}
