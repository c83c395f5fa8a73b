//! Notes that say why a result is empty, or a comparison has no measures.

use ngram_count::Outcome;

use crate::args::CountOptions;
use crate::terminal::messages;

/// Writes the notes that hold.
pub(super) fn notes(outcome: &Outcome, options: &CountOptions) {
    if !outcome.errors.is_empty() {
        return;
    }
    if options.dates.year_from.is_some() && outcome.stats.inputs.is_empty() {
        let years = options.years().into_iter().map(|years| years.to_string()).collect::<Vec<_>>().join(" and ");
        return messages::say(format_args!("no input has a year of {years} in its name"));
    }
    if let Some([here, there]) = outcome.compared {
        let sides = sides(options);
        let empty = [here, there].into_iter().zip(sides).filter(|(words, _)| *words == 0);
        for (_, side) in empty {
            messages::say(format_args!("{side}, so that there is nothing to compare with"));
        }
    }
    let is_floored = options.rise.is_some() && !options.asks_for_words();
    if is_floored && outcome.counts.is_empty() && outcome.stats.words > 0 {
        messages::say(format_args!(
            "--min-volumes leaves out words in fewer than {} volumes of both periods: ask for fewer",
            options.min_volumes
        ));
    }
}

/// What is told of the sides of a comparison that have no words.
fn sides(options: &CountOptions) -> [String; 2] {
    match options.rise {
        Some([before, after]) => [after, before].map(|years| format!("the input has no words in {years}")),
        None => ["the input has no words".into(), "the files of --against have no words".into()],
    }
}
