//! A bucket of a result, and its entries in memory, from the table's lists or from the disk.

use crate::result::buckets::Buckets;
use crate::result::disk_buckets::LoadedList;
use crate::result::order::Arenas;
use crate::table::{Detail, Entry};

/// A part of a result.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Bucket<'a, D> {
    /// A part of an unpartitioned list.
    Slice(&'a [Entry<D>]),
    /// The bucket with this number. It has a slice of each block.
    Numbered(usize),
    /// The bucket with this number in the temporary file.
    OnDisk(usize),
}

/// A bucket whose entries are in memory.
#[derive(Debug)]
pub(crate) struct Loaded<'a, D> {
    pub(super) buckets: &'a Buckets<D>,
    pub(super) slices: Vec<&'a [Entry<D>]>,
    /// The entries of a bucket from the disk.
    pub(super) own: Option<LoadedList<D>>,
}

impl<D: Detail> Loaded<'_, D> {
    /// The bytes of the entries.
    pub(crate) fn arenas(&self) -> &Arenas {
        self.own.as_ref().map_or(&self.buckets.arenas, |own| &own.arenas)
    }

    /// The entries in order.
    pub(crate) fn sorted(&self) -> Vec<&Entry<D>> {
        match &self.own {
            Some(LoadedList { list, arenas }) => self.buckets.order.sorted(arenas, &[list]),
            None => self.buckets.order.sorted(&self.buckets.arenas, &self.slices),
        }
    }

    /// The entries without an order.
    pub(crate) fn entries(&self) -> impl Iterator<Item = &Entry<D>> {
        self.own.iter().flat_map(|own| &own.list).chain(self.slices.iter().copied().flatten())
    }
}
