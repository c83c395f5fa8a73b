//! Checks that a file of total counts belongs to the input, as far as their names tell.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use ngram_count::internal::printable;
use ngram_count::write::Destination;
use ngram_count::{BeyondTotals, Format, Stats, Totals};

use crate::commands::results::check_places;
use crate::error::Error;
use crate::terminal::messages;

/// Google's names for the versions of its corpus.
const VERSIONS: [&str; 3] = ["20090715", "20120701", "20200217"];

/// The message for totals with text.
pub(super) const NO_TEXT: &str = "--totals has the words of Google's books, which tell nothing of a text without a year (--year-from); --columns share is a word's part of the text";

/// Warns of totals of another version than an input, as far as their names tell.
pub(super) fn warn_of_other_version(files: &[OsString], totals: &[OsString]) {
    if let Some(warning) = totals.iter().find_map(|totals| other_version(files, totals)) {
        messages::say(warning);
    }
}

/// Reads files of totals, and adds them up; `None` if there are no files.
///
/// # Errors
/// As [`Totals::read_all`].
pub(super) fn read(names: &[OsString]) -> Result<Option<Totals>, Error> {
    if names.is_empty() { Ok(None) } else { Ok(Some(Totals::read_all(names)?)) }
}

/// Writes a note about years of the input that the totals lack.
pub(super) fn note_lacking(beyond: Option<&BeyondTotals>) {
    let Some(BeyondTotals { years, share, .. }) = beyond else { return };
    let years = match years[..] {
        [] => return,
        [year] => format!("the year {year}"),
        [first, .., last] => format!("{} years of the input, from {first} to {last}", years.len()),
    };
    let share = if *share < 0.001 { "less than 0.1".into() } else { format!("{:.1}", 100.0 * share) };
    messages::say(format_args!(
        "the total counts lack {years}, with {share} % of what was counted; counts per million leave that out"
    ));
}

fn other_version(files: &[OsString], totals: &OsStr) -> Option<String> {
    let expected = version(totals)?;
    let (file, found) =
        files.iter().find_map(|file| Some((file, version(file).filter(|found| *found != expected)?)))?;
    let [file, totals] = [file, totals].map(printable);
    Some(format!(
        "{file} is of version {found}, {totals} of {expected}: per-million is wrong then; take the file of the same \
         version"
    ))
}

/// The version in a name: a whole group of digits. Folders may have a version, too; the last one counts.
fn version(name: &OsStr) -> Option<&'static str> {
    let mut groups = name.as_encoded_bytes().rsplit(|byte| !byte.is_ascii_digit());
    let of_group = |group: &[u8]| VERSIONS.into_iter().find(|version| version.as_bytes() == group);
    groups.find_map(of_group)
}

/// Opens the file that gets the totals of the texts, beside the destination of the result.
///
/// # Errors
/// When the file can't be written, or is the destination of the result.
pub(super) fn destination(file: Option<&Path>, result: &Destination) -> Result<Option<Destination>, Error> {
    let Some(totals) = file.map(Destination::file).transpose()? else { return Ok(None) };
    let (printed, replaced) = if result.is_stdout() { (Some(result), None) } else { (None, Some(result)) };
    check_places(std::iter::once(&totals).chain(replaced), printed)?;
    Ok(Some(totals))
}

/// Refuses text, since the totals of Google's books say nothing about it.
///
/// # Errors
/// [`Error::Usage`] with the name of the first input that is text.
pub(super) fn refuse_text(stats: &Stats) -> Result<(), Error> {
    match stats.inputs.iter().find(|input| input.format == Some(Format::Text)) {
        Some(input) => Err(Error::Usage(format!("{} is text: {NO_TEXT}", input.name))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_a_whole_group_of_digits() {
        let cases = [
            ("googlebooks-eng-all-1gram-20120701-a.gz", Some("20120701")),
            ("20200217/eng/1-00000-of-00024.gz", Some("20200217")),
            ("20120701/total-20200217.txt", Some("20200217")),
            ("v20090715.csv.zip", Some("20090715")),
            ("120120701", None),
            ("20120701a1", Some("20120701")),
            ("20120702", None),
            ("", None),
        ];
        for (name, expected) in cases {
            assert_eq!(version(name.as_ref()), expected, "{name}");
        }
    }
}
