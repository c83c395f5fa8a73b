//! Notes that say why a result is empty, or a comparison has no measures.

use ngram_count::Outcome;

use crate::args::{CountOptions, LineOptions};
use crate::terminal::messages;

/// Writes the notes that are true of the run.
pub(super) fn notes(outcome: &Outcome, options: &CountOptions) {
    if !outcome.errors.is_empty() {
        return;
    }
    if options.dates.year_from.is_some() && outcome.stats.inputs.is_empty() {
        let years = options.years().into_iter().map(|years| years.to_string()).collect::<Vec<_>>().join(" or ");
        return messages::say(format_args!("no input has a year of {years} in its name"));
    }
    let sides = outcome.compared.into_iter().flatten().zip(names_of_sides(options));
    let empty: Vec<String> = sides.filter(|(words, _)| *words == 0).map(|(_, side)| side).collect();
    for side in &empty {
        messages::say(format_args!("no words are counted in {side}, so there is nothing to compare with"));
    }
    if empty.is_empty() && outcome.counts.is_empty() && outcome.stats.words > 0 && leaves_out_by_volumes(options) {
        messages::say(format_args!(
            "--min-volumes leaves out words in fewer than {} volumes of both periods: ask for fewer",
            options.min_volumes
        ));
    }
}

/// The sides of a comparison, as they are told.
fn names_of_sides(options: &CountOptions) -> [String; 2] {
    match options.rise {
        Some([before, after]) => [after, before].map(|years| years.to_string()),
        None => ["the input".into(), "the files of --against".into()],
    }
}

/// Whether words are left out for their volumes, and for nothing else that is known after the count.
fn leaves_out_by_volumes(options: &CountOptions) -> bool {
    let LineOptions { conditions, min_count, max_count, top, .. } = &options.lines;
    let has_floor = options.rise.is_some() && options.min_volumes > 1 && !options.asks_for_words();
    has_floor && conditions.is_empty() && *min_count <= 1 && max_count.is_none() && *top != Some(0)
}
