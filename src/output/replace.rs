//! Where a result goes: standard output, or a file that is replaced in one step when all is written.

use std::fs::{self, File, Permissions};
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::error::{Error, Result};

/// An open place for a result. Dropped before [`Destination::commit`], it leaves an old file as it was.
#[derive(Debug)]
pub struct Destination {
    /// The path as the user wrote it; for messages.
    path: PathBuf,
    to: To,
}

#[derive(Debug)]
enum To {
    /// Written as it comes: a pipe, a terminal, a device.
    Direct(File),
    /// Written beside `target`, which it then replaces.
    Replace { temporary: NamedTempFile, target: PathBuf },
}

impl Destination {
    /// Standard output.
    ///
    /// # Errors
    /// [`Error::Write`] when it is closed.
    pub fn stdout() -> Result<Self> {
        let path = PathBuf::from("standard output");
        // A file of its own: the one of the standard library looks for line ends in all that is written.
        match io::stdout().as_fd().try_clone_to_owned() {
            Ok(descriptor) => Ok(Self { path, to: To::Direct(descriptor.into()) }),
            Err(source) => Err(Error::Write { path, source }),
        }
    }

    /// The file at `path`, which need not be there yet; `-` is standard output. To be called before the work begins, so
    /// that a path that can't be written to is known at once.
    ///
    /// # Errors
    /// [`Error::Write`] when a file can't be made in its folder, or when `path` is a folder.
    pub fn file(path: &Path) -> Result<Self> {
        let wrap = |source| Error::Write { path: path.to_owned(), source };
        if STDOUT.iter().any(|name| path == Path::new(name)) {
            return Self::stdout();
        }
        if path.as_os_str().as_encoded_bytes().ends_with(b"/") {
            return Err(wrap(io::ErrorKind::IsADirectory.into()));
        }
        let to = match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => return Err(wrap(io::ErrorKind::IsADirectory.into())),
            Ok(metadata) if !metadata.is_file() => To::Direct(File::options().write(true).open(path).map_err(wrap)?),
            // What a link leads to is replaced, not the link.
            Ok(metadata) => {
                let to = replace(fs::canonicalize(path).map_err(wrap)?).map_err(wrap)?;
                if let To::Replace { temporary, .. } = &to {
                    fs::set_permissions(temporary.path(), metadata.permissions()).map_err(wrap)?;
                }
                to
            }
            // Nothing is there, or a link to nothing, which then gets what it leads to.
            Err(_) => {
                let link = fs::read_link(path).ok().and_then(|to| Some(path.parent()?.join(to)));
                replace(link.unwrap_or_else(|| path.to_owned())).map_err(wrap)?
            }
        };
        Ok(Self { path: path.to_owned(), to })
    }

    /// The file that must go when the process is ended before [`Destination::commit`].
    pub fn temporary(&self) -> Option<&Path> {
        match &self.to {
            To::Direct(_) => None,
            To::Replace { temporary, .. } => Some(temporary.path()),
        }
    }

    /// Puts the new file in the old one's place.
    ///
    /// # Errors
    /// [`Error::Write`]; the old file then is as it was.
    pub fn commit(self) -> Result<()> {
        match self.to {
            To::Direct(_) => Ok(()),
            To::Replace { temporary, target } => match temporary.persist(target) {
                Ok(_) => Ok(()),
                Err(error) => Err(Error::Write { path: self.path, source: error.error }),
            },
        }
    }

    /// An error of writing to this destination.
    pub fn error(&self, source: io::Error) -> Error {
        Error::Write { path: self.path.clone(), source }
    }
}

/// Names of standard output. Opened anew, a file behind it would be written from its beginning, or replaced.
const STDOUT: [&str; 4] = ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];

fn replace(target: PathBuf) -> io::Result<To> {
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let temporary = tempfile::Builder::new()
        .prefix(".ngram-count-")
        // The process's umask takes from these what is to be taken.
        .permissions(Permissions::from_mode(0o666))
        .tempfile_in(folder)?;
    Ok(To::Replace { temporary, target })
}

impl Write for Destination {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        match &mut self.to {
            To::Direct(file) => file.write(text),
            To::Replace { temporary, .. } => temporary.as_file_mut().write(text),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
