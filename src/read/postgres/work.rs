//! The work of one connection: it runs task after task, and fills blocks with the rows.

use std::pin::pin;

use futures_util::TryStreamExt;
use tokio::sync::mpsc::Sender;

use super::block::{Block, BlockWriter, NobodyReads};
use super::failure::Failure;
use super::plan::Task;
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

/// Runs tasks on a connection until none is left. Two at a time, if they look words up: the server then has the next
/// statement while its last answer is on the way.
pub(super) async fn work(session: &Session, shared: &Shared, to: &Sender<Block>) -> Result<(), Stopped> {
    if shared.plan.looks_up {
        tokio::try_join!(run_tasks(session, shared, to), run_tasks(session, shared, to))?;
        return Ok(());
    }
    run_tasks(session, shared, to).await
}

async fn run_tasks(session: &Session, shared: &Shared, to: &Sender<Block>) -> Result<(), Stopped> {
    let mut blocks = BlockWriter::new(shared.block_size, &shared.spare, to.clone());
    while let Some(Task { copy, stored }) = shared.next_task() {
        let mut rows = pin!(session.client.copy_out(copy).await?);
        while let Some(text) = rows.try_next().await? {
            blocks.append(&text);
            blocks.give_if_full().await?;
        }
        blocks.finish_task(*stored);
    }
    Ok(blocks.give().await?)
}
