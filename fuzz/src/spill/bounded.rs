//! A bound of memory changes no byte of a result, and no error.

use std::fmt::Write as _;
use std::sync::LazyLock;

use ngram_count::write::{Column, OutputFormat, OutputOptions};
use ngram_count::{By, Error, Format, Job, Outcome, Sort, Spelling, Totals};

use crate::plan::{Plan, written_as};
use crate::words::in_a_file;

/// More rows would take too long: memory of one byte means a division for each ngram.
const MAX_ROWS: usize = 300;

/// The words of some of the years of [`rows`].
static TOTALS: LazyLock<Totals> = LazyLock::new(|| {
    let years = (1500..1700).step_by(3);
    let lines: Vec<String> = years.map(|year| format!("{year}\t{}\t1\t1\n", year * 1000)).collect();
    in_a_file(lines.concat().as_bytes(), |path| Totals::read(path)).expect("totals")
});

/// What the bytes behind those of the plan ask for.
#[derive(Debug, Clone, Copy)]
struct Asked {
    has_histories: bool,
    has_totals: bool,
    what: u8,
}

/// Checks a run with a bound of memory against the same run without one.
pub(super) fn check(data: &[u8]) {
    let Some((mut plan, rest)) = Plan::of(data) else { return };
    let Some((&what, rest)) = rest.split_first() else { return };
    if !plan.has_years() {
        plan.by = By::Word;
    }
    let asked = Asked {
        has_histories: plan.has_years() && (plan.flags & 1 != 0 || plan.by != By::Word),
        has_totals: plan.has_years() && plan.flags & 2 != 0,
        what,
    };
    let text = rows(rest, plan.has_years());
    let bound = 1 << (u32::from(plan.flags >> 2) % 22);
    let free = plan.run(asked.job(&plan), [plan.input(text.as_bytes())]);
    let bounded = plan.run(asked.job(&plan).memory(bound), [plan.input(text.as_bytes())]);
    if let (Ok(free), Ok(bounded)) = (&free, &bounded) {
        assert_eq!((bounded.stats.words, bounded.counts.len()), (free.stats.words, free.counts.len()));
        assert!(bounded.counts.iter().eq(free.counts.iter()));
    }
    assert_eq!(asked.told(&plan, bounded), asked.told(&plan, free));
}

impl Asked {
    fn job(self, plan: &Plan) -> Job {
        let format = if plan.has_years() { Format::V2 } else { Format::Counts };
        let mut job = Job::new().format(format).by(plan.by).histories(self.has_histories);
        if self.has_totals {
            job = job.totals(TOTALS.clone());
        }
        job = match self.what & 3 {
            1 => job.ignore_case(Spelling::Lower),
            2 => job.ignore_case(Spelling::Commonest),
            _ => job,
        };
        job = match self.what >> 2 & 3 {
            1 => job.sort(Sort::Count),
            2 => job.sort(Sort::Word),
            _ => job,
        };
        job = match self.what >> 4 & 3 {
            1 => job.top(1),
            2 => job.top(20),
            3 => job.top(300),
            _ => job,
        };
        job.min_count([0, 0, 10, 100][usize::from(self.what >> 6)])
    }

    /// The result with all columns that it can have, or the message of the error.
    fn told(self, plan: &Plan, result: Result<Outcome, Error>) -> Result<Vec<u8>, String> {
        let outcome = result.map_err(|error| error.to_string())?;
        let mut columns = Vec::new();
        for &column in Column::ALL {
            columns.push(column);
            let is_known = self.has_histories || !column.needs_histories();
            if !is_known || column.needs_comparison() || Column::check(&columns, plan.by, self.has_totals).is_err() {
                columns.pop();
            }
        }
        let mut options = OutputOptions::new(OutputFormat::Csv);
        options.columns = columns;
        Ok(written_as(&outcome, &options))
    }
}

/// Rows of some words in a year: of up to 128 words for each three bytes. Few words occur twice, but in other spellings.
/// A third are too long for a key, so that a shard soon needs memory for their bytes.
fn rows(bytes: &[u8], has_years: bool) -> String {
    let (mut text, mut lines) = (String::from("\n"), 0);
    for &[first, count, year] in bytes.as_chunks::<3>().0 {
        for word in (0_u32..1 << (count >> 5)).map(|step| u32::from(first) * 8 + step) {
            lines += 1;
            if lines > MAX_ROWS {
                return text;
            }
            let tail = if word % 3 == 0 { " of more than twenty-three bytes" } else { "" };
            let name = if year % 2 == 0 { format!("w{word}{tail}") } else { format!("W{word}{tail}") };
            let (count, volumes) = match count & 31 {
                31 => (u64::MAX / 3, 1),
                30 => (70_000, u64::MAX / 2),
                count => (u64::from(count) * 9, u64::from(count) % 4),
            };
            let written = if has_years {
                writeln!(text, "{name}\t{}\t{count}\t{volumes}", 1500 + u32::from(year))
            } else {
                writeln!(text, "{name}\t{count}")
            };
            written.expect("memory takes all");
        }
    }
    text
}
