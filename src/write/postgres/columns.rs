//! The columns of a result as columns of a table: their names and their types.

use crate::printable::quoted;
use crate::read::postgres::failure::Failure;
use crate::write::columns::Column;
use crate::write::postgres::catalogue::CatalogueColumn;

/// What a column of a result holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    Text,
    Whole,
    Real,
}

impl Column {
    fn content(self) -> Content {
        match self {
            Self::Word | Self::File | Self::Spark => Content::Text,
            Self::Share
            | Self::Cumulative
            | Self::Range
            | Self::Dp
            | Self::PerMillion
            | Self::Zipf
            | Self::LogLikelihood
            | Self::LogRatio
            | Self::Difference => Content::Real,
            Self::Year
            | Self::Count
            | Self::CountThere
            | Self::Volumes
            | Self::Years
            | Self::First
            | Self::Last
            | Self::Peak
            | Self::Born
            | Self::Died
            | Self::Rank => Content::Whole,
        }
    }

    /// The type in a new table. Values that may be unknown may be NULL.
    pub(super) fn type_name(self) -> &'static str {
        match (self, self.content()) {
            (Self::Word | Self::File, _) => "text NOT NULL",
            (Self::First | Self::Last | Self::Peak | Self::Born | Self::Died, _) => "bigint",
            (_, Content::Text) => "text",
            (_, Content::Whole) => "bigint NOT NULL",
            (_, Content::Real) => "double precision",
        }
    }

    /// Checks that a column of a table takes the values. Text takes any; of what a type takes beside that, the server
    /// knows more.
    pub(super) fn check_type(self, column: &CatalogueColumn) -> Result<(), Failure> {
        let (fitting, expected): (&[_], _) = match self.content() {
            Content::Text => (&["S"], "text"),
            Content::Whole => (&["S", "I", "N"], "a number, such as bigint"),
            Content::Real => (&["S", "N"], "double precision or numeric"),
        };
        if fitting.contains(&column.category.as_str()) {
            return Ok(());
        }
        let (name, found) = (quoted(column.name.as_bytes()), &column.type_name);
        Err(Failure::new(format!("expected the column {name} to be {expected}, found {found}")))
    }
}

/// The names of the columns in the table: those that the URL lists, or those of the result.
///
/// # Errors
/// When the URL lists another number of columns, or one of them twice.
pub(super) fn names(listed: &[String], columns: &[Column]) -> Result<Vec<String>, Failure> {
    if listed.is_empty() {
        return Ok(columns.iter().map(|column| column.name().to_owned()).collect());
    }
    if let Some(twice) = listed.iter().enumerate().find(|(place, name)| listed[..*place].contains(name)) {
        return Err(Failure::new(format!("its &columns= has {} twice", quoted(twice.1.as_bytes()))));
    }
    if listed.len() != columns.len() {
        let result: Vec<_> = columns.iter().map(|column| column.name()).collect();
        return Err(Failure::new(format!(
            "its &columns= has {} names, but the result has {} columns: {}",
            listed.len(),
            columns.len(),
            result.join(",")
        )));
    }
    Ok(listed.to_vec())
}
