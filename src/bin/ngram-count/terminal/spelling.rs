//! Notes on words that do not occur because the input writes them otherwise.
//!
//! Google's files split contractions and compounds into words of their own: `don't` is the 2-gram `do n't`, `well-known`
//! the 3-gram `well - known` (Lin et al. 2012, Syntactic Annotations for the Google Books Ngram Corpus). Counts made with
//! `--ignore-case` have no upper case.

use ngram_count::internal::is_table_url;
use ngram_count::{Format, Outcome, Stats};

use crate::terminal::messages::say;

/// The maximum number of notes. A list may have thousands of such words.
const MAX_NOTES: usize = 3;

/// What is split off the end of a word.
const ENDINGS: [&str; 7] = ["n't", "'s", "'m", "'re", "'ve", "'ll", "'d"];

/// Writes a note for each of the first words that do not occur, but may in another form.
pub(crate) fn notes(outcome: &Outcome, ignores_case: bool) {
    let missing = outcome.counts.iter().filter(|(_, count)| *count == 0);
    let words = missing.filter_map(|(word, _)| std::str::from_utf8(word).ok());
    let notes = words.filter_map(|word| Some((word, other_form(word, &outcome.stats, ignores_case)?)));
    notes.take(MAX_NOTES).for_each(|(word, form)| say(format_args!("{word:?} does not occur{form}")));
}

/// The end of a note on a word that does not occur: where it may occur in another form.
pub(crate) fn other_form(word: &str, stats: &Stats, ignores_case: bool) -> Option<String> {
    let has = |formats: &[Format]| {
        // Nobody knows who has filled a table.
        let files = stats.inputs.iter().filter(|input| !is_table_url(input.name.as_ref()));
        files.filter_map(|input| input.format).any(|format| formats.contains(&format))
    };
    if let Some(form) = split(word).filter(|_| has(&[Format::V2, Format::V3])) {
        let words = form.split(' ').count();
        return Some(format!("; Google's files write it {form:?}, an ngram of {words} words"));
    }
    let is_upper = word.chars().any(char::is_uppercase) && !ignores_case && has(&[Format::Counts]);
    is_upper.then(|| "; counts may be in lower case, and --ignore-case finds a word in any case".into())
}

/// An ngram as Google splits it; `None` if that is no other.
fn split(ngram: &str) -> Option<String> {
    let plain = ngram.replace('\u{2019}', "'");
    if plain.contains(|letter: char| !letter.is_alphanumeric() && !" '-".contains(letter)) {
        return None;
    }
    let words: Vec<String> = plain.split(' ').map(|word| compound(&contraction(word))).collect();
    let split = words.join(" ");
    (split != ngram).then_some(split)
}

/// `don't` as `do n't`, `cannot` as `can not`.
fn contraction(word: &str) -> String {
    if word.eq_ignore_ascii_case("cannot") {
        return format!("{} {}", &word[..3], &word[3..]);
    }
    let lower = word.to_ascii_lowercase();
    let ending = ENDINGS.iter().find(|ending| lower.len() > ending.len() && lower.ends_with(*ending));
    ending.map_or_else(
        || word.to_owned(),
        |ending| {
            let (stem, ending) = word.split_at(word.len() - ending.len());
            format!("{stem} {ending}")
        },
    )
}

/// `well-known` as `well - known`. A hyphen at an end stays.
fn compound(word: &str) -> String {
    let parts: Vec<&str> = word.split('-').collect();
    if parts.iter().all(|part| !part.is_empty()) { parts.join(" - ") } else { word.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn contractions_and_compounds_are_split() {
        let cases = [
            ("don't", "do n't"),
            ("don\u{2019}t", "do n't"),
            ("CAN'T", "CA N'T"),
            ("won't", "wo n't"),
            ("it's", "it 's"),
            ("we'll", "we 'll"),
            ("Cannot", "Can not"),
            ("I'd've", "I'd 've"),
            ("well-known", "well - known"),
            ("a well-known man-of-war", "a well - known man - of - war"),
            ("you'll-know", "you'll - know"),
        ];
        for (word, expected) in cases {
            assert_eq!(split(word).as_deref(), Some(expected), "{word}");
        }
        for word in
            ["", "do n't", "n't", "'s", "-", "a-", "-a", "a--b", "dont", "o'clock", "the", "'", "a-b_NOUN", "x: a-b"]
        {
            assert_eq!(split(word), None, "{word}");
        }
    }
}
