//! Varints: numbers with seven bits in each byte, the lowest bits first. The eighth bit is set if more bytes follow.

/// Appends a number.
pub(super) fn write(to: &mut Vec<u8>, mut number: u64) {
    while number > 0x7F {
        to.push(number as u8 | 0x80);
        number >>= 7;
    }
    to.push(number as u8);
}

/// Takes a number from the beginning of `bytes`. `None` if they are no number, or one past 2^64-1.
#[inline]
pub(super) fn read(bytes: &mut &[u8]) -> Option<u64> {
    let (mut number, mut shift) = (0_u64, 0);
    loop {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
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
