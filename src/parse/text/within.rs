//! What an N-gram of running text stays within: a line, a paragraph, or the whole input.

/// The part of a text that an N-gram stays within.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[non_exhaustive]
pub enum Within {
    /// A line, as in texts with one sentence a line.
    #[cfg_attr(feature = "cli", value(help = "A line (the default)"))]
    #[default]
    Line,
    /// A paragraph, as in books. A blank line, which has at most ASCII white space, ends it.
    #[cfg_attr(feature = "cli", value(help = "A paragraph, which a blank line ends"))]
    Paragraph,
    /// The whole input.
    #[cfg_attr(feature = "cli", value(help = "The whole file"))]
    File,
}

impl Within {
    /// Whether no N-gram spans `gap`, the bytes between two words.
    #[inline]
    pub(super) fn ends_in(self, gap: &[u8]) -> bool {
        match self {
            Self::Line => gap.contains(&b'\n'),
            Self::Paragraph => has_blank_line(gap, false),
            Self::File => false,
        }
    }

    /// Whether a chunk ends N-grams before its first word, or behind its last one. `gap` has the bytes there. Chunks hold
    /// whole lines, so each blank line lies in one chunk.
    pub(super) fn ends_at_edge(self, gap: &[u8], begins_line: bool) -> bool {
        self == Self::Paragraph && has_blank_line(gap, begins_line)
    }
}

/// Whether one of the whole lines in `gap` is blank. `begins_line` says whether the first line is whole.
fn has_blank_line(gap: &[u8], begins_line: bool) -> bool {
    let mut lines = gap.split(|&byte| byte == b'\n');
    // No LF ends the last part.
    lines.next_back();
    if !begins_line {
        lines.next();
    }
    lines.any(|line| line.iter().all(|byte| b" \t\x0B\x0C\r".contains(byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blank_line_has_white_space_alone() {
        for gap in ["\n\n", "\r\n\r\n", " \n \t\n ", ".\n\n", "\n\x0C\n--"] {
            assert!(has_blank_line(gap.as_bytes(), false), "{gap:?}");
        }
        for gap in ["", "\n", " \n ", "\n \r", ".\n*\n", "\n\u{a0}\n"] {
            assert!(!has_blank_line(gap.as_bytes(), false), "{gap:?}");
        }
        assert!(has_blank_line(b" \n", true) && !has_blank_line(b" \n", false) && !has_blank_line(b" ", true));
    }
}
