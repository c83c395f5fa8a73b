//! `Relation`: a table or view as the server's catalogue has it: its columns, its partitions, its pages.

use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Row};

use super::address::{Address, TableName};
use super::failure::Failure;
use super::sql;
use crate::printable::quoted;

/// A table, a view or another source of rows.
pub(crate) struct Relation {
    pub(super) columns: Columns,
    /// What to read: the table itself, or its partitions.
    pub(super) parts: Vec<Part>,
    /// Whether the server looks a row up in a list of words by a hash table.
    pub(super) hashes_lists: bool,
}

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

/// A part of a relation that is read by itself.
#[derive(Debug)]
pub(super) struct Part {
    /// The name as an identifier, with `ONLY` for a partition.
    pub(super) from: String,
    /// The number of pages now; `None` if it has no pages to read one by one.
    pub(super) pages: Option<u64>,
    /// The length of the pages in bytes; `None` for what has no pages, such as a view.
    pub(super) bytes: Option<u64>,
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

/// The first version of PostgreSQL that finds a range of pages without reading those before it, and that hashes the
/// words of a condition.
const VERSION_14: i32 = 140_000;

/// What a part's row has, for the table `c`.
const PART: &str = "c.relkind::text AS kind, a.amname::text AS access, row_security_active(c.oid) AS is_filtered, \
    c.relhassubclass AS has_children, has_table_privilege(c.oid, 'SELECT') AS is_readable, coalesce(pg_relation_size(c.oid), 0) AS bytes, \
    current_setting('block_size')::int8 AS page, current_setting('server_version_num')::int4 AS version";

impl Relation {
    /// Looks the table of an address up.
    ///
    /// # Errors
    /// When there is no such table, or its columns don't fit.
    pub(super) async fn find(client: &Client, address: &Address) -> Result<Self, Failure> {
        let query = format!(
            "SELECT c.oid, n.nspname::text AS schema, c.relname::text AS name, {PART} FROM pg_class c \
             JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_am a ON a.oid = c.relam \
             WHERE c.relname = $1 AND c.relkind IN ('r', 'p', 'm', 'v', 'f') \
             AND CASE WHEN $2::text IS NULL THEN pg_table_is_visible(c.oid) ELSE n.nspname = $2 END"
        );
        let TableName { schema, name } = &address.table;
        let rows = client.query_typed(&query, &[(name, Type::TEXT), (schema, Type::TEXT)]).await?;
        let Some(row) = rows.first() else {
            return Err(Failure::new(format!(
                "there is no table or view {}",
                quoted(address.table.to_string().as_bytes())
            )));
        };
        let oid: u32 = row.try_get("oid")?;
        let columns = Columns::choose(&columns(client, oid).await?, &address.columns)?;
        // A policy of the table does not hold for who reads its partitions.
        let has_partitions = text(row, "kind")? == "p" && !row.try_get::<_, bool>("is_filtered")?;
        let partitions = if has_partitions { partitions(client, oid).await? } else { None };
        let parts = match partitions {
            Some(parts) => parts,
            None => vec![Part::new(row, "")?],
        };
        Ok(Self { columns, parts, hashes_lists: is_modern(row)? })
    }

    /// The number of bytes of all pages; `None` if some part has no pages.
    pub(super) fn bytes(&self) -> Option<u64> {
        self.parts.iter().map(|part| part.bytes).sum()
    }
}

/// The partitions of a table, each with its pages; `None` if the table must be read as a whole, because the user may
/// not read a partition by itself, or sees only some rows of it.
async fn partitions(client: &Client, oid: u32) -> Result<Option<Vec<Part>>, Failure> {
    let query = format!(
        "SELECT n.nspname::text AS schema, c.relname::text AS name, {PART}, \
         has_schema_privilege(n.oid, 'USAGE') AS is_reachable \
         FROM pg_partition_tree($1) t JOIN pg_class c ON c.oid = t.relid \
         JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_am a ON a.oid = c.relam WHERE t.isleaf \
         AND c.relkind <> 'p'"
    );
    let mut parts = Vec::new();
    for row in client.query_typed(&query, &[(&oid, Type::OID)]).await? {
        let is = |what: &str| row.try_get::<_, bool>(what);
        if !is("is_readable")? || !is("is_reachable")? || is("is_filtered")? {
            return Ok(None);
        }
        parts.push(Part::new(&row, "ONLY ")?);
    }
    Ok(Some(parts))
}

impl Part {
    /// The part of a row of [`PART`].
    fn new(row: &Row, only: &str) -> Result<Self, Failure> {
        let is_stored = matches!(text(row, "kind")?.as_str(), "r" | "m");
        let is_heap = row.try_get::<_, Option<String>>("access")?.as_deref() == Some("heap");
        let (bytes, page): (i64, i64) = (row.try_get("bytes")?, row.try_get("page")?);
        let pages = (bytes.max(0) / page.max(1)).unsigned_abs();
        // Who may read only some columns may not read ctid.
        let has_pages = is_stored && is_heap && is_modern(row)? && row.try_get("is_readable")?;
        Ok(Self {
            from: format!("{only}{}", qualified(row)?),
            pages: has_pages.then_some(pages),
            bytes: is_stored.then_some(bytes.max(0).unsigned_abs()),
        })
    }
}

fn is_modern(row: &Row) -> Result<bool, Failure> {
    Ok(row.try_get::<_, i32>("version")? >= VERSION_14)
}

fn qualified(row: &Row) -> Result<String, Failure> {
    Ok(sql::table(&TableName { schema: Some(text(row, "schema")?), name: text(row, "name")? }))
}

fn text(row: &Row, column: &str) -> Result<String, Failure> {
    Ok(row.try_get(column)?)
}

/// The columns of a table, in their order.
async fn columns(client: &Client, oid: u32) -> Result<Vec<CatalogueColumn>, Failure> {
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
    let names: Vec<&str> = all.iter().map(|column| column.name.as_str()).collect();
    Failure::new(format!(
        "there is no column {}; the table has {}. Name yours as in &columns=ngram,year,match_count,volume_count",
        quoted(name.as_bytes()),
        names.join(", ")
    ))
}
