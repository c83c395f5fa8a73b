//! `Target`: the table that takes the rows, there or still to be made, after all checks.

use tokio_postgres::Client;

use crate::printable::quoted;
use crate::read::postgres::address::{Address, TableName};
use crate::read::postgres::failure::Failure;
use crate::read::postgres::sql;
use crate::write::columns::Column;
use crate::write::destination::Identity;
use crate::write::postgres::catalogue::{CatalogueColumn, Relation, Schema, Server};
use crate::write::postgres::columns;

pub(super) struct Target {
    /// The name with its schema.
    pub(super) name: TableName,
    pub(super) exists: bool,
    /// The columns that get values: their names, and their types in a new table.
    columns: Vec<(String, &'static str)>,
    /// Tells the database from others.
    server: String,
}

impl Target {
    /// Finds the table of an address, or the schema for it.
    ///
    /// # Errors
    /// When the user can't write a result with these columns to it.
    pub(super) async fn find(client: &Client, address: &Address, columns: &[Column]) -> Result<Self, Failure> {
        let names = columns::names(&address.columns, columns)?;
        let server = Server::find(client).await?;
        if server.is_read_only {
            return Err(Failure::new("the server takes no changes: it is a standby, or read-only for this user"));
        }
        let relation = Relation::find(client, &address.table).await?;
        let name = match &relation {
            Some(relation) => {
                check(relation, &server)?;
                let there = relation.columns(client).await?;
                check_columns(&there, &names, columns)
                    .and_then(|()| check_rights(relation, &there, &names, &server))?;
                relation.name.clone()
            }
            None => new_name(client, &address.table, &names, &server).await?,
        };
        let columns = names.into_iter().zip(columns.iter().map(|column| column.type_name())).collect();
        Ok(Self { name, exists: relation.is_some(), columns, server: server.identity })
    }

    pub(super) fn identity(&self) -> Identity {
        Identity::Table { server: self.server.clone(), name: sql::table(&self.name) }
    }

    /// The statements after which the table is there, has no rows, and takes those of nobody else.
    ///
    /// DELETE and not TRUNCATE: that would make readers wait, and a reader with an older snapshot would see no rows.
    pub(super) fn emptying(&self) -> String {
        let table = sql::table(&self.name);
        if self.exists {
            return format!("LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE; DELETE FROM {table}");
        }
        let columns: Vec<_> =
            self.columns.iter().map(|(name, type_name)| format!("{} {type_name}", sql::identifier(name))).collect();
        format!("CREATE TABLE {table} ({})", columns.join(", "))
    }

    /// The statement that takes the rows.
    pub(super) fn copying(&self) -> String {
        let columns: Vec<_> = self.columns.iter().map(|(name, _)| sql::identifier(name)).collect();
        format!("COPY {} ({}) FROM STDIN", sql::table(&self.name), columns.join(", "))
    }
}

/// Checks that rows can be replaced in what has the table's name.
fn check(relation: &Relation, server: &Server) -> Result<(), Failure> {
    let kind = match relation.kind.as_str() {
        "r" | "p" if relation.is_of_system => "a table of the system",
        "r" | "p" if relation.is_filtered => {
            return Err(Failure::new(format!(
                "row-level security hides some of its rows from {}, so they can't be replaced",
                quoted(server.user.as_bytes())
            )));
        }
        "r" | "p" => return Ok(()),
        "v" => "a view",
        "m" => "a materialised view",
        "f" => "a foreign table",
        "S" => "a sequence",
        "i" | "I" => "an index",
        "c" => "a composite type",
        _ => "something else",
    };
    let name = quoted(relation.name.to_string().as_bytes());
    Err(Failure::new(format!("{name} is {kind}; a result replaces the rows of a table")))
}

/// Checks that the table has the columns of the result, and needs no others.
fn check_columns(there: &[CatalogueColumn], names: &[String], columns: &[Column]) -> Result<(), Failure> {
    for (name, column) in names.iter().zip(columns) {
        let Some(found) = there.iter().find(|found| found.name == *name) else {
            let all = there.iter().map(|column| column.name.as_str());
            let remedy = "Name yours in the order of the result, as in &columns=ngram,match_count";
            return Err(Failure::no_column(name, all, remedy));
        };
        if found.is_generated {
            let name = quoted(name.as_bytes());
            return Err(Failure::new(format!("the server calculates the column {name}: it takes no values")));
        }
        column.check_type(found)?;
    }
    match there.iter().find(|column| column.is_needed && !names.contains(&column.name)) {
        Some(column) => {
            let name = quoted(column.name.as_bytes());
            Err(Failure::new(format!(
                "the result has no value for the column {name}, which is NOT NULL and has no default"
            )))
        }
        None => Ok(()),
    }
}

/// Checks that the user may replace the rows.
fn check_rights(
    relation: &Relation,
    there: &[CatalogueColumn],
    names: &[String],
    server: &Server,
) -> Result<(), Failure> {
    let may_insert = there.iter().filter(|column| names.contains(&column.name)).all(|column| column.may_insert);
    if relation.may_delete && may_insert {
        return Ok(());
    }
    Err(Failure::new(format!(
        "{} may not replace its rows: that needs USAGE of its schema, and INSERT and DELETE on the table",
        quoted(server.user.as_bytes())
    )))
}

/// The name of a new table, with its schema.
async fn new_name(
    client: &Client,
    name: &TableName,
    columns: &[String],
    server: &Server,
) -> Result<TableName, Failure> {
    let Some(schema) = Schema::find(client, name.schema.as_ref()).await? else {
        return Err(Failure::new(match &name.schema {
            Some(schema) => format!("there is no schema {}", quoted(schema.as_bytes())),
            None => "there is no such table, and no schema to make it in: name one, as in table=SCHEMA.NAME".into(),
        }));
    };
    if !schema.may_create {
        return Err(Failure::new(format!(
            "there is no such table, and {} may not make it in the schema {}: that needs USAGE and CREATE",
            quoted(server.user.as_bytes()),
            quoted(schema.name.as_bytes())
        )));
    }
    // The server would cut the name off, and not find it again.
    if let Some(long) = columns.iter().chain([&name.name]).find(|name| name.len() > server.max_name_len) {
        let (name, max) = (quoted(long.as_bytes()), server.max_name_len);
        return Err(Failure::new(format!("expected names of at most {max} bytes, found {name}")));
    }
    Ok(TableName { schema: Some(schema.name), name: name.name.clone() })
}
