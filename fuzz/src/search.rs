//! The search for a few words in whole lines finds the sums of the naive reader.

use ngram_count::{Format, stages};

use crate::naive::read;
use crate::plan::Plan;

/// See the [crate's table](crate).
pub fn check(data: &[u8]) {
    let Some((plan, mut text)) = Plan::with_text(data) else { return };
    if plan.format == Format::Text {
        return;
    }
    // A chunk ends behind a line.
    text.push(b'\n');
    let (rows, malformed) = read(plan.format, &text);
    if !malformed.is_empty() {
        return;
    }
    let step = usize::from(plan.flags) % 7 + 1;
    let mut words: Vec<Vec<u8>> = rows.iter().step_by(step).map(|row| row.ngram.clone()).collect();
    words.dedup();
    words.truncate(3);
    if words.is_empty() {
        words.push(b"a".to_vec());
    }
    let sum: u128 = rows.iter().filter(|row| words.contains(&row.ngram)).map(|row| u128::from(row.matches)).sum();
    if let Ok(sum) = u64::try_from(sum) {
        let found = stages::search(&text, plan.format, &words).expect("words without TABs and line ends");
        assert_eq!(found.sum, sum, "{words:?}");
    }
}
