//! `Headwords`: the map from forms to headwords. Word forms, spellings and misprints count as their headword.
//!
//! ```text
//! the map          goes -> go, went -> go, N.Y.C. -> New York
//! goes             go               the whole ngram is a form
//! went home        go home          a word of the ngram is a form
//! to N.Y.C.        to New York
//! ```
//!
//! A headword may have forms in it, and what words make may be a form again: all of it is replaced, to the end. So a
//! replaced ngram is not replaced again, and a run can add up earlier counts.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;
use std::sync::Arc;

use ahash::{AHashMap, AHashSet};
use memchr::memchr;

use crate::filter::sieve::Sieve;
use crate::printable::quoted;

/// A line of a map.
#[derive(Debug, Clone)]
pub(crate) struct FormLine {
    /// The name of the file, for messages.
    source: Arc<str>,
    number: u64,
    form: Box<[u8]>,
    headword: Box<[u8]>,
}

impl FormLine {
    /// The line of a pair that a program gives.
    pub(crate) fn of_pair(number: u64, form: impl Into<Vec<u8>>, headword: impl Into<Vec<u8>>) -> Self {
        let [form, headword] = [form.into(), headword.into()].map(Vec::into_boxed_slice);
        Self { source: "pair".into(), number, form, headword }
    }

    fn error(&self, reason: String) -> InvalidMap {
        InvalidMap::new(&self.source, self.number, reason)
    }
}

/// The reason why lines are no map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidMap {
    place: String,
    reason: String,
}

impl InvalidMap {
    fn new(source: &str, number: u64, reason: impl Into<String>) -> Self {
        Self { place: format!("{source}:{number}"), reason: reason.into() }
    }
}

impl fmt::Display for InvalidMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.reason)
    }
}

impl std::error::Error for InvalidMap {}

/// Parses the lines of a map, `form TAB headword`, each with its number. `name` is for messages.
///
/// # Errors
/// For a line with another number of fields, and for an empty field.
pub(crate) fn parse<'a>(lines: impl Iterator<Item = (u64, &'a [u8])>, name: &str) -> Result<Vec<FormLine>, InvalidMap> {
    let source: Arc<str> = name.into();
    let of_line = |(number, line): (u64, &[u8])| {
        let mut fields = line.split(|&byte| byte == b'\t');
        match (fields.next(), fields.next(), fields.count()) {
            (Some(form), Some(headword), 0) if !form.is_empty() && !headword.is_empty() => {
                Ok(FormLine { source: Arc::clone(&source), number, form: form.into(), headword: headword.into() })
            }
            (Some(_), Some(_), 0) => {
                Err(InvalidMap::new(name, number, "expected a form and a headword, found an empty field"))
            }
            (_, second, more) => {
                let found = more + 1 + usize::from(second.is_some());
                Err(InvalidMap::new(name, number, format!("expected 2 fields (form, headword), found {found}")))
            }
        }
    };
    lines.map(of_line).collect()
}

/// The map. No headword has a form in it.
#[derive(Debug)]
pub(crate) struct Headwords {
    /// The headword of each form; and `None` for the headwords and their words.
    of_words: AHashMap<Box<[u8]>, Option<Box<[u8]>>>,
    /// Rejects nearly all other words.
    sieve: Sieve,
}

/// The headword of each form, and the line that has both, before headwords are replaced.
type Lines<'a> = AHashMap<Cow<'a, [u8]>, (Cow<'a, [u8]>, &'a FormLine)>;

/// The maximum number of replacements that lead from a form to its last headword.
const MAX_STEPS: usize = 100;

impl Headwords {
    /// The map of some lines. `fold` gives the normal form of a form or headword.
    ///
    /// # Errors
    /// For a form with two headwords, and for forms that lead back to themselves.
    pub(crate) fn new<'a>(lines: &'a [FormLine], fold: impl Fn(&'a [u8]) -> Cow<'a, [u8]>) -> Result<Self, InvalidMap> {
        let mut of_forms = Lines::with_capacity(lines.len());
        for line in lines {
            let headword = fold(&line.headword);
            let (first, first_line) = of_forms.entry(fold(&line.form)).or_insert_with(|| (headword.clone(), line));
            if *first != headword {
                let [form, first, headword] = [&line.form[..], first, &headword].map(quoted);
                let FormLine { source, number, .. } = first_line;
                return Err(
                    line.error(format!("{form} has the headword {headword} here, and {first} in {source}:{number}"))
                );
            }
        }
        of_forms.retain(|form, (headword, _)| form != headword);
        let mut of_words = AHashMap::with_capacity(of_forms.len());
        for (form, (headword, line)) in &of_forms {
            let steps = Cell::new(MAX_STEPS);
            let last = resolve(headword, &of_forms, &steps);
            if steps.get() == 0 {
                let form = quoted(&line.form);
                return Err(line.error(format!("the headword of {form} leads back to it, or over too many others")));
            }
            if form[..] != last[..] {
                of_words.insert(form[..].into(), Some(last[..].into()));
            }
        }
        let headwords: AHashSet<Box<[u8]>> = of_words.values().flatten().cloned().collect();
        for headword in headwords {
            headword.split(|&byte| byte == b' ').for_each(|word| _ = of_words.entry(word.into()).or_insert(None));
            of_words.entry(headword).or_insert(None);
        }
        Ok(Self { sieve: Sieve::new(of_words.keys().map(|word| &**word)), of_words })
    }

