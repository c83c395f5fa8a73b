//! Lines as JSON objects.

use std::borrow::Cow;
use std::io;

use serde::ser::{SerializeMap, Serializer};

use crate::write::cell::{Cell, mean, real};

/// Appends a line as an object. Returns whether its ngram is not UTF-8: U+FFFD then replaces the other bytes.
pub(super) fn object<'n, 'a>(
    cells: impl IntoIterator<Item = (&'n str, Cell<'a>)>,
    text: &mut Vec<u8>,
) -> io::Result<bool> {
    let mut is_replaced = false;
    let mut serializer = serde_json::Serializer::new(text);
    let mut object = serializer.serialize_map(None)?;
    for (name, cell) in cells {
        match cell {
            Cell::Ngram(ngram) => {
                let ngram = String::from_utf8_lossy(ngram);
                is_replaced |= matches!(ngram, Cow::Owned(_));
                object.serialize_entry(name, &ngram)
            }
            Cell::Name(file) => object.serialize_entry(name, &String::from_utf8_lossy(file)),
            Cell::Number(number) => object.serialize_entry(name, &number),
            // Round to as many places as in the other formats.
            Cell::Real(value, places) => object.serialize_entry(name, &real(value, places).parse().unwrap_or(value)),
            Cell::Mean(value, places) => object.serialize_entry(name, &mean(value, places).parse().unwrap_or(value)),
            Cell::Measured(value) => object.serialize_entry(name, &value),
            Cell::Sparkline(sparkline) => object.serialize_entry(name, &sparkline.to_string()),
            Cell::Missing => object.serialize_entry(name, &()),
        }?;
    }
    object.end()?;
    Ok(is_replaced)
}
