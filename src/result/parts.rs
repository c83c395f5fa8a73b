//! `PartsOf`: what the periods of a result are. Histories have the number of a file where the result is of files; the
//! names of the files are here, once for all ngrams.
//!
//! ```text
//! history of "rose"    file 0: 3    file 2: 1                    as the table keeps it
//! by file              rose  1851.txt  3    rose  1869.txt  1    the names of files 0 and 2
//! volumes              2                                         text has no volume_counts: each file is one volume
//! ```

use crate::table::rows::Period;

/// What the periods of a result are.
#[derive(Debug, Default)]
pub(crate) enum PartsOf {
    /// Years.
    #[default]
    Years,
    /// Inputs, by their numbers.
    Files(Vec<FilePart>),
}

/// An input of a result.
#[derive(Debug)]
pub(crate) struct FilePart {
    /// The name, as the user wrote it.
    pub(crate) name: Box<[u8]>,
    /// Whether the file is one volume of each ngram in it, as a text is.
    pub(crate) is_volume: bool,
}

impl PartsOf {
    /// Whether periods are files, so that their volumes are known only after [`Self::complete`].
    pub(crate) fn are_files(&self) -> bool {
        matches!(self, Self::Files(_))
    }

    /// The names of the files; none if periods are years.
    pub(crate) fn names(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        let files = if let Self::Files(files) = self { &files[..] } else { &[] };
        files.iter().map(|file| &*file.name)
    }

    /// The name of a file.
    pub(crate) fn name(&self, number: u64) -> Option<&[u8]> {
        let Self::Files(files) = self else { return None };
        Some(&files.get(usize::try_from(number).ok()?)?.name)
    }

    /// Completes the periods of a history: adds the volume that a text is.
    #[inline]
    pub(crate) fn complete(&self, periods: &mut [Period]) {
        if let Self::Files(files) = self {
            for period in periods {
                let file = usize::try_from(period.year).ok().and_then(|number| files.get(number));
                period.volumes = period.volumes.saturating_add(file.is_some_and(|file| file.is_volume).into());
            }
        }
    }
}
