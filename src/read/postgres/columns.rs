//! `Columns`: which columns of a table a count reads, and the expressions for them.

use tokio_postgres::Client;
use tokio_postgres::types::{ToSql, Type};

use super::failure::Failure;
use super::sql;
use crate::printable::quoted;

/// The columns that a count reads, as expressions.
#[derive(Debug)]
pub(crate) struct Columns {
    /// The ngram as text.
    pub(super) ngram: String,
    /// The ngram's column, for a condition.
    pub(super) ngram_column: String,
    /// The type of that column, as a cast has it.
    pub(super) ngram_type: String,
    /// Whether only the same text equals an ngram. Otherwise, a row may equal several words, each looked up by itself.
    pub(super) is_exact: bool,
    pub(super) year: Option<String>,
    pub(super) match_count: String,
    pub(super) volume_count: Option<String>,
}

/// A column of the catalogue.
struct CatalogueColumn {
    name: String,
    type_name: String,
    category: String,
    cast: String,
    /// Whether the collation takes only the same bytes for equal.
    is_deterministic: bool,
}

/// The columns of a table, in their order.
async fn all_columns(client: &Client, oid: u32) -> Result<Vec<CatalogueColumn>, Failure> {
    // Before version 12, all collations were deterministic.
    let query = "SELECT a.attname::text, t.typname::text, t.typcategory::text, format_type(a.atttypid, -1), \
                 coalesce((to_jsonb(l) ->> 'collisdeterministic')::bool, true) \
                 FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid \
                 LEFT JOIN pg_collation l ON l.oid = a.attcollation \
                 WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum";
    let parameters: [(&(dyn ToSql + Sync), Type); 1] = [(&oid, Type::OID)];
    let rows = client.query_typed(query, &parameters).await?;
    rows.iter()
        .map(|row| {
            Ok(CatalogueColumn {
                name: row.try_get(0)?,
                type_name: row.try_get(1)?,
                category: row.try_get(2)?,
                cast: row.try_get(3)?,
                is_deterministic: row.try_get(4)?,
            })
        })
        .collect()
}

impl Columns {
    /// Finds the columns of a table that the user names, or those with the usual names.
    ///
    /// # Errors
    /// When the table lacks one, or it has another type.
    pub(super) async fn find(client: &Client, oid: u32, by_user: &[String]) -> Result<Self, Failure> {
        Self::choose(&all_columns(client, oid).await?, by_user)
    }

    /// Chooses the columns that the user names, or those with the usual names.
    fn choose(all: &[CatalogueColumn], by_user: &[String]) -> Result<Self, Failure> {
        let find = |name: &str| all.iter().find(|column| column.name == name);
        let names: Vec<&str> = match by_user {
            [] => {
                let usual = |names: &[&'static str]| names.iter().copied().find(|name| find(name).is_some());
                let year = usual(&["year"]);
                let volumes = usual(&["volume_count", "volumes"]).filter(|_| year.is_some());
                let ngram = usual(&["ngram", "word"]).unwrap_or("ngram");
                let count = usual(&["match_count", "count"]).unwrap_or("match_count");
                [Some(ngram), year, Some(count), volumes].into_iter().flatten().collect()
            }
            by_user if (2..=4).contains(&by_user.len()) => by_user.iter().map(String::as_str).collect(),
            _ => {
                return Err(Failure::new(
                    "expected 2 to 4 columns: ngram,match_count or ngram,year,match_count or \
                     ngram,year,match_count,volume_count",
                ));
            }
        };
        let column = |name: &str| find(name).ok_or_else(|| missing(name, all));
        let number = |name: &str| column(name)?.number();
        let (ngram, numbers) = (column(names[0])?, &names[1..]);
        let (year, match_count, volume_count) = match *numbers {
            [count] => (None, count, None),
            [year, count] => (Some(year), count, None),
            [year, count, volumes, ..] => (Some(year), count, Some(volumes)),
            [] => return Err(missing("match_count", all)),
        };
        Ok(Self {
            ngram: ngram.text()?,
            ngram_column: sql::identifier(&ngram.name),
            ngram_type: ngram.array_type(),
            is_exact: ngram.is_exact(),
            year: year.map(number).transpose()?,
            match_count: number(match_count)?,
            volume_count: volume_count.map(number).transpose()?,
        })
    }
}

impl CatalogueColumn {
    /// The column as text.
    fn text(&self) -> Result<String, Failure> {
        let name = sql::identifier(&self.name);
        match (self.category.as_str(), self.type_name.as_str()) {
            ("S", "text" | "varchar") => Ok(name),
            ("S", _) => Ok(format!("{name}::text")),
            _ => Err(self.wrong_type("text")),
        }
    }

    /// The column as a whole number.
    fn number(&self) -> Result<String, Failure> {
        let other = ["float4", "float8", "money", "oid"];
        if self.category == "N" && !other.contains(&self.type_name.as_str()) {
            Ok(sql::identifier(&self.name))
        } else {
            Err(self.wrong_type("a whole number, such as bigint"))
        }
    }

    /// The type of a list of words that the server compares with the column by the column's index. A domain compares as
    /// text.
    fn array_type(&self) -> String {
        let is_basic = ["text", "varchar", "bpchar", "name", "citext"].contains(&self.type_name.as_str());
        if is_basic { self.cast.clone() } else { "text".into() }
    }

    /// Whether only the same text equals a value. A domain may be one of `citext`.
    fn is_exact(&self) -> bool {
        self.is_deterministic && ["text", "varchar", "name"].contains(&self.type_name.as_str())
    }

    fn wrong_type(&self, expected: &str) -> Failure {
        let name = quoted(self.name.as_bytes());
        Failure::new(format!("expected the column {name} to be {expected}, found {}", self.cast))
    }
}

fn missing(name: &str, all: &[CatalogueColumn]) -> Failure {
    let names = all.iter().map(|column| column.name.as_str());
    Failure::no_column(name, names, "Name yours as in &columns=ngram,year,match_count,volume_count")
}
