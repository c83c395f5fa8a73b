//! Results as JSON objects.

use std::borrow::Cow;
use std::io;

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::write::columns::Column;
use crate::write::lines::{Cell, ResultLine, real};

struct Object<'a> {
    line: &'a ResultLine<'a>,
    columns: &'a [Column],
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(Some(self.columns.len()))?;
        for &column in self.columns {
            match self.line.cell(column) {
                Cell::Ngram(ngram) => object.serialize_entry(column.name(), &String::from_utf8_lossy(ngram)),
                Cell::Number(number) => object.serialize_entry(column.name(), &number),
                // As many places as in the other formats.
                Cell::Real(value, places) => {
                    object.serialize_entry(column.name(), &real(value, places).parse().unwrap_or(value))
                }
                Cell::Sparkline(bars) => object.serialize_entry(column.name(), &bars.to_string()),
                Cell::Missing => object.serialize_entry(column.name(), &()),
            }?;
        }
        object.end()
    }
}

/// Appends a line as an object; returns whether it is the first one in which an ngram is no UTF-8, so that bytes were
/// replaced.
pub(super) fn object(line: &ResultLine<'_>, columns: &[Column], text: &mut Vec<u8>) -> io::Result<bool> {
    serde_json::to_writer(text, &Object { line, columns })?;
    Ok(match line.cell(Column::Word) {
        Cell::Ngram(ngram) if line.is_first && columns.contains(&Column::Word) => {
            matches!(String::from_utf8_lossy(ngram), Cow::Owned(_))
        }
        _ => false,
    })
}
