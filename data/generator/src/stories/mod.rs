//! The sample in `data/`: real words, whose invented counts follow history. The telegraph comes and goes, the radio
//! follows it, and `color` overtakes `colour`.
//!
//! A story says how often a word occurs in ten million words, year by year. The books of a year have `words_of_year`
//! words. We add some chance to each count, in whole numbers only, so that the bytes are the same on each machine. A
//! change to one story changes no other.

mod table;

use std::collections::BTreeMap;
use std::io::{self, Write};

use self::table::{COMMON, STORIES, TAGGED};
use crate::life::{LAST_YEAR, Row};
use crate::plan::Plan;
use crate::random::{key, mix, nth};
use crate::{Layout, Output, Sample, Size, Written, lines, words};

/// The first year of the stories.
const FIRST_YEAR: u64 = 1800;
/// Sorted runs, as in Google's files of 2009 and 2012.
const RUNS: usize = 3;
/// The number of words that the numbers of the table refer to.
const WHOLE: u64 = 10_000_000;

/// Writes all stories and Aardvark.
///
/// # Errors
///
/// The errors of `to`, and [`io::ErrorKind::InvalidInput`] for [`Layout::Text`], which has no years.
pub fn write(layout: Layout, to: &mut impl Write) -> io::Result<Written> {
    if layout == Layout::Text {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "text has no years, and stories need them"));
    }
    let mut out = Output { to, bytes: 0 };
    let stories = all()?;
    let mut written = Written { words: stories.len() as u64, ..Written::default() };
    let mut block = Vec::new();
    for run in 0..RUNS {
        for (_, (word, rows)) in stories.iter().enumerate().filter(|(at, _)| at % RUNS == run) {
            block.clear();
            lines::word(&mut block, layout, |block| block.extend_from_slice(word.as_bytes()), rows.iter().copied());
            out.write(&block)?;
            written.rows += rows.len() as u64;
        }
    }
    out.to.flush()?;
    written.bytes = out.bytes;
    written.lines = if layout == Layout::V3 { written.words } else { written.rows };
    Ok(written)
}

/// The rows of each word, in the order of the words' bytes.
fn all() -> io::Result<BTreeMap<String, Vec<Row>>> {
    let mut stories = BTreeMap::new();
    for &(word, points) in STORIES.iter().chain(COMMON) {
        stories.insert(word.to_owned(), tell(word, points));
    }
    for &(word, tag, percent) in TAGGED {
        let rows = stories[word].iter().filter_map(|row| part(*row, percent));
        let rows = rows.collect();
        stories.insert(format!("{word}{tag}"), rows);
    }
    stories.insert(String::from_utf8_lossy(words::AARDVARK).into_owned(), aardvark()?);
    Ok(stories)
}

/// The rows of Aardvark, from the smallest sample. They do not depend on the stories.
fn aardvark() -> io::Result<Vec<Row>> {
    let sample = Sample { size: Size::Rows(1800), words: Some(40), runs: Some(3), ..Sample::default() };
    let life = Plan::new(&sample)?.aardvark();
    Ok((0..life.rows()).map(|at| life.row(at)).collect())
}

/// The rows of a word's story.
fn tell(word: &str, points: &[(u64, u64)]) -> Vec<Row> {
    let stream = word.bytes().fold(key(1, 7), |hash, byte| mix(hash ^ u64::from(byte)));
    let years = FIRST_YEAR..=LAST_YEAR;
    years.filter_map(|year| row(year, matches(year, at(points, year), nth(stream, year)))).collect()
}

/// The value of the line through `points` in a year.
fn at(points: &[(u64, u64)], year: u64) -> u64 {
    let next = points.partition_point(|&(point, _)| point <= year);
    match (next.checked_sub(1).map(|last| points[last]), points.get(next)) {
        (Some((from, start)), Some(&(to, end))) => (start * (to - year) + end * (year - from)) / (to - from),
        (Some((_, here)), None) | (None, Some(&(_, here))) => here,
        (None, None) => 0,
    }
}

/// The matches in a year: up to a tenth more or less than the story says, and a fraction rounded by chance.
fn matches(year: u64, of_whole: u64, random: u64) -> u64 {
    let exact = words_of_year(year) * of_whole * (900 + random % 201) / 1000;
    (exact + (random >> 32) % WHOLE) / WHOLE
}

/// A row of `matches`; `None` if there are none. The more matches there are, the more of them share a book.
fn row(year: u64, matches: u64) -> Option<Row> {
    let squared = words_of_year(year) / 10;
    let shared = |places: u64| (matches * places / (matches + places)).max(1);
    (matches > 0).then(|| Row { year, matches, pages: shared(squared / 20 + 1), volumes: shared(squared / 5000 + 1) })
}

/// A part of a row in percent; `None` if it has no matches.
fn part(all: Row, percent: u64) -> Option<Row> {
    row(all.year, all.matches * percent / 100)
}

/// The number of words in the books of a year, as in `data/total-counts.txt`.
fn words_of_year(year: u64) -> u64 {
    10 * (year - 1500).pow(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn per_whole(word: &str, year: u64) -> u64 {
        let rows = &all().unwrap()[word];
        let near = rows.iter().filter(|row| row.year.abs_diff(year) <= 3);
        near.map(|row| row.matches * WHOLE / words_of_year(row.year)).sum::<u64>() / 7
    }

    #[test]
    fn a_line_goes_through_its_points() {
        let points = [(1850, 0), (1860, 100), (1900, 20)];
        assert_eq!(
            [1800, 1850, 1855, 1860, 1880, 1900, 2000].map(|year| at(&points, year)),
            [0, 0, 50, 100, 60, 20, 20]
        );
        assert_eq!(at(&[], 1900), 0);
    }

    #[test]
    fn counts_follow_the_stories() {
        assert!(per_whole("telegraph", 1830) == 0 && per_whole("telegraph", 1990) < 60);
        assert!((300..400).contains(&per_whole("telegraph", 1900)));
        assert!(per_whole("colour", 1850) > per_whole("color", 1850));
        assert!(per_whole("colour", 1950) < per_whole("color", 1950));
        assert!(all().unwrap()["internet"].iter().all(|row| row.year > 1986));
    }

    #[test]
    fn each_word_stands_once_with_years_that_ascend() {
        let stories = all().unwrap();
        assert_eq!(stories.len(), STORIES.len() + COMMON.len() + TAGGED.len() + 1);
        for (word, rows) in stories {
            assert!(rows.is_sorted_by(|one, next| one.year < next.year) && !rows.is_empty(), "{word}");
            assert!(rows.iter().all(|row| row.matches >= row.pages && row.pages >= row.volumes), "{word}");
        }
    }

    #[test]
    fn points_ascend() {
        for (word, points) in STORIES.iter().chain(COMMON) {
            assert!(points.is_sorted_by(|one, next| one.0 < next.0), "{word}");
        }
    }
}
