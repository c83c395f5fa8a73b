//! `Relation`: a table or view as the server's catalogue has it: its columns, its partitions, its pages.

use tokio_postgres::types::Type;
use tokio_postgres::{Client, Row};

use super::address::{Address, TableName};
use super::columns::Columns;
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

/// The first version of PostgreSQL that finds a range of pages without reading those before it, and that hashes the
/// words of a condition.
const VERSION_14: i32 = 140_000;

/// What a part's row has, for the table `c`.
const PART: &str = "c.relkind::text AS kind, a.amname::text AS access, row_security_active(c.oid) AS is_filtered, \
    has_table_privilege(c.oid, 'SELECT') AS is_readable, coalesce(pg_relation_size(c.oid), 0) AS bytes, \
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
             WHERE {} AND c.relkind IN ('r', 'p', 'm', 'v', 'f')",
            sql::HAS_NAME
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
        let columns = Columns::find(client, oid, &address.columns).await?;
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
