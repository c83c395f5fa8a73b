//! The records of a block: a naive reader reads the same, or nothing. Its rules:
//!
//! ```text
//! record    length of the ngram    the ngram    count    detail
//! years     sum of the volumes    number of years    for each year: distance from the year before, count, volumes
//! ```

use ngram_count::stages::{RecordDetail, rewrite_records};

/// Checks that a block is read as by the naive reader, and that what is written again is read again as the same.
pub(super) fn check(bytes: &[u8], detail: RecordDetail) {
    let written = rewrite_records(bytes, detail);
    assert_eq!(written, read(bytes, detail));
    if let Some(written) = written {
        let again = rewrite_records(&written, detail);
        assert_eq!(again.as_ref(), Some(&written));
    }
}

/// The records with each number in as few bytes as possible; `None` if they are damaged.
fn read(mut bytes: &[u8], detail: RecordDetail) -> Option<Vec<u8>> {
    let mut written = Vec::new();
    while !bytes.is_empty() {
        let len = copy_number(&mut bytes, &mut written)?;
        let (ngram, rest) = bytes.split_at_checked(usize::try_from(len).ok()?)?;
        bytes = rest;
        written.extend(ngram);
        copy_number(&mut bytes, &mut written)?;
        match detail {
            RecordDetail::None => {}
            RecordDetail::Uncovered => _ = copy_number(&mut bytes, &mut written)?,
            RecordDetail::History => copy_years(&mut bytes, &mut written)?,
        }
    }
    Some(written)
}

/// Years ascend, each is there once, and only a history with a sum of volumes has volumes.
fn copy_years(bytes: &mut &[u8], to: &mut Vec<u8>) -> Option<()> {
    let all_volumes = copy_number(bytes, to)?;
    let len = copy_number(bytes, to)?;
    let mut year = 0_u64;
    for number in 0..len {
        let distance = copy_number(bytes, to)?;
        year = year.checked_add(distance)?;
        copy_number(bytes, to)?;
        let volumes = copy_number(bytes, to)?;
        if number > 0 && distance == 0 || volumes > 0 && all_volumes == 0 {
            return None;
        }
    }
    Some(())
}

/// Moves a number from the beginning of `bytes` to the end of `to`.
fn copy_number(bytes: &mut &[u8], to: &mut Vec<u8>) -> Option<u64> {
    let len = bytes.iter().position(|&byte| byte < 128)? + 1;
    let (digits, rest) = bytes.split_at(len);
    *bytes = rest;
    // The last byte has the highest bits.
    let mut number = 0_u128;
    for digit in digits.iter().rev() {
        number = number << 7 | u128::from(digit & 127);
        if number > u128::from(u64::MAX) {
            return None;
        }
    }
    let number = number as u64;
    let mut rest = number;
    while rest > 127 {
        to.push(rest as u8 | 128);
        rest >>= 7;
    }
    to.push(rest as u8);
    Some(number)
}
