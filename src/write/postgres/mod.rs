//! A table of PostgreSQL as a destination: one transaction replaces its rows, or makes the table.
//!
//! ```text
//! open:    connect  ->  may the user write there? do the columns fit?  ->  disconnect: a count may take hours
//! write:   texts of COPY  ->  pieces  ->  a thread with an event loop:
//!              connect  ->  BEGIN  ->  CREATE TABLE, or LOCK TABLE and DELETE  ->  COPY, piece by piece
//! commit:  the last piece  ->  COMMIT
//! ```
//!
//! Until COMMIT, readers see the old rows, and do not wait. Two writers wait for each other, so the table has the rows of
//! one of them. Whatever fails, the server undoes the transaction.
//!
//! | files | what they are for |
//! |---|---|
//! | `target`, `catalogue`, `columns` | whether and where the rows can be written |
//! | `transaction`, `copy` | the statements |
//! | `feeder` | from the threads of the result to the thread of the connection |

mod catalogue;
mod columns;
mod copy;
mod feeder;
mod target;
mod transaction;

use std::io;

use self::feeder::Feeder;
use self::target::Target;
use crate::read::postgres::address::Address;
use crate::read::postgres::session::Session;
use crate::read::postgres::{PostgresTable, on_a_thread};
use crate::result::counts::Counts;
use crate::write::columns::Column;
use crate::write::destination::Identity;
use crate::write::{OutputFormat, OutputOptions, Written, write};

/// A table that takes a result.
#[derive(Debug)]
pub(super) struct Table {
    address: Address,
    /// The columns of the result.
    columns: Vec<Column>,
    pub(super) identity: Identity,
    /// The transaction, once it has begun.
    feeder: Option<Feeder>,
}

impl Table {
    /// Checks that the table of a URL takes a result with these options.
    ///
    /// # Errors
    /// When it does not, or the server can't be reached.
    pub(super) fn open(url: &str, options: &OutputOptions) -> io::Result<Self> {
        let address = PostgresTable::new(url).address()?.clone();
        let columns = columns_of(options)?;
        let target = on_a_thread(async || {
            let session = Session::open(&address).await?;
            let target = Target::find(&session.client, &address, &columns).await?;
            session.close().await;
            Ok(target)
        })?;
        Ok(Self { address, columns, identity: target.identity(), feeder: None })
    }

    /// Writes a result. The rows are there after [`Self::commit`].
    ///
    /// # Errors
    /// The server's, or for a result with other columns.
    pub(super) fn write_result(&mut self, counts: &Counts, options: &OutputOptions) -> io::Result<Written> {
        if columns_of(options)? != self.columns {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "was opened for other columns"));
        }
        let options = OutputOptions::copy_text(self.columns.clone());
        let feeder = match &mut self.feeder {
            Some(feeder) => feeder,
            none => none.insert(Feeder::start(&self.address, &self.columns)?),
        };
        write(counts, &options, feeder)
    }

    /// Waits until the server has all rows.
    ///
    /// # Errors
    /// The server's.
    pub(super) fn sync(&self) -> io::Result<()> {
        self.feeder.as_ref().map_or(Ok(()), Feeder::sync)
    }

    /// Shows the rows. Without a result, the table is empty then.
    ///
    /// # Errors
    /// The server's.
    pub(super) fn commit(self) -> io::Result<()> {
        match self.feeder {
            Some(feeder) => feeder.commit(),
            None => Feeder::start(&self.address, &self.columns)?.commit(),
        }
    }
}

/// The columns of a result for a table.
fn columns_of(options: &OutputOptions) -> io::Result<Vec<Column>> {
    let invalid = |why| Err(io::Error::new(io::ErrorKind::InvalidInput, why));
    if options.format != OutputFormat::Tsv || options.header || options.wide {
        return invalid("is a table, which takes TSV without a header alone");
    }
    if options.columns.is_empty() {
        return invalid("is a table, for which the columns of the result must be named");
    }
    Ok(options.columns.clone())
}
