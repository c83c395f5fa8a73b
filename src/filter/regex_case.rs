//! Lower case in regular expressions.
//!
//! With case ignored, an expression sees ngrams in lower case. But a case-insensitive expression of the crate `regex`
//! does not know every lower case. It maps one character to one other, while the lower case of `İ` is two characters,
//! `i` and the dot above U+0307. Also, its version of Unicode may be older than the standard library's. So this module
//! replaces each character with an unknown lower case by an alternation of the character and its lower case.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::convert::Infallible;
use std::fmt::Write;

use regex_syntax::ast::parse::Parser;
use regex_syntax::ast::{Ast, ClassSet, ClassSetItem, Span, Visitor, visit};
use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};

/// The expression, rewritten so that each character with an unknown lower case matches that lower case, too. An
/// expression with an error stays: its compilation reports the error.
///
/// Items for many characters, such as `.`, `\w` and negated classes, stay, too. They match the two characters of such a
/// lower case one by one.
pub(crate) fn with_lower_case(pattern: &str) -> Cow<'_, str> {
    let Ok(ast) = Parser::new().parse(pattern) else { return pattern.into() };
    let Ok(mut places) = visit(&ast, Places::default());
    places.sort_unstable_by_key(|(span, _)| span.start.offset);
    if places.is_empty() {
        return pattern.into();
    }
    let (mut text, mut end) = (String::new(), 0);
    for (span, lower) in places {
        let (before, found) = (&pattern[end..span.start.offset], &pattern[span.start.offset..span.end.offset]);
        let lower: Vec<_> = lower.into_iter().collect();
        // Writing to a String can't fail.
        let _ = write!(text, "{before}(?:{found}|{})", lower.join("|"));
        end = span.end.offset;
    }
    (text + &pattern[end..]).into()
}

/// The spans of characters with an unknown lower case, and of classes that contain some, each with the lower case.
#[derive(Default)]
struct Places(Vec<(Span, BTreeSet<String>)>);

impl Visitor for Places {
    type Output = Vec<(Span, BTreeSet<String>)>;
    type Err = Infallible;

    fn finish(self) -> Result<Self::Output, Infallible> {
        Ok(self.0)
    }

    fn visit_post(&mut self, ast: &Ast) -> Result<(), Infallible> {
        let mut lower = BTreeSet::new();
        let span = match ast {
            Ast::Literal(literal) => {
                lower.extend(unknown_lower(literal.c));
                literal.span
            }
            Ast::ClassBracketed(class) if !class.negated => {
                named(&class.kind, &mut lower);
                class.span
            }
            _ => return Ok(()),
        };
        if !lower.is_empty() {
            self.0.push((span, lower));
        }
        Ok(())
    }
}

/// Adds the unknown lower case of the characters and ranges of a class.
fn named(class: &ClassSet, lower: &mut BTreeSet<String>) {
    if let ClassSet::Item(item) = class {
        named_by(item, lower);
    }
}

fn named_by(item: &ClassSetItem, lower: &mut BTreeSet<String>) {
    match item {
        ClassSetItem::Literal(literal) => lower.extend(unknown_lower(literal.c)),
        ClassSetItem::Range(range) => lower.extend((range.start.c..=range.end.c).filter_map(unknown_lower)),
        ClassSetItem::Bracketed(class) if !class.negated => named(&class.kind, lower),
        ClassSetItem::Union(union) => union.items.iter().for_each(|item| named_by(item, lower)),
        _ => {}
    }
}

/// The lower case of a character, if the crate `regex` does not know it.
fn unknown_lower(letter: char) -> Option<String> {
    let mut lower = letter.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(one), None) if one == letter || knows(letter, one) => None,
        _ => Some(letter.to_lowercase().collect()),
    }
}

/// Whether the crate `regex` knows that two characters differ in case alone.
fn knows(letter: char, lower: char) -> bool {
    let mut class = ClassUnicode::new([ClassUnicodeRange::new(letter, letter)]);
    class.try_case_fold_simple().is_ok() && class.iter().any(|range| (range.start()..=range.end()).contains(&lower))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_that_is_named_becomes_an_alternation() {
        let cases = [
            ("^İst$", "^(?:İ|i\u{307})st$"),
            ("İ+|aİ?b", "(?:İ|i\u{307})+|a(?:İ|i\u{307})?b"),
            (r"\x{130}\u0130", "(?:\\x{130}|i\u{307})(?:\\u0130|i\u{307})"),
            ("[Iİ]x[À-ž]", "(?:[Iİ]|i\u{307})x(?:[À-ž]|i\u{307})"),
            ("[a[bİ]]", "(?:[a[bİ]]|i\u{307})"),
            ("(?x) ( İ ) # İ", "(?x) ( (?:İ|i\u{307}) ) # İ"),
        ];
        for (pattern, expected) in cases {
            assert_eq!(with_lower_case(pattern), expected);
        }
    }

    #[test]
    fn everything_else_stays() {
        for pattern in ["", "ist", "IΣẞ", "[^İ]", r"\w\p{L}.", "[a&&İ]", "(İ", r"\q"] {
            assert_eq!(with_lower_case(pattern), pattern);
        }
    }
}
