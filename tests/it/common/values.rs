//! The oracle for what is shown of words: the value of each column, selections and orders by it, in the fewest lines that
//! are obviously right.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::oracle::{Row, by_years};

/// A word of a result.
#[derive(Debug, Clone)]
pub(crate) struct Word {
    pub(crate) ngram: Vec<u8>,
    pub(crate) count: u64,
    /// Its years in ascending order: year, matches and volumes.
    pub(crate) years: Vec<(u64, u64, u64)>,
}

/// All words of some rows, in the order of their bytes.
pub(crate) fn words(rows: &[Row]) -> Vec<Word> {
    let mut words: BTreeMap<Vec<u8>, Word> = BTreeMap::new();
    for row in by_years(rows, 1) {
        let new = || Word { ngram: row.ngram.clone(), count: 0, years: Vec::new() };
        let word = words.entry(row.ngram.clone()).or_insert_with(new);
        word.count += row.matches;
        word.years.push((row.year, row.matches, row.volumes));
    }
    words.into_values().collect()
}

/// What the values of words are compared with: the counts of all words, the sum of the input, and the number of years in
/// which it has words.
#[derive(Debug, Clone)]
pub(crate) struct All {
    pub(crate) counts: Vec<u64>,
    pub(crate) total: u64,
    pub(crate) years: usize,
}

/// Columns of which words have numbers.
pub(crate) const COLUMNS: [&str; 11] =
    ["count", "volumes", "years", "first", "last", "peak", "share", "rank", "range", "per-million", "zipf"];

/// The number of a word in a column.
pub(crate) fn value(word: &Word, column: &str, all: &All) -> Option<f64> {
    let part = |of: f64| (all.total > 0).then(|| word.count as f64 * of / all.total as f64);
    match column {
        "count" => Some(word.count as f64),
        "volumes" => Some(word.years.iter().map(|year| year.2).sum::<u64>() as f64),
        "years" => Some(word.years.len() as f64),
        "first" => word.years.first().map(|year| year.0 as f64),
        "last" => word.years.last().map(|year| year.0 as f64),
        "peak" => {
            let most = word.years.iter().map(|year| year.1).max();
            word.years.iter().find(|year| Some(year.1) == most).map(|year| year.0 as f64)
        }
        "share" => part(1.0),
        "rank" => Some(1.0 + all.counts.iter().filter(|count| **count > word.count).count() as f64),
        "range" => {
            let in_years = word.years.iter().filter(|year| year.1 > 0).count();
            (all.years > 0).then(|| in_years as f64 / all.years as f64)
        }
        "per-million" => part(1e6),
        "zipf" => part(1e9).filter(|part| *part > 0.0).map(f64::log10),
        _ => panic!("{column}"),
    }
}

/// The cell of a column.
pub(crate) fn cell(word: &Word, column: &str, all: &All) -> String {
    let places = match column {
        "word" => return String::from_utf8(word.ngram.clone()).unwrap(),
        "share" | "range" => 9,
        "per-million" => 6,
        "zipf" => 3,
        _ => 0,
    };
    let Some(value) = value(word, column, all) else { return String::new() };
    let text = format!("{value:.places$}");
    if places == 0 { text } else { with_point(&text) }
}

/// A number without zeros at its end, but one.
fn with_point(text: &str) -> String {
    let text = text.trim_end_matches('0');
    if text.ends_with('.') { format!("{text}0") } else { text.to_owned() }
}

/// Sorts words by a column, or by their bytes.
pub(crate) fn sort(words: &mut [Word], column: &str, is_reversed: bool, all: &All) {
    words.sort_by(|a, b| {
        let turned = |order: Ordering| if is_reversed { order.reverse() } else { order };
        if column == "word" {
            return turned(a.ngram.cmp(&b.ngram));
        }
        let order = match (value(a, column, all), value(b, column, all)) {
            (Some(a), Some(b)) if column == "rank" => turned(a.total_cmp(&b)),
            (Some(a), Some(b)) => turned(b.total_cmp(&a)),
            (a, b) => a.is_none().cmp(&b.is_none()),
        };
        order.then_with(|| a.ngram.cmp(&b.ngram))
    });
}

/// Whether a word has a value that compares so with a number.
pub(crate) fn satisfies(word: &Word, (column, sign, number): (&str, &str, f64), all: &All) -> bool {
    value(word, column, all).is_some_and(|value| match sign {
        "=" => value.total_cmp(&number).is_eq(),
        "!=" => value.total_cmp(&number).is_ne(),
        "<" => value < number,
        "<=" => value <= number,
        ">" => value > number,
        ">=" => value >= number,
        _ => panic!("{sign}"),
    })
}

/// Keeps the most frequent words: the first that make so many parts of a thousand of the total, and of them `top`.
pub(crate) fn keep_first(words: &mut Vec<Word>, thousandths: Option<u64>, top: Option<usize>, all: &All) {
    let mut ordered = words.clone();
    sort(&mut ordered, "count", false, all);
    if let Some(thousandths) = thousandths {
        let mut sum = 0;
        if all.total == 0 {
            ordered.clear();
        }
        let reached = ordered.iter().position(|word| {
            sum += word.count;
            u128::from(sum) * 1000 >= u128::from(all.total) * u128::from(thousandths)
        });
        ordered.truncate(reached.map_or(usize::MAX, |place| place + 1));
    }
    ordered.truncate(top.unwrap_or(usize::MAX));
    words.retain(|word| ordered.iter().any(|kept| kept.ngram == word.ngram));
}
