//! The life of one word: its years, and its counts in each.
//!
//! A row depends only on its number, so we can write rows in any order.

use super::random::nth;

/// The first year of the real files.
const FIRST_YEAR: u64 = 1505;
/// The last year of the 2009 and 2012 files.
pub(super) const LAST_YEAR: u64 = 2008;
/// The maximum number of rows of a word.
pub(super) const MAX_ROWS: u64 = LAST_YEAR + 1 - FIRST_YEAR;

/// The first rows of Aardvark in the real 20120701 file.
const AARDVARK: [Row; 3] = [Row::rare(1822, 2, 1), Row::rare(1824, 3, 1), Row::rare(1827, 10, 7)];
/// The maximum number of rows of Aardvark: the three given rows, and one for each year from 1828 on.
pub(super) const AARDVARK_ROWS: u64 = LAST_YEAR - 1827 + AARDVARK.len() as u64;

/// The matches of rows of a rare word. Over all words, three rows in ten have a single match, and three in four have one
/// digit, as the tests check.
const MATCHES: [u8; 64] = {
    let mut table = [1; 64];
    let (mut at, mut most) = (36, [47, 53, 56, 58, 59, 60, 61, 62, 63, 64].as_slice());
    let mut value = 2;
    while let [end, rest @ ..] = most {
        while at < *end {
            table[at] = value;
            at += 1;
        }
        value += if value < 9 { 1 } else { 3 };
        most = rest;
    }
    table
};

/// One year of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) year: u64,
    pub(super) matches: u64,
    pub(super) pages: u64,
    pub(super) volumes: u64,
}

impl Row {
    const fn rare(year: u64, matches: u64, volumes: u64) -> Self {
        Self { year, matches, pages: matches, volumes }
    }
}

/// All years of a word.
#[derive(Debug)]
pub(super) struct Life {
    key: u64,
    rows: u64,
    /// The number of given rows, of Aardvark alone.
    given: u64,
    last_year: u64,
    /// Years left out in 2^-32 years: this for each row of distance from the last one, and [`Self::widening`] for its
    /// square.
    gaps: u64,
    widening: u64,
    /// The frequency of the word: each level doubles its matches.
    level: u64,
    /// Levels lost with each row towards the past, in 2^-32 levels: a frequent word was rarer when it was new.
    growth: u64,
}

impl Life {
    /// `rows` is at least 1 and at most [`MAX_ROWS`].
    pub(super) fn new(key: u64, rows: u64) -> Self {
        Self::since(FIRST_YEAR, key, rows)
    }

    /// `rows` is at least 1 and at most [`AARDVARK_ROWS`].
    pub(super) fn aardvark(key: u64, rows: u64) -> Self {
        let given = rows.min(AARDVARK.len() as u64);
        let rest = Self::since(AARDVARK[2].year + 1, key, (rows - given).max(1));
        Self { rows, given, level: 4, growth: 0, ..rest }
    }

    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    /// A life since `first_year`. Its last year is near the end, nearer for a word of many rows, and the gaps widen
    /// towards the past.
    fn since(first_year: u64, key: u64, rows: u64) -> Self {
        let bits = nth(key, u64::MAX - 1);
        let byte = |at: u32| (bits >> at) & 0xff;
        let free = LAST_YEAR + 1 - first_year - rows;
        let after = ((free * byte(0) * byte(0)) >> 16) / (rows + 1);
        let gaps = ((free - after) * byte(8) * byte(16)) >> 16;
        let unit = (1 << 32) / rows;
        let level = u64::from((bits >> 24).trailing_zeros().min(12)) * 5 / 3;
        Self {
            key,
            rows,
            given: 0,
            last_year: LAST_YEAR - after,
            gaps: gaps / 2 * unit,
            widening: gaps.div_ceil(2) * unit / rows,
            level,
            growth: level * unit / 2,
        }
    }

    /// Row `index`; row 0 is the first year.
    pub(super) fn row(&self, index: u64) -> Row {
        if index < self.given {
            return AARDVARK[index as usize];
        }
        let from_end = self.rows - 1 - index;
        let bits = nth(self.key, index);
        let near = self.years_back(from_end);
        let far = self.years_back(from_end + 1);
        let year = self.last_year - near - (((far - near) * (bits & 0xff)) >> 8);
        self.counts(year, from_end, bits >> 8)
    }

    /// The minimum number of years between row `from_end` and the last row.
    fn years_back(&self, from_end: u64) -> u64 {
        from_end + ((self.gaps * from_end + self.widening * from_end * from_end) >> 32)
    }

    fn counts(&self, year: u64, from_end: u64, bits: u64) -> Row {
        let level = self.level - ((self.growth * from_end) >> 32);
        let part = |of: u64, at: u32| (of * ((bits >> at) & 0xff)) >> 8;
        let base = u64::from(MATCHES[(bits & 63) as usize]);
        let matches = (base << level) + ((bits >> 6) & ((1 << level) - 1));
        let volumes =
            if level < 4 && bits >> 40 & 1 == 0 { matches } else { (part(matches, 32) >> (level / 4)).max(1) };
        let pages = volumes + part(matches - volumes, 41);
        Row { year, matches, pages, volumes }
    }
}
