//! Upper and lower case: the normal form of an ngram's case variants.

use memchr::memchr;

use crate::filter::pos::untagged_len;

/// The spelling, in the result, of a word whose case variants count together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[non_exhaustive]
pub enum Spelling {
    /// Lower case, with part-of-speech tags in capitals.
    #[cfg_attr(feature = "cli", value(help = "In lower case"))]
    #[default]
    Lower,
    /// The spelling of the most frequent variant. Of equally frequent variants, the first by its bytes wins.
    #[cfg_attr(feature = "cli", value(help = "As it occurs most often"))]
    Commonest,
}

/// An ngram in lower case: the ngram itself if it is in lower case already, else a copy in `buffer`.
///
/// [`str::to_lowercase`] lowers each word, for all of Unicode: `İ` becomes `i` with a dot above, `Σ` at the end of a
/// word becomes `ς`, and `ß` stays. Part-of-speech tags stay in capitals and do not belong to the word before them:
/// `ΟΔΟΣ_NOUN` becomes `οδος_NOUN`. Bytes that are not UTF-8 stay as they are and end a word.
///
/// Lowering is idempotent, so that a run can add up earlier counts. This holds because the lower case of each character
/// is its own lower case, and because the lower case of a text holds no `Σ`, the only character whose lower case
/// depends on its neighbours.
#[inline]
pub(crate) fn lower<'a>(ngram: &'a [u8], buffer: &'a mut Vec<u8>) -> &'a [u8] {
    // The loop does not stop at the first capital: the compiler vectorises a loop without branches.
    let capitals = ngram.iter().fold(false, |any, byte| any | !byte.is_ascii() | byte.is_ascii_uppercase());
    if !capitals {
        return ngram;
    }
    buffer.clear();
    if memchr(b'_', ngram).is_none() {
        push_lower(ngram, buffer);
        return buffer;
    }
    for (place, word) in ngram.split(|&byte| byte == b' ').enumerate() {
        if place > 0 {
            buffer.push(b' ');
        }
        let (word, tag) = word.split_at(untagged_len(word));
        push_lower(word, buffer);
        buffer.extend_from_slice(tag);
    }
    buffer
}

/// Appends the lower case of a text without tags.
fn push_lower(text: &[u8], buffer: &mut Vec<u8>) {
    if text.is_ascii() {
        let start = buffer.len();
        buffer.extend_from_slice(text);
        buffer[start..].make_ascii_lowercase();
        return;
    }
    for chunk in text.utf8_chunks() {
        buffer.extend_from_slice(chunk.valid().to_lowercase().as_bytes());
        buffer.extend_from_slice(chunk.invalid());
    }
}

