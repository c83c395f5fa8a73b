//! The files that a command counts: those of its command line, of lists, and of folders.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStringExt;
use std::path::Path;

use ngram_count::internal::{is_table_url, names, plain, printable};
use walkdir::WalkDir;

use crate::args::{BenchOptions, Cli, Command, CountOptions, FileLists, PlotOptions};
use crate::commands::job::is_stdin;
use crate::error::Error;

/// Replaces the lists of files by the files that they name, and each folder by its files.
///
/// # Errors
/// When a list or a folder can't be read or names no files, and when standard input is named twice.
pub(crate) fn resolve(cli: &mut Cli) -> Result<(), Error> {
    let (files, lists, others): (_, _, Vec<&OsString>) = match &mut cli.command {
        None => {
            let CountOptions { files, lists, words, patterns, result, against, .. } = &mut cli.count;
            with_folders(against)?;
            let others = words.lists().chain(&patterns.exclude_from).chain(&result.totals).chain(&*against);
            (files, lists, others.collect())
        }
        Some(Command::Plot(options)) => {
            let PlotOptions { files, lists, words, totals, .. } = &mut **options;
            (files, lists, words.lists().chain(totals.iter()).collect())
        }
        Some(Command::Bench(options)) => {
            let BenchOptions { files, lists, words, patterns, .. } = &mut **options;
            (files, lists, words.lists().chain(&patterns.exclude_from).collect())
        }
        Some(Command::Completions { .. } | Command::Man) => return Ok(()),
    };
    check_stdin(files, lists, &others)?;
    if !lists.are_empty() {
        lists.with_separators().try_for_each(|(list, separator)| {
            files.extend(listed(list, separator)?);
            Ok::<_, Error>(())
        })?;
        check_stdin(files, lists, &others)?;
    }
    with_folders(files)
}

/// Replaces each folder by its files.
fn with_folders(files: &mut Vec<OsString>) -> Result<(), Error> {
    let named = std::mem::take(files);
    for name in named {
        if is_folder(&name) {
            files.extend(files_in(&name)?);
        } else {
            files.push(name);
        }
    }
    Ok(())
}

/// Checks that the command reads standard input at most once: as an input or as a list.
fn check_stdin(files: &[OsString], lists: &FileLists, others: &[&OsString]) -> Result<(), Error> {
    let is_input = files.is_empty() && lists.are_empty();
    let lists = lists.with_separators().map(|(list, _)| list);
    let named = files.iter().chain(lists).chain(others.iter().copied()).filter(|name| is_stdin(name)).count();
    if named + usize::from(is_input) > 1 { Err(ngram_count::Error::StdinTwice.into()) } else { Ok(()) }
}

/// The names in a list.
fn listed(list: &OsStr, separator: u8) -> Result<Vec<OsString>, Error> {
    let names = names(list, separator)?;
    let wrong = |reason| Err(Error::Usage(format!("{}: {reason}", shown(list))));
    if names.is_empty() {
        return wrong("names no files");
    }
    if names.iter().any(|name| name.contains(&0)) {
        return wrong("holds a NUL byte, so it does not name a file in each line; --files0-from reads such a list");
    }
    Ok(names.into_iter().map(OsString::from_vec).collect())
}

fn shown(list: &OsStr) -> String {
    if list == "-" { "standard input".into() } else { printable(list) }
}

fn is_folder(name: &OsString) -> bool {
    !is_stdin(name) && !is_table_url(name) && Path::new(name).is_dir()
}

/// The files of a folder and of the folders in it, in the order of their names. Hidden files, and what is neither a file
/// nor a folder, are left out. Links are followed, but not back to a folder around them.
fn files_in(folder: &OsStr) -> Result<Vec<OsString>, Error> {
    let is_shown =
        |entry: &walkdir::DirEntry| entry.depth() == 0 || !entry.file_name().as_encoded_bytes().starts_with(b".");
    let mut files = Vec::new();
    for entry in WalkDir::new(folder).follow_links(true).sort_by_file_name().into_iter().filter_entry(is_shown) {
        match entry {
            Ok(entry) if entry.file_type().is_file() => files.push(entry.into_path().into_os_string()),
            Ok(_) => {}
            Err(error) if error.loop_ancestor().is_some() => {}
            // The run tells that this link leads nowhere, or goes on without it.
            Err(error) if error.path().is_some_and(Path::is_symlink) => {
                files.extend(error.path().map(|path| path.as_os_str().to_owned()));
            }
            Err(error) => return Err(unlisted(folder, error)),
        }
    }
    if files.is_empty() {
        return Err(Error::Usage(format!("{}: is a folder without files", printable(folder))));
    }
    Ok(files)
}

/// The error of a folder that can't be listed. It ends a run that keeps going, too: nobody knows what is left out.
fn unlisted(folder: &OsStr, error: walkdir::Error) -> Error {
    let place = printable(error.path().map_or(folder, Path::as_os_str));
    let reason = error.into_io_error().map_or_else(|| "can't be listed".into(), |error| plain(&error));
    Error::Usage(format!("{place}: {reason}"))
}
