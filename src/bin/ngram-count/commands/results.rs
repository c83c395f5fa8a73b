//! The destinations of results. A command opens them before the work, so that an error comes in the first millisecond.
//! It writes the results after the work, all or none.

use std::io::{self, IsTerminal, Write};

use ngram_count::internal::unless_reader_is_gone;
use ngram_count::write::Destination;

use super::Exit;
use crate::error::Error;

/// Checks that no two results go to one place: the files, and the text for standard output, if there is one. If
/// standard output is a terminal, a file that leads there may follow the text.
///
/// # Errors
/// When two results go to one place.
pub(super) fn check_places<'a>(
    files: impl Iterator<Item = &'a Destination> + Clone,
    stdout: Option<&'a Destination>,
) -> Result<(), Error> {
    let is_mixed = !io::stdout().is_terminal() || files.clone().any(Destination::is_stdout);
    Ok(Destination::check_all_differ(files.chain(stdout.filter(|_| is_mixed)))?)
}

/// Writes a text to standard output.
pub(super) fn print(text: &[u8]) -> Result<Exit, Error> {
    put(Destination::stdout()?, text.to_vec())?;
    Ok(Exit::Success)
}

/// Writes a result.
pub(super) fn put(destination: Destination, text: Vec<u8>) -> Result<(), Error> {
    put_all(vec![(destination, text)])
}

/// Writes several results. It replaces files only when all results are on the disk. After an error, each file is
/// unchanged.
pub(super) fn put_all(results: Vec<(Destination, Vec<u8>)>) -> Result<(), Error> {
    let (mut files, mut others): (Vec<_>, Vec<_>) = results.into_iter().partition(|(to, _)| to.is_replaced());
    for (destination, text) in files.iter_mut().chain(&mut others) {
        let written = unless_reader_is_gone(destination.write_all(text));
        written.map_err(|source| destination.error(source))?;
        destination.sync()?;
    }
    Ok(files.into_iter().chain(others).try_for_each(|(destination, _)| destination.commit())?)
}
