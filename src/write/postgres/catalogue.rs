//! What the server's catalogue has about a table to write to.

use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Row};

use crate::read::postgres::address::TableName;
use crate::read::postgres::failure::Failure;
use crate::read::postgres::sql;

/// The server, and what the session may do there.
pub(super) struct Server {
    /// Tells this database from those of other servers.
    pub(super) identity: String,
    pub(super) user: String,
    pub(super) is_read_only: bool,
    pub(super) max_name_len: usize,
}

/// What has the name of a table.
pub(super) struct Relation {
    pub(super) oid: u32,
    pub(super) name: TableName,
    /// The letter of its kind: `r` is a table, `p` a partitioned table.
    pub(super) kind: String,
    pub(super) is_of_system: bool,
    /// Whether the user may use its schema and remove its rows.
    pub(super) may_delete: bool,
    /// Whether the user sees only some of its rows.
    pub(super) is_filtered: bool,
}

/// A column of a table.
pub(super) struct CatalogueColumn {
    pub(super) name: String,
    /// The type as a statement has it.
    pub(super) type_name: String,
    /// The letter of the type's category: `S` is text, `I` a whole number, `N` another number.
    pub(super) category: String,
    pub(super) is_generated: bool,
    /// Whether a row without a value for it is an error.
    pub(super) is_needed: bool,
    pub(super) may_insert: bool,
}

/// A schema in which a table can be made.
pub(super) struct Schema {
    pub(super) name: String,
    pub(super) may_create: bool,
}

type Parameter<'a> = (&'a (dyn ToSql + Sync), Type);

impl Server {
    pub(super) async fn find(client: &Client) -> Result<Self, Failure> {
        let query = "SELECT concat_ws(' ', pg_postmaster_start_time(), current_setting('port'), current_database()), \
                     current_user::text, current_setting('transaction_read_only') = 'on', \
                     current_setting('max_identifier_length')::int4";
        let row = client.query_typed(query, &[]).await?;
        let row = row.first().ok_or_else(no_row)?;
        Ok(Self {
            identity: row.try_get(0)?,
            user: row.try_get(1)?,
            is_read_only: row.try_get(2)?,
            max_name_len: usize::try_from(row.try_get::<_, i32>(3)?).unwrap_or(0),
        })
    }
}

impl Relation {
    /// What has this name; `None` if nothing has it.
    pub(super) async fn find(client: &Client, name: &TableName) -> Result<Option<Self>, Failure> {
        let query = format!(
            "SELECT c.oid, n.nspname::text, c.relname::text, c.relkind::text, c.oid < 16384, \
             has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'DELETE'), \
             row_security_active(c.oid) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {}",
            sql::HAS_NAME
        );
        let parameters: [Parameter<'_>; 2] = [(&name.name, Type::TEXT), (&name.schema, Type::TEXT)];
        let rows = client.query_typed(&query, &parameters).await?;
        rows.first().map(Self::of).transpose()
    }

    fn of(row: &Row) -> Result<Self, Failure> {
        Ok(Self {
            oid: row.try_get(0)?,
            name: TableName { schema: row.try_get(1)?, name: row.try_get(2)? },
            kind: row.try_get(3)?,
            is_of_system: row.try_get(4)?,
            may_delete: row.try_get(5)?,
            is_filtered: row.try_get(6)?,
        })
    }

    /// The columns in their order.
    pub(super) async fn columns(&self, client: &Client) -> Result<Vec<CatalogueColumn>, Failure> {
        let query = "SELECT a.attname::text, format_type(a.atttypid, a.atttypmod), \
                     CASE WHEN coalesce(nullif(t.typbasetype, 0), t.oid) IN (20, 21, 23) THEN 'I' \
                     ELSE t.typcategory::text END, a.attgenerated <> '', \
                     a.attnotnull AND NOT a.atthasdef AND a.attidentity = '', \
                     has_column_privilege(a.attrelid, a.attnum, 'INSERT') \
                     FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid \
                     WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum";
        let parameters: [Parameter<'_>; 1] = [(&self.oid, Type::OID)];
        client.query_typed(query, &parameters).await?.iter().map(CatalogueColumn::of).collect()
    }
}

impl CatalogueColumn {
    fn of(row: &Row) -> Result<Self, Failure> {
        Ok(Self {
            name: row.try_get(0)?,
            type_name: row.try_get(1)?,
            category: row.try_get(2)?,
            is_generated: row.try_get(3)?,
            is_needed: row.try_get(4)?,
            may_insert: row.try_get(5)?,
        })
    }
}

impl Schema {
    /// The schema with this name, or the one that takes new tables; `None` if there is none.
    pub(super) async fn find(client: &Client, name: Option<&String>) -> Result<Option<Self>, Failure> {
        let query = "SELECT nspname::text, has_schema_privilege(oid, 'CREATE') AND has_schema_privilege(oid, 'USAGE') \
                     FROM pg_namespace WHERE nspname = coalesce($1, current_schema()::text)";
        let parameters: [Parameter<'_>; 1] = [(&name, Type::TEXT)];
        let rows = client.query_typed(query, &parameters).await?;
        rows.first().map(|row| Ok(Self { name: row.try_get(0)?, may_create: row.try_get(1)? })).transpose()
    }
}

fn no_row() -> Failure {
    Failure::new("the server gave no answer")
}
