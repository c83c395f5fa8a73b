//! The fast path for a line: the 16 bytes behind the ngram, in one vector.
//!
//! In 99.9 % of Google's rows, these 16 bytes hold the rest of the line. Three bit masks, with a bit for each byte,
//! tell whether the rest is well-formed, and where its count stands:
//!
//! ```text
//! load the 16 bytes behind `ngram TAB`
//! non_digits, tabs, line_feeds = bit masks of the 16 bytes
//! line = all bits up to the lowest of line_feeds, and that bit
//! if the non-digits in `line` are not TABs and, at its end, the LF: return None
//! layout = LAYOUTS[non_digits & line]      // where the count begins, and how many digits it has
//! if layout is NONE: return None           // too few or too many fields, an empty field, a long count
//! add the count's digits to the sum
//! return the length of the rest
//! ```
//!
//! An example: in `Art TAB 1822 TAB 23 TAB 1 LF` and the line behind it, the ngram is `Art`. Byte 0 stands on the left,
//! and so does bit 0 of each mask:
//!
//! ```text
//! byte                            0   1   2   3   4   5   6   7   8   9  10  11  12  13  14  15
//!                                 1   8   2   2 TAB   2   3 TAB   1  LF   A   r   t TAB   1   8
//! non_digits                      .   .   .   .   1   .   .   1   .   1   1   1   1   1   .   .
//! tabs                            .   .   .   .   1   .   .   1   .   .   .   .   .   1   .   .
//! line_feeds                      .   .   .   .   .   .   .   .   .   1   .   .   .   .   .   .
//!
//! line                            1   1   1   1   1   1   1   1   1   1   .   .   .   .   .   .
//! (non_digits ^ tabs) & line      .   .   .   .   .   .   .   .   .   1   .   .   .   .   .   .
//! non_digits & line               .   .   .   .   1   .   .   1   .   1   .   .   .   .   .   .
//! ```
//!
//! The second row from below holds the LF alone: all other bytes of the line are digits and TABs. The last row, read as
//! a number, is 0b10_1001_0000. Its layout says that the count begins at byte 5 and has 2 digits, `23`.
//!
//! The only branches test for an unusual line, so the processor hardly ever mispredicts them. The lengths of the
//! numbers differ from line to line, and no branch depends on them.

use memchr::memchr2;
use wide::u8x16;

use crate::parse::digits::{ByteMasks, DigitSum};
use crate::parse::layout::Layout;
use crate::parse::rows::columns::{Columns, Row};
use crate::parse::year_filter::YearFilter;

/// The number of bytes that [`parse_fast`] reads behind the ngram: it classifies 16, and loads 8 from any of them on.
pub(super) const FAST_BYTES: usize = 24;

/// Parses the rest of a line, at the beginning of `rest`. If the year filter keeps the line, adds its count to `digits`
/// and one to `kept`. Returns the length of the rest with its LF.
///
/// Returns `None` and adds nothing if the rest is longer than 16 bytes, or unusual in any way:
/// [`super::columns::parse_full`] then parses the line.
#[inline]
pub(super) fn parse_fast<C: Columns, W: YearFilter>(
    rest: &[u8; FAST_BYTES],
    year_filter: W,
    digits: &mut DigitSum,
    kept: &mut u64,
) -> Option<usize> {
    let masks = ByteMasks::of(rest.first_chunk()?);
    // Without an LF among the 16 bytes, `line` has all bits set. Its highest bit is one that `non_digits` never has.
    let line = masks.line_feeds ^ masks.line_feeds.wrapping_sub(1);
    let line_feed = line ^ line >> 1;
    if (masks.non_digits ^ masks.tabs) & line != line_feed {
        return None;
    }
    let layout = C::LAYOUTS[usize::from((masks.non_digits & line) as u16)];
    if layout == Layout::NONE {
        return None;
    }
    let (begin, shift) = layout.count();
    let count = *rest.get(begin..)?.first_chunk()?;
    if W::ALL {
        digits.add(count, shift);
    } else {
        if masks.non_digits.trailing_zeros() != 4 {
            return None;
        }
        let is_kept = year_filter.contains_digits(*rest.first_chunk()?);
        digits.add_if(count, shift, is_kept);
        *kept += u64::from(is_kept);
    }
    let len = masks.line_feeds.trailing_zeros() as usize + 1;
    debug_assert!(rest[len - 1] == b'\n' && begin < len, "the rest ends with its LF, and the count lies before it");
    Some(len)
}

/// The line at offset `at`, with any ngram. `None` if the line is unusual.
#[inline]
pub(super) fn parse_line_fast<C: Columns, W: YearFilter>(text: &[u8], at: usize, year_filter: W) -> Option<Row> {
    let ngram = ngram_len(&text[at..])?;
    let rest = text.get(at + ngram + 1..)?.first_chunk()?;
    let (mut digits, mut kept) = (DigitSum::default(), 0);
    let len = parse_fast::<C, W>(rest, year_filter, &mut digits, &mut kept)?;
    Some(Row { ngram, count: digits.sum(), is_kept: W::ALL || kept > 0, next: at + ngram + 1 + len })
}

/// The number of bytes before the first TAB. `None` if the line ends before a TAB.
#[inline]
fn ngram_len(text: &[u8]) -> Option<usize> {
    if let Some(bytes) = text.first_chunk() {
        let bytes = u8x16::new(*bytes);
        let tabs = bytes.simd_eq(u8x16::splat(b'\t')).to_bitmask();
        let ends = bytes.simd_eq(u8x16::splat(b'\n')).to_bitmask();
        if tabs | ends != 0 {
            let len = tabs.trailing_zeros();
            return (len < ends.trailing_zeros()).then_some(len as usize);
        }
    }
    let len = memchr2(b'\t', b'\n', text)?;
    (text[len] == b'\t').then_some(len)
}