    /// What an ngram is counted as; `None` if nothing in it is a form.
    #[inline]
    pub(crate) fn of(&self, ngram: &[u8]) -> Option<Cow<'_, [u8]>> {
        let of_whole = |ngram: &[u8]| {
            let word = if self.sieve.may_contain(ngram) { self.of_words.get(ngram) } else { None };
            word?.as_deref().map(Cow::Borrowed)
        };
        replaced(ngram, of_whole)
    }

    /// Whether an ngram is a form or a headword, or may be made of one: it has such a word. `false` is sure.
    #[inline]
    pub(crate) fn concern(&self, ngram: &[u8]) -> bool {
        let is_one = |word: &[u8]| self.sieve.may_contain(word) && self.of_words.contains_key(word);
        is_one(ngram) || memchr(b' ', ngram).is_some() && ngram.split(|&byte| byte == b' ').any(is_one)
    }
}

/// What an ngram is replaced by: by what `of` has for all of it, or else for each of its words, and then for all of these.
/// `None` if `of` has nothing.
#[inline]
fn replaced<'a>(ngram: &[u8], of: impl Fn(&[u8]) -> Option<Cow<'a, [u8]>>) -> Option<Cow<'a, [u8]>> {
    match of(ngram) {
        None if memchr(b' ', ngram).is_some() => replaced_words(ngram, of),
        headword => headword,
    }
}

/// As [`replaced`], for several words that are no form together.
fn replaced_words<'a>(ngram: &[u8], of: impl Fn(&[u8]) -> Option<Cow<'a, [u8]>>) -> Option<Cow<'a, [u8]>> {
    let words: Vec<_> = ngram.split(|&byte| byte == b' ').map(|word| (word, of(word))).collect();
    if words.iter().all(|(_, headword)| headword.is_none()) {
        return None;
    }
    let words: Vec<&[u8]> = words.iter().map(|(word, headword)| headword.as_deref().unwrap_or(word)).collect();
    let joined = words.join(&b' ');
    Some(of(&joined).unwrap_or(Cow::Owned(joined)))
}

/// What an ngram is replaced by at last. `steps` is the number of replacements that are left; 0 of them is a failure.
fn resolve<'a>(ngram: &'a [u8], lines: &'a Lines<'_>, steps: &Cell<usize>) -> Cow<'a, [u8]> {
    let last = replaced(ngram, |word| {
        let (headword, _) = lines.get(word)?;
        steps.set(steps.get().checked_sub(1)?);
        Some(resolve(headword, lines, steps))
    });
    last.unwrap_or(Cow::Borrowed(ngram))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn map(lines: &[(&str, &str)]) -> Result<Headwords, String> {
        let pairs = (1..).zip(lines);
        let lines: Vec<_> =
            pairs.map(|(number, (form, headword))| FormLine::of_pair(number, *form, *headword)).collect();
        Headwords::new(&lines, Cow::Borrowed).map_err(|error| error.to_string())
    }

    fn of(map: &Headwords, ngram: &str) -> String {
        let headword = map.of(ngram.as_bytes());
        headword.map_or_else(|| ngram.to_owned(), |headword| String::from_utf8(headword.into_owned()).unwrap())
    }

    #[test]
    fn forms_are_replaced_whole_or_word_by_word() {
        let lines = [("goes", "go"), ("wnet", "went"), ("went", "go"), ("N.Y.C.", "New York"), ("go home", "return")];
        let map = map(&[&lines[..], &[("go", "go"), ("wnet", "went")]].concat()).unwrap();
        let cases = [
            ("goes", "go"),
            ("wnet", "go"),
            ("go", "go"),
            ("goe", "goe"),
            ("to N.Y.C.", "to New York"),
            ("wnet home", "return"),
            ("goes  home", "go  home"),
            ("a goes home", "a go home"),
            (" goes", " go"),
            ("", ""),
            (" ", " "),
        ];
        for (ngram, expected) in cases {
            assert_eq!(of(&map, ngram), expected, "{ngram}");
        }
    }

    #[test]
    fn what_is_no_map_is_refused_with_its_place() {
        let two = map(&[("a", "b"), ("c", "d"), ("a", "c")]).unwrap_err();
        assert_eq!(two, "pair:3: \"a\" has the headword \"c\" here, and \"b\" in pair:1");
        for lines in [&[("a", "b"), ("b", "a")][..], &[("a", "a a")], &[("a", "b a")], &[("a", "b c"), ("b c", "a")]] {
            let error = map(lines).unwrap_err();
            assert!(error.contains("leads back to it"), "{error}");
        }
        let error = |line: &str| parse([(4, line.as_bytes())].into_iter(), "map").unwrap_err().to_string();
        assert_eq!(error("c"), "map:4: expected 2 fields (form, headword), found 1");
        assert_eq!(error("a\tb\tc"), "map:4: expected 2 fields (form, headword), found 3");
        assert_eq!(error("a\t"), "map:4: expected a form and a headword, found an empty field");
    }

    proptest! {
        #[test]
        fn what_is_replaced_is_not_replaced_again(
            lines in prop::collection::vec(("[ab]{1,2}( [ab]{1,2})?", "[abc]{1,2}( [abc]{1,2})?"), 0..8),
            ngrams in prop::collection::vec("[abc]{0,2}( [abc]{1,2}){0,3}", 20),
        ) {
            let lines: Vec<(&str, &str)> = lines.iter().map(|(form, headword)| (&**form, &**headword)).collect();
            if let Ok(map) = map(&lines) {
                for (form, headword) in lines {
                    prop_assert_eq!(of(&map, form), of(&map, headword));
                }
                for ngram in ngrams {
                    let once = of(&map, &ngram);
                    prop_assert_eq!(of(&map, &once), once);
                }
            }
        }
    }
}
