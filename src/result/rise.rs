//! The comparison of the years of dated texts. A table of texts has the count of each text, because only these tell in how
//! many texts an ngram occurs; they become the counts of both periods when each ngram has one entry.
//!
//! ```text
//! the rose      1851: 2   1852: 1   1901: 4       1900-1909 with 1850-1859
//! becomes       count 4   before 3   volumes 3
//! ```

use crate::filter::years::{Years, side_of};
use crate::result::order::Arenas;
use crate::table::rows::Period;
use crate::table::{Before, Detail, Entry, History};

/// The entries of both periods, `[before, after]`, made of histories by text. `years` has the year of each text.
pub(crate) fn compare_texts(
    list: Vec<Entry<History>>,
    arenas: &Arenas,
    compared: [Years; 2],
    years: &[u64],
) -> Vec<Entry<Before>> {
    let mut texts = Vec::new();
    let compare = |entry: Entry<History>| {
        entry.detail.periods(entry.arena(arenas), &mut texts);
        let ([count, before], volumes) = sums(&texts, compared, years);
        Entry { key: entry.key, count, detail: Before::of_compared(before, volumes) }
    };
    list.into_iter().map(compare).collect()
}

/// The counts after and before, and the number of texts of both. No sum passes that of all texts, which fits.
fn sums(texts: &[Period], compared: [Years; 2], years: &[u64]) -> ([u64; 2], u64) {
    let (mut counts, mut volumes) = ([0; 2], 0);
    for text in texts {
        let year = usize::try_from(text.year).ok().and_then(|text| years.get(text));
        if let Some(side) = year.and_then(|year| side_of(compared, *year)) {
            counts[side] += text.count;
            volumes += 1;
        }
    }
    (counts, volumes)
}
