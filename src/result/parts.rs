//! `PartsOf`: what the periods of a result are. Histories have the number of a file where the result is of files; the
//! names of the files are here, once for all ngrams. With dated texts, their years are here.
//!
//! ```text
//! history of "rose"    file 0: 3    file 2: 1                    as the table keeps it
//! by file              rose  1851.txt  3    rose  1869.txt  1    the names of files 0 and 2
//! volumes              2                                         text has no volume_counts: each file is one volume
//! dated texts          1851: 3, 1 volume    1869: 1, 1 volume    the years of files 0 and 2
//! ```

use crate::table::rows::{Period, sum_equal_years};

/// What the periods of a result are.
#[derive(Debug, Default)]
pub(crate) enum PartsOf {
    /// Years.
    #[default]
    Years,
    /// Inputs, by their numbers.
    Files(Vec<FilePart>),
    /// Years of texts. Histories have the numbers of inputs.
    Texts {
        /// The year of each input.
        years: Vec<u64>,
        /// Whether anybody asks for volumes.
        has_volumes: bool,
    },
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
    /// Whether histories have the numbers of files, so that volumes are known only after [`Self::complete`].
    pub(crate) fn are_files(&self) -> bool {
        !matches!(self, Self::Years)
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

    /// Completes the periods of a history: adds the volume that a text is, and puts the texts of a year together.
    #[inline]
    pub(crate) fn complete(&self, periods: &mut Vec<Period>) {
        match self {
            Self::Years => {}
            Self::Files(files) => {
                for period in periods {
                    let file = usize::try_from(period.year).ok().and_then(|number| files.get(number));
                    period.volumes = period.volumes.saturating_add(file.is_some_and(|file| file.is_volume).into());
                }
            }
            Self::Texts { years, has_volumes } => put_together(periods, years, *has_volumes),
        }
    }
}

/// Turns periods of texts into periods of their years.
fn put_together(periods: &mut Vec<Period>, years: &[u64], has_volumes: bool) {
    for period in &mut *periods {
        let year = usize::try_from(period.year).ok().and_then(|number| years.get(number));
        (period.year, period.volumes) = (year.copied().unwrap_or_default(), has_volumes.into());
    }
    periods.sort_by_key(|period| period.year);
    sum_equal_years(periods);
}
