//! The work of one connection: it runs task after task, and fills blocks with the rows.

use std::error::Error;
use std::pin::pin;

use futures_util::TryStreamExt;
use tokio::sync::mpsc::Sender;
use tokio_postgres::Statement as Prepared;
use tokio_postgres::types::{FromSql, ToSql, Type};

use super::block::{Block, BlockWriter, NobodyReads};
use super::copy_text;
use super::failure::Failure;
use super::plan::{Statement, Task};
use super::session::Session;
use super::shared::Shared;

/// Why a connection stopped before all tasks were done.
pub(super) enum Stopped {
    /// A statement failed.
    Failed(Failure),
    /// The workers take no more blocks.
    NobodyReads,
}

impl From<NobodyReads> for Stopped {
    fn from(_: NobodyReads) -> Self {
        Self::NobodyReads
    }
}

impl From<tokio_postgres::Error> for Stopped {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// Runs tasks on a connection until none is left. Two at a time, if they are queries for words: the server then has the
/// next query while its last answer is on the way.
pub(super) async fn work(session: &Session, shared: &Shared, to: &Sender<Block>) -> Result<(), Stopped> {
    if shared.words.is_empty() {
        return run_tasks(session, shared, to).await;
    }
    // By default, the server would plan each of the first five executions anew, which takes as long as the query.
    session.client.batch_execute("SET plan_cache_mode = force_generic_plan").await?;
    tokio::try_join!(run_tasks(session, shared, to), run_tasks(session, shared, to))?;
    Ok(())
}

async fn run_tasks(session: &Session, shared: &Shared, to: &Sender<Block>) -> Result<(), Stopped> {
    let mut blocks = BlockWriter::new(shared.block_size, &shared.spare, to.clone());
    let mut prepared: Option<(&str, Prepared)> = None;
    while let Some(Task { statement, stored }) = shared.next_task() {
        match statement {
            Statement::Copy(statement) => copy(session, statement, &mut blocks).await?,
            Statement::Words { query, batch } => {
                let prepared = match &mut prepared {
                    Some((text, prepared)) if *text == &**query => prepared,
                    last => &mut last.insert((query, session.client.prepare(query).await?)).1,
                };
                look_up(session, prepared, &shared.words[batch.clone()], &mut blocks).await?;
            }
        }
        blocks.finish_task(*stored);
    }
    Ok(blocks.give().await?)
}

async fn copy(session: &Session, statement: &str, blocks: &mut BlockWriter<'_>) -> Result<(), Stopped> {
    let mut rows = pin!(session.client.copy_out(statement).await?);
    while let Some(text) = rows.try_next().await? {
        blocks.append(&text);
        blocks.give_if_full().await?;
    }
    Ok(())
}

async fn look_up(
    session: &Session,
    prepared: &Prepared,
    words: &[String],
    blocks: &mut BlockWriter<'_>,
) -> Result<(), Stopped> {
    let parameters: [&(dyn ToSql + Sync); 1] = [&words];
    let mut rows = pin!(session.client.query_raw(prepared, parameters).await?);
    while let Some(row) = rows.try_next().await? {
        let fields =
            (0..row.len()).map(|place| row.try_get::<_, Option<Bytes>>(place).map(|field| field.map(|field| field.0)));
        copy_text::append_fields(fields, blocks.lines())?;
        blocks.give_if_full().await?;
    }
    Ok(())
}

/// A field as the server sends it. All fields of our queries are text.
struct Bytes<'a>(&'a [u8]);

impl<'a> FromSql<'a> for Bytes<'a> {
    fn from_sql(_: &Type, field: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(field))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}
