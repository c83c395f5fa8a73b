//! Whether two destinations are one place, where the second result would overwrite the first or be mixed with it.

use std::ffi::OsString;

use rustix::fs::{FileType, Stat};

/// What is the same for all names of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FileId {
    device: u64,
    inode: u64,
}

impl FileId {
    #[allow(clippy::unnecessary_cast, reason = "the types are others on other systems")]
    pub(super) fn of(stat: &Stat) -> Self {
        Self { device: stat.st_dev as u64, inode: stat.st_ino as u64 }
    }
}

/// Where a result goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Identity {
    /// A name that gets another file. Two names of one file are two places: each is replaced by itself.
    Name {
        folder: FileId,
        name: OsString,
        /// The file that has this name now.
        old: Option<FileId>,
    },
    /// What is open is written to.
    Open(FileId),
    /// `/dev/null`.
    Nowhere,
}

impl Identity {
    /// The place of what is written to as it is.
    pub(super) fn open(stat: &Stat) -> Self {
        const NULL: (u32, u32) = (1, 3);
        let is_device = FileType::from_raw_mode(stat.st_mode) == FileType::CharacterDevice;
        let device = (rustix::fs::major(stat.st_rdev), rustix::fs::minor(stat.st_rdev));
        if is_device && device == NULL { Self::Nowhere } else { Self::Open(FileId::of(stat)) }
    }

    /// Whether what is written to one is lost, or mixed up, by writing to the other.
    pub(super) fn clashes_with(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Name { folder, name, .. }, Self::Name { folder: of_other, name: others, .. }) => {
                (folder, name) == (of_other, others)
            }
            (Self::Open(one), Self::Open(other)) => one == other,
            // The name is taken from the file that is open, and all that is written to it is lost.
            (Self::Name { old, .. }, Self::Open(file)) | (Self::Open(file), Self::Name { old, .. }) => {
                *old == Some(*file)
            }
            (Self::Nowhere, _) | (_, Self::Nowhere) => false,
        }
    }
}
