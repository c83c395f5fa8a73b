//! The lines of a small text, such as the beginning of an input or a list of words.

/// The byte-order mark that a UTF-8 text may begin with. It is not part of the text.
pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The lines of a text without their line ends. Skips blank lines and a byte-order mark.
pub(crate) fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    numbered_lines(text).map(|(_, line)| line)
}

/// As [`lines`], each with its number from 1.
pub(crate) fn numbered_lines(text: &[u8]) -> impl Iterator<Item = (u64, &[u8])> {
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    let lines = text.split(|&byte| byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    (1..).zip(lines).filter(|(_, line)| !line.is_empty())
}