/// Puts a text into `buffer`, with each letter in lower case, independent of its neighbours. Tags become lower case,
/// too, and `Σ` always becomes `σ`.
///
/// This form keeps prefixes: if one text begins with another, so does its form. [`lower`] does not keep prefixes:
/// `Burnt_V` becomes `burnt_v`, but `Burnt_VERB` becomes `burnt_VERB`.
pub(crate) fn letters(text: &[u8], buffer: &mut Vec<u8>) {
    buffer.clear();
    if text.is_ascii() {
        buffer.extend(text.iter().map(u8::to_ascii_lowercase));
        return;
    }
    for chunk in text.utf8_chunks() {
        for letter in chunk.valid().chars().flat_map(char::to_lowercase) {
            let letter = if letter == 'ς' { 'σ' } else { letter };
            buffer.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
        }
        buffer.extend_from_slice(chunk.invalid());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lowered(ngram: impl AsRef<[u8]>) -> Vec<u8> {
        // The function must ignore the bytes that an earlier ngram left in the buffer.
        lower(ngram.as_ref(), &mut b"Left".to_vec()).to_vec()
    }

    #[test]
    fn words_become_lower_case_and_tags_stay() {
        let cases = [
            ("", ""),
            ("dog", "dog"),
            ("Dog", "dog"),
            ("The Dog", "the dog"),
            ("the_dog", "the_dog"),
            ("Dog_NOUN", "dog_NOUN"),
            ("The_DET Dog", "the_DET dog"),
            ("App_Code_NOUN", "app_code_NOUN"),
            ("A_NOUN_VERB", "a_noun_VERB"),
            ("_START_ The", "_START_ the"),
            ("_NOUN_", "_NOUN_"),
            ("_NOUN", "_NOUN"),
            ("X_NOUN_", "x_noun_"),
            ("_NOUNS", "_nouns"),
            ("  A ", "  a "),
            ("Ж", "ж"),
            ("Жук_NOUN _X_", "жук_NOUN _X_"),
            ("Straße", "straße"),
            ("STRAẞE", "straße"),
            ("İ", "i\u{307}"),
            ("ǅ", "ǆ"),
            ("\u{212A}", "k"),
        ];
        for (ngram, expected) in cases {
            assert_eq!(String::from_utf8(lowered(ngram)).as_deref(), Ok(expected), "{ngram}");
        }
    }

    #[test]
    fn sigma_is_final_at_the_end_of_each_word() {
        let cases = [
            ("Σ", "σ"),
            ("ΟΔΟΣ", "οδος"),
            ("ΟΔΟΣ ΣΟΦΟΣ", "οδος σοφος"),
            ("ΟΔΟΣ_NOUN", "οδος_NOUN"),
            ("ΟΔΟΣ_NOUN ΣΟΦΟΣ", "οδος_NOUN σοφος"),
            ("ΟΔΟΣ\u{301}", "οδος\u{301}"),
            ("ΟΔΟΣ.Α", "οδοσ.α"),
        ];
        for (ngram, expected) in cases {
            assert_eq!(String::from_utf8(lowered(ngram)).as_deref(), Ok(expected), "{ngram}");
        }
    }

    #[test]
    fn bytes_that_are_not_utf8_stay() {
        let cases: [(&[u8], &[u8]); 4] = [
            (b"\xFFDog\xC3", b"\xFFdog\xC3"),
            (b"\xD0\xD0\x96A", b"\xD0\xD0\xB6a"),
            (b"D\xFF_NOUN", b"d\xFF_NOUN"),
            (b"\xCE\x91\xCE\xA3\xFF\xCE\x91", b"\xCE\xB1\xCF\x82\xFF\xCE\xB1"),
        ];
        for (ngram, expected) in cases {
            assert_eq!(lowered(ngram), expected, "{}", ngram.escape_ascii());
        }
    }

    #[test]
    fn no_characters_lower_case_changes_again() {
        for character in '\0'..=char::MAX {
            let once = character.to_string().to_lowercase();
            assert_eq!(once.to_lowercase(), once, "{character:?}");
            // Otherwise a neighbouring word or a tag could become another one.
            assert!(!once.contains(|c: char| c == 'Σ' || c.is_ascii_uppercase()), "{character:?}");
            assert_eq!(once.contains(|c| " _.".contains(c)), " _.".contains(character), "{character:?}");
        }
    }

    fn ngrams() -> impl Strategy<Value = Vec<u8>> {
        let special = prop::sample::select(
            &["Σ", "σ", "ς", "İ", "ǅ", "ẞ", "\u{301}", "\u{345}", "'", ".", " ", "_", "A", "_NOUN", "_X_", "_."][..],
        );
        let part = prop_oneof![
            4 => special.prop_map(|part| part.as_bytes().to_vec()),
            2 => any::<char>().prop_map(|part| part.to_string().into_bytes()),
            1 => prop::collection::vec(any::<u8>(), 1..4),
        ];
        prop::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
    }

    proptest! {
        #[test]
        fn lower_case_does_not_change_again(ngram in ngrams()) {
            let once = lowered(&ngram);
            prop_assert_eq!(lowered(&once), once);
        }

        #[test]
        fn what_begins_with_a_text_does_so_in_any_case(begin in ngrams(), rest: String) {
            let of = |text: &[u8]| {
                let mut buffer = b"Left".to_vec();
                letters(text, &mut buffer);
                buffer
            };
            let all = [&begin, rest.as_bytes()].concat();
            let in_any_case = [all.clone(), lowered(&all)].map(|text| of(&text));
            prop_assert!(in_any_case.iter().all(|text| text.starts_with(&of(&begin))));
            prop_assert!(of(&all).starts_with(&of(&lowered(&begin))));
        }

        #[test]
        fn words_become_lower_case_each_by_itself(ngram in ngrams()) {
            let words: Vec<Vec<u8>> = ngram.split(|&byte| byte == b' ').map(lowered).collect();
            prop_assert_eq!(lowered(&ngram), words.join(&b' '));
        }

        #[test]
        fn texts_without_tags_become_what_the_standard_library_makes_of_them(text: String) {
            let text = text.replace('_', "Σ");
            prop_assert_eq!(lowered(&text), text.to_lowercase().into_bytes());
        }
    }
}
