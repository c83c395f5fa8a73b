//! `Number`: the value of a column in a line, compared exactly and in the order of the numbers.

use std::cmp::Ordering;

/// A number that a column shows, or that a column is compared with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Number {
    /// A whole number that is not negative.
    Whole(u64),
    /// Any other number. It is finite.
    Real(f64),
}

/// 2^64, the first number that no [`Number::Whole`] can hold.
const END_OF_WHOLE: f64 = 18_446_744_073_709_551_616.0;

impl Number {
    /// Reads a number such as `1950`, `0.05`, `-1.5` or `1e-6`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if !text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte)) {
            return None;
        }
        if text.bytes().all(|byte| byte.is_ascii_digit())
            && let Ok(whole) = text.parse()
        {
            return Some(Self::Whole(whole));
        }
        text.parse().ok().filter(|real: &f64| real.is_finite()).map(Self::Real)
    }

    /// Compares the exact values.
    pub(crate) fn compare(self, other: Self) -> Ordering {
        match (self, other) {
            (Self::Whole(one), Self::Whole(other)) => one.cmp(&other),
            (Self::Real(one), Self::Real(other)) => (one + 0.0).total_cmp(&(other + 0.0)),
            (Self::Whole(whole), Self::Real(real)) => compare_mixed(whole, real),
            (Self::Real(real), Self::Whole(whole)) => compare_mixed(whole, real).reverse(),
        }
    }

    /// A number of 64 bits. Among the whole numbers, and among the others, it has their order.
    #[inline]
    pub(crate) fn bits(self) -> u64 {
        match self {
            Self::Whole(whole) => whole,
            Self::Real(real) => {
                // IEEE 754: without its sign, a number has the order of its bits. Adding 0 makes one zero of both.
                let bits = (real + 0.0).to_bits();
                if bits >> 63 == 0 { bits | 1 << 63 } else { !bits }
            }
        }
    }
}

fn compare_mixed(whole: u64, real: f64) -> Ordering {
    if real < 0.0 {
        return Ordering::Greater;
    }
    if real >= END_OF_WHOLE {
        return Ordering::Less;
    }
    // The floor is exact: it fits a u64.
    let floor = real.floor();
    whole.cmp(&(floor as u64)).then(if real > floor { Ordering::Less } else { Ordering::Equal })
}

/// How a column is compared with a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    NotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

impl Comparison {
    /// All comparisons by their signs. A sign that begins with another stands before it.
    pub(crate) const SIGNS: [(&'static str, Self); 7] = [
        ("!=", Self::NotEqual),
        ("<=", Self::AtMost),
        (">=", Self::AtLeast),
        ("==", Self::Equal),
        ("=", Self::Equal),
        ("<", Self::Less),
        (">", Self::Greater),
    ];

    /// Whether a value and the number that it is compared with, which have this order, satisfy the comparison.
    pub(crate) fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::AtLeast => order.is_ge(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use Number::{Real, Whole};

    #[test]
    fn numbers_are_read_as_they_are_written() {
        let cases = [("0", Whole(0)), ("007", Whole(7)), ("0.5", Real(0.5)), ("-1.5", Real(-1.5)), ("1e3", Real(1e3))];
        for (text, expected) in cases {
            assert_eq!(Number::parse(text), Some(expected), "{text}");
        }
        assert_eq!(Number::parse("18446744073709551615"), Some(Whole(u64::MAX)));
        assert_eq!(Number::parse("18446744073709551616"), Some(Real(END_OF_WHOLE)));
        for text in ["", "-", ".", "inf", "nan", "1e999", "1,000", "0x10", "1 ", "ten", "1950s", "--1"] {
            assert_eq!(Number::parse(text), None, "{text}");
        }
    }

    #[test]
    fn whole_numbers_are_compared_with_others_to_the_last_digit() {
        let large = 1 << 60;
        let cases = [
            (5, 5.0, Ordering::Equal),
            (5, 5.5, Ordering::Less),
            (5, -5.0, Ordering::Greater),
            (0, -0.0, Ordering::Equal),
            (large + 1, large as f64, Ordering::Greater),
            (large - 1, large as f64, Ordering::Less),
            (u64::MAX, END_OF_WHOLE, Ordering::Less),
        ];
        for (whole, real, expected) in cases {
            assert_eq!(Whole(whole).compare(Real(real)), expected, "{whole} {real}");
            assert_eq!(Real(real).compare(Whole(whole)), expected.reverse(), "{whole} {real}");
        }
    }

    proptest! {
        #[test]
        fn bits_have_the_order_of_the_numbers(one in -1e3_f64..1e3, other in prop_oneof![-1e3_f64..1e3, Just(0.0), Just(-0.0)]) {
            prop_assert_eq!(Real(one).bits().cmp(&Real(other).bits()), Real(one).compare(Real(other)));
            prop_assert_eq!(Real(one).compare(Real(other)), one.partial_cmp(&other).unwrap());
        }
    }
}
