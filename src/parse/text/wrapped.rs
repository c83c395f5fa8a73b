//! Whether a text looks wrapped: whether its lines end where they are full, not where a sentence ends.
//!
//! ```text
//! It was the best of times, it was the worst of times, it was the age of        70 characters
//! wisdom, it was the age of foolishness, it was the epoch of belief, it         68, and begins in lower case
//! was the epoch of incredulity.                                                 no line follows: its length says nothing
//! ```
//!
//! Sentences differ far more in length, and begin in upper case.

/// The number of pairs of lines without which a text does not look wrapped.
const MIN_PAIRS: usize = 10;
/// The width of a wrapped text in characters: the median length of its lines.
const WIDTHS: std::ops::RangeInclusive<usize> = 40..=100;
/// The number of characters by which most lines of a wrapped text may differ from its width. Few words are longer.
const MAX_DIFFERENCE: usize = 15;

/// Whether the beginning of a text looks wrapped. Only pairs of lines without a blank line between them count. In at
/// least three quarters of the pairs, the first line has about the median length, and in half of them, the second
/// line begins with a lower-case letter.
pub(crate) fn looks_wrapped(text: &[u8]) -> bool {
    let lines: Vec<&[u8]> = text.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii).collect();
    let pairs = || lines.windows(2).filter(|pair| pair.iter().all(|line| !line.is_empty()));
    let mut lengths: Vec<usize> = pairs().map(|pair| characters(pair[0])).collect();
    lengths.sort_unstable();
    let Some(&width) = lengths.get(lengths.len() / 2).filter(|_| lengths.len() >= MIN_PAIRS) else { return false };
    let full = lengths.iter().filter(|len| len.abs_diff(width) <= MAX_DIFFERENCE).count();
    let continued = pairs().filter(|pair| begins_in_lower_case(pair[1])).count();
    WIDTHS.contains(&width) && full * 4 >= lengths.len() * 3 && continued * 2 >= lengths.len()
}

/// The number of characters of a line in UTF-8.
fn characters(line: &[u8]) -> usize {
    line.iter().filter(|&byte| byte & 0xC0 != 0x80).count()
}

fn begins_in_lower_case(line: &[u8]) -> bool {
    let first = line.utf8_chunks().next().and_then(|chunk| chunk.valid().chars().next());
    first.is_some_and(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: [&str; 12] =
        ["the", "of", "and", "whale", "a", "Ahab", "to", "sea", "naïve", "ship", "harpooneers", "in"];

    /// A text of paragraphs, wrapped at a width.
    fn wrapped(width: usize) -> String {
        let (mut text, mut len) = (String::new(), 0);
        for number in 0..600 {
            let word = WORDS[(number * number + number / 7) % WORDS.len()];
            if number % 90 == 89 {
                text += "\n\n";
                len = 0;
            } else if len + word.chars().count() > width {
                text += "\n";
                len = 0;
            }
            len += word.chars().count() + 1;
            text = text + word + " ";
        }
        text
    }

    #[test]
    fn books_look_wrapped() {
        for width in [50, 65, 72, 80, 99] {
            let text = wrapped(width);
            assert!(looks_wrapped(text.as_bytes()), "{text}");
            assert!(looks_wrapped(text.replace('\n', "\r\n    ").as_bytes()), "{width}");
            // Two bytes for each letter.
            let cyrillic = text.replace(|letter: char| letter.is_ascii_lowercase(), "ж");
            assert!(looks_wrapped(cyrillic.as_bytes()), "{cyrillic}");
        }
    }

    #[test]
    fn other_texts_do_not() {
        let sentences: String = (0..100).map(|n| format!("{}{}.\n", "The sea ".repeat(n % 11), "Ahab")).collect();
        let lower_case = sentences.to_lowercase();
        let equally_long = "The whale and the sea, and Ahab in the ship of the harpooneers.\n".repeat(50);
        let apart = wrapped(72).replace('\n', "\n\n");
        let short: String = wrapped(72).lines().take(6).map(|line| format!("{line}\n")).collect();
        let words = "whale\nsea\n".repeat(100);
        for text in
            [sentences, lower_case, equally_long, apart, short, words, wrapped(20), wrapped(130), "\n".repeat(50)]
        {
            assert!(!looks_wrapped(text.as_bytes()), "{text}");
        }
        assert!(!looks_wrapped(b"") && !looks_wrapped(&[0xFF; 5000]));
    }
}
