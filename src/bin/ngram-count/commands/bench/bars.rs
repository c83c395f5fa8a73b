//! Bars of characters. With Unicode's block characters, they are exact to an eighth of a character.

/// A bar of the length `part` (0 to 1) times `width`, in characters, without padding.
#[expect(clippy::cast_sign_loss, reason = "the part is never negative")]
pub(super) fn bar(part: f64, width: usize, has_unicode: bool) -> String {
    let part = if part.is_finite() { part.clamp(0.0, 1.0) } else { 0.0 };
    if !has_unicode {
        return "#".repeat((part * width as f64).round() as usize);
    }
    let eighths = (part * (8 * width) as f64).round() as usize;
    let mut bar = "█".repeat(eighths / 8);
    bar.push_str(["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]);
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_long_as_their_part() {
        assert_eq!(bar(1.0, 4, true), "████");
        assert_eq!(bar(0.5, 3, true), "█▌");
        assert_eq!(bar(0.5, 4, false), "##");
        for part in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(bar(part, 4, true), "", "{part}");
        }
        assert_eq!(bar(7.0, 4, false), "####");
    }
}
