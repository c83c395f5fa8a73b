//! The transaction that replaces the rows of a table, or makes the table.

use std::sync::mpsc;

use tokio::sync::mpsc::UnboundedReceiver;
use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

use crate::read::postgres::address::Address;
use crate::read::postgres::failure::Failure;
use crate::read::postgres::session::Session;
use crate::write::columns::Column;
use crate::write::postgres::copy::Copy;
use crate::write::postgres::feeder::Message;
use crate::write::postgres::target::Target;

/// With REPEATABLE READ, which may be a user's default, DELETE would pass over the rows of a writer that it has waited for.
const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
/// How often we look again for a table that others make or remove meanwhile.
const MAX_TRIES: usize = 5;

/// Replaces the rows of a table by those of the messages. Without [`Message::Commit`], the table stays as it was.
///
/// # Errors
/// The server's. The table then is as it was.
pub(super) async fn replace(
    address: &Address,
    columns: &[Column],
    messages: &mut UnboundedReceiver<Message>,
    sent: &mpsc::Sender<()>,
) -> Result<(), Failure> {
    let session = Session::open(address).await?;
    let target = begin(&session.client, address, columns).await?;
    let mut copy = Copy::new(&session.client, &target);
    while let Some(message) = messages.recv().await {
        match message {
            Message::Rows(rows) => {
                copy.send(rows).await?;
                // Nobody waits for the last tokens.
                let _ = sent.send(());
            }
            Message::Finish(done) => {
                copy.finish().await?;
                let _ = done.send(());
            }
            Message::Commit => {
                copy.finish().await?;
                session.client.batch_execute("COMMIT").await.map_err(in_doubt)?;
                break;
            }
        }
    }
    session.close().await;
    Ok(())
}

/// Begins the transaction: the table is there, without rows, and nobody else writes to it.
async fn begin(client: &Client, address: &Address, columns: &[Column]) -> Result<Target, Failure> {
    for _ in 1..MAX_TRIES {
        match try_begin(client, address, columns).await? {
            Ok(target) => return Ok(target),
            Err(_) => client.batch_execute("ROLLBACK").await?,
        }
    }
    Ok(try_begin(client, address, columns).await??)
}

/// The inner error is worth another try: others have made or removed the table since we looked.
async fn try_begin(
    client: &Client,
    address: &Address,
    columns: &[Column],
) -> Result<Result<Target, tokio_postgres::Error>, Failure> {
    client.batch_execute(BEGIN).await?;
    let target = Target::find(client, address, columns).await?;
    let has_changed: &[SqlState] = if target.exists {
        &[SqlState::UNDEFINED_TABLE]
    } else {
        // Which of them, depends on how far the other has come: a table has a type of its name, too.
        &[SqlState::DUPLICATE_TABLE, SqlState::DUPLICATE_OBJECT, SqlState::UNIQUE_VIOLATION]
    };
    match client.batch_execute(&target.emptying()).await {
        Ok(()) => Ok(Ok(target)),
        Err(error) if error.code().is_some_and(|code| has_changed.contains(code)) => Ok(Err(error)),
        Err(error) => Err(error.into()),
    }
}

/// The failure of COMMIT. Only an answer of the server tells the outcome.
fn in_doubt(error: tokio_postgres::Error) -> Failure {
    let is_answer = error.as_db_error().is_some();
    let failure = Failure::from(error);
    if is_answer {
        return failure;
    }
    Failure::new(format!("{failure} during COMMIT: the table has the old rows or the new ones"))
}
