//! Finds destinations that clash: the second result would overwrite the first, or mix with it.

use std::ffi::OsString;

use rustix::fs::{FileType, Stat};

/// The identity of a file, independent of its names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FileId {
    device: u64,
    inode: u64,
}

impl FileId {
    #[allow(clippy::unnecessary_cast, reason = "the types are others on other systems")]
    pub(super) fn of(stat: &Stat) -> Self {
        Self { device: stat.st_dev as u64, inode: stat.st_ino as u64 }
    }
}

/// The file or name that a destination writes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Identity {
    /// A name for a new file. Two names of one file are two identities: each name gets a separate file.
    Name {
        folder: FileId,
        name: OsString,
        /// The file that has this name now.
        old: Option<FileId>,
    },
    /// An open file, pipe or device that the result is written into.
    Open(FileId),
    /// `/dev/null`, which clashes with nothing.
    Nowhere,
    /// A table: what tells its server from others, and its name there.
    #[cfg(feature = "postgres")]
    Table { server: String, name: String },
}

impl Identity {
    /// The identity of an open file, pipe or device.
    pub(super) fn open(stat: &Stat) -> Self {
        const NULL: (u32, u32) = (1, 3);
        let is_device = FileType::from_raw_mode(stat.st_mode) == FileType::CharacterDevice;
        let device = (rustix::fs::major(stat.st_rdev), rustix::fs::minor(stat.st_rdev));
        if is_device && device == NULL { Self::Nowhere } else { Self::Open(FileId::of(stat)) }
    }

    /// Whether writing to both loses a result or mixes them.
    pub(super) fn clashes_with(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Name { folder, name, .. }, Self::Name { folder: of_other, name: others, .. }) => {
                (folder, name) == (of_other, others)
            }
            (Self::Open(one), Self::Open(other)) => one == other,
            // The new file takes the name from the open file, and all bytes in the open file are lost.
            (Self::Name { old, .. }, Self::Open(file)) | (Self::Open(file), Self::Name { old, .. }) => {
                *old == Some(*file)
            }
            (Self::Nowhere, _) | (_, Self::Nowhere) => false,
            #[cfg(feature = "postgres")]
            (Self::Table { .. }, _) | (_, Self::Table { .. }) => self == other,
        }
    }
}
