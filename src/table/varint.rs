//! Varints: numbers with seven bits in each byte, the lowest bits first. The eighth bit is set if more bytes follow.

/// Appends a number.
pub(super) fn write(to: &mut Vec<u8>, mut number: u64) {
    while number > 0x7F {
        to.push(number as u8 | 0x80);
        number >>= 7;
    }
    to.push(number as u8);
}

/// Takes a number from the beginning of `text`; 0 if there is none.
#[inline]
pub(super) fn read(text: &mut &[u8]) -> u64 {
    let (mut number, mut shift) = (0, 0);
    while let Some((&byte, rest)) = text.split_first() {
        *text = rest;
        number |= u64::from(byte & 0x7F) << shift;
        if byte < 0x80 {
            break;
        }
        shift += 7;
    }
    number
}

/// As [`read`], for bytes that may be no number. `None` if they are none, or if it passes 2^64-1.
#[inline]
pub(super) fn checked_read(text: &mut &[u8]) -> Option<u64> {
    let (mut number, mut shift) = (0_u64, 0);
    loop {
        let (&byte, rest) = text.split_first()?;
        *text = rest;
        let bits = u64::from(byte & 0x7F);
        if shift >= u64::BITS || bits << shift >> shift != bits {
            return None;
        }
        number |= bits << shift;
        if byte < 0x80 {
            return Some(number);
        }
        shift += 7;
    }
}
