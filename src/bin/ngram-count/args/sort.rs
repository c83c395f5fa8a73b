//! The value of `--sort`: an order, or a column.

use std::sync::LazyLock;

use clap::ValueEnum;
use clap::builder::PossibleValue;
use ngram_count::Sort;
use ngram_count::write::Column;

/// What a result is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SortBy {
    Sort(Sort),
    /// A column whose name is not that of an order.
    Column(Column),
}

impl ValueEnum for SortBy {
    fn value_variants<'a>() -> &'a [Self] {
        static ALL: LazyLock<Vec<SortBy>> = LazyLock::new(|| {
            let sorts = Sort::value_variants().iter().copied().map(SortBy::Sort);
            let columns = Column::with_values().filter(|column| *column != Column::Count);
            sorts.chain(columns.map(SortBy::Column)).collect()
        });
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        match self {
            Self::Sort(sort) => sort.to_possible_value(),
            Self::Column(Column::Rank) => Some(PossibleValue::new("rank").help("By the column rank, the lowest first")),
            Self::Column(column) => {
                Some(PossibleValue::new(column.name()).help(format!("By the column {column}, the highest first")))
            }
        }
    }
}
