//! `Condition`: what a column of a word in the result must be like.

use std::fmt;
use std::str::FromStr;

use crate::printable::quoted;
use crate::result::number::{Comparison, Number};
use crate::write::columns::Column;

/// A comparison of a column with a number, for [`Job::condition`](crate::Job::condition): `first>=1950`.
///
/// ```
/// use ngram_count::write::Condition;
///
/// assert!("first >= 1950".parse::<Condition>().is_ok());
/// let error = "firts>=1950".parse::<Condition>().unwrap_err();
/// assert!(error.to_string().starts_with("there is no column \"firts\""));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Condition {
    column: Column,
    pub(crate) comparison: Comparison,
    pub(crate) number: Number,
}

impl Condition {
    /// The column that is compared.
    pub fn column(&self) -> Column {
        self.column
    }
}

/// The error of a text that is no [`Condition`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidCondition {
    /// The text has no column, comparison and number.
    Form,
    /// There is no such column.
    Column(String),
    /// The column has no numbers, or none that are of whole words.
    NoNumbers(Column),
    /// This is no number.
    Number(String),
}

impl fmt::Display for InvalidCondition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form => f.write_str("expected a column, one of = != < <= > >=, and a number, such as first>=1950")?,
            Self::Column(name) => write!(f, "there is no column {}", quoted(name.as_bytes()))?,
            Self::NoNumbers(column) => write!(f, "the column {column} can't be compared with a number")?,
            Self::Number(text) => {
                write!(f, "expected a number, such as 1950 or 0.5, found {}", quoted(text.as_bytes()))?;
            }
        }
        let names: Vec<_> = Column::with_values().map(Column::name).collect();
        write!(f, "; the columns are {}", names.join(", "))
    }
}

impl std::error::Error for InvalidCondition {}

impl FromStr for Condition {
    type Err = InvalidCondition;

    fn from_str(text: &str) -> Result<Self, InvalidCondition> {
        let place = text.find(['=', '!', '<', '>']).ok_or(InvalidCondition::Form)?;
        let (name, rest) = text.split_at(place);
        let sign = Comparison::SIGNS.into_iter().find(|(sign, _)| rest.starts_with(sign));
        let (sign, comparison) = sign.ok_or(InvalidCondition::Form)?;
        let (name, number) = (name.trim(), rest[sign.len()..].trim());
        if name.is_empty() || number.is_empty() {
            return Err(InvalidCondition::Form);
        }
        let column = Column::ALL.iter().find(|column| column.name() == name);
        let column = *column.ok_or_else(|| InvalidCondition::Column(name.to_owned()))?;
        if !column.has_values() {
            return Err(InvalidCondition::NoNumbers(column));
        }
        let number = Number::parse(number).ok_or_else(|| InvalidCondition::Number(number.to_owned()))?;
        Ok(Self { column, comparison, number })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_comparison_is_read() {
        for (sign, comparison) in Comparison::SIGNS {
            for text in [format!("first{sign}1950"), format!(" first {sign} 1950 ")] {
                let condition: Condition = text.parse().unwrap();
                let expected = Condition { column: Column::First, comparison, number: Number::Whole(1950) };
                assert_eq!(condition, expected, "{text}");
            }
        }
        let condition: Condition = "per-million<=-1.5e-3".parse().unwrap();
        assert_eq!((condition.column(), condition.number), (Column::PerMillion, Number::Real(-0.0015)));
    }

    #[test]
    fn what_is_wrong_is_told_with_the_columns() {
        let cases = [
            ("first", "expected a column, one of = != < <= > >=, and a number, such as first>=1950"),
            ("first!1950", "expected a column, one of = != < <= > >=, and a number, such as first>=1950"),
            (">5", "expected a column, one of = != < <= > >=, and a number, such as first>=1950"),
            ("first>", "expected a column, one of = != < <= > >=, and a number, such as first>=1950"),
            ("First>5", "there is no column \"First\""),
            ("count volumes>5", "there is no column \"count volumes\""),
            ("word=a", "the column word can't be compared with a number"),
            ("year>1950", "the column year can't be compared with a number"),
            ("cumulative<0.5", "the column cumulative can't be compared with a number"),
            ("count>>5", "expected a number, such as 1950 or 0.5, found \">5\""),
            ("count>many", "expected a number, such as 1950 or 0.5, found \"many\""),
            ("count>1,000", "expected a number, such as 1950 or 0.5, found \"1,000\""),
        ];
        for (text, expected) in cases {
            let error = text.parse::<Condition>().unwrap_err().to_string();
            let (message, columns) = error.split_once("; the columns are ").unwrap();
            assert_eq!(message, expected, "{text}");
            assert!(
                columns.starts_with(
                    "count, volumes, years, first, last, peak, born, died, share, rank, range, dp, per-million"
                ),
                "{error}"
            );
        }
    }
}
