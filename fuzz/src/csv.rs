//! CSV results of this program, counted again: as a naive reader of single records reads them.

use std::collections::BTreeMap;

use ngram_count::{Error, Job};

use crate::plan::Plan;

/// See the [crate's table](crate).
pub fn check(data: &[u8]) {
    let Some((plan, rest)) = Plan::of(data) else { return };
    let end = if plan.flags & 1 == 0 { "\r\n" } else { "\n" };
    let text = [b"word,count", end.as_bytes(), rest].concat();
    let result = plan.run(Job::new().skip_malformed(plan.skip_malformed), [plan.input(&text)]);

    let (mut sums, mut malformed) = (BTreeMap::new(), Vec::new());
    for (number, line) in (1_u64..).zip(text.split(|&byte| byte == b'\n')) {
        let is_last = number == text.split(|&byte| byte == b'\n').count() as u64;
        let Some(mut fields) = fields(line).filter(|_| number > 1) else {
            if number > 1 {
                // An error of reading, which no option skips. Lines before it may be malformed.
                let is_right = matches!(&result, Err(Error::Read { .. } | Error::Malformed { .. }));
                assert!(is_right, "line {number}, the last: {is_last}: {result:?}");
                return;
            }
            continue;
        };
        if let Some(last) = fields.last_mut()
            && last.ends_with(b"\r")
        {
            last.pop();
        }
        match &fields[..] {
            // Blank lines.
            [word] if word.is_empty() => {}
            [word, count] if word.is_empty() && count.is_empty() => {}
            [word, count] if is_number(count) => {
                *sums.entry(word.clone()).or_insert(0_u128) += u128::from(number_of(count));
            }
            _ => malformed.push(number),
        }
    }
    match &result {
        Ok(outcome) => {
            assert!(plan.skip_malformed || malformed.is_empty(), "{malformed:?}");
            let found = outcome.counts.iter().map(|(word, count)| (word.to_vec(), u128::from(count)));
            assert_eq!(found.collect::<BTreeMap<_, _>>(), sums);
        }
        Err(Error::Malformed { line, .. }) => {
            assert_eq!((plan.skip_malformed, Some(line)), (false, malformed.first()));
        }
        Err(Error::Overflow { ngram, .. }) => assert!(sums[ngram] > u128::from(u64::MAX)),
        Err(error) => panic!("{error}"),
    }
}

/// The fields of a record without its LF; `None` for a quote without an end, and for a TAB.
fn fields(line: &[u8]) -> Option<Vec<Vec<u8>>> {
    let (mut fields, mut rest) = (vec![Vec::new()], line);
    let mut at_start = true;
    while let [byte, behind @ ..] = rest {
        rest = behind;
        match byte {
            b'"' if at_start => {
                // Up to the quote that no second quote follows.
                loop {
                    let end = rest.iter().position(|&byte| byte == b'"')?;
                    fields.last_mut()?.extend_from_slice(&rest[..end]);
                    rest = &rest[end + 1..];
                    if rest.first() != Some(&b'"') {
                        break;
                    }
                    fields.last_mut()?.push(b'"');
                    rest = &rest[1..];
                }
                at_start = false;
            }
            b',' => {
                fields.push(Vec::new());
                at_start = true;
            }
            byte => {
                fields.last_mut()?.push(*byte);
                at_start = false;
            }
        }
    }
    (!line.contains(&b'\t')).then_some(fields)
}

fn is_number(field: &[u8]) -> bool {
    !field.is_empty()
        && field.iter().all(u8::is_ascii_digit)
        && std::str::from_utf8(field).is_ok_and(|text| text.parse::<u64>().is_ok())
}

fn number_of(field: &[u8]) -> u64 {
    std::str::from_utf8(field).expect("digits").parse().expect("a number")
}
