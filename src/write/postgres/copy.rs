//! `Copy`: rows on their way to the server, by one COPY after another.

use std::io::Cursor;
use std::pin::Pin;

use futures_util::SinkExt;
use tokio_postgres::{Client, CopyInSink};

use crate::read::postgres::failure::Failure;
use crate::write::postgres::target::Target;

/// The length of the rows of one COPY in bytes, or a little more. tokio-postgres tells an error of the server, such as a
/// full disk, only at the end of a COPY.
const LEN: usize = 32 << 20;

type Rows = Cursor<Vec<u8>>;

pub(super) struct Copy<'a> {
    client: &'a Client,
    statement: String,
    /// What the server's place of an error begins with.
    place: String,
    /// The COPY under way, and the bytes that it has sent.
    running: Option<(Pin<Box<CopyInSink<Rows>>>, usize)>,
}

impl<'a> Copy<'a> {
    pub(super) fn new(client: &'a Client, target: &Target) -> Self {
        Self { client, statement: target.copying(), place: format!("COPY {}, line ", target.name.name), running: None }
    }

    /// Sends a piece of text.
    ///
    /// # Errors
    /// The server's, for these rows or those before.
    pub(super) async fn send(&mut self, rows: Vec<u8>) -> Result<(), Failure> {
        let (sink, sent) = match &mut self.running {
            Some(running) => running,
            none => none.insert((Box::pin(self.client.copy_in(&self.statement).await?), 0)),
        };
        *sent += rows.len();
        // A line end within a word has an escape.
        let is_whole = *sent >= LEN && rows.ends_with(b"\n");
        sink.feed(Cursor::new(rows)).await?;
        if is_whole { self.finish().await } else { Ok(()) }
    }

    /// Waits until the server has taken all rows.
    ///
    /// # Errors
    /// The server's.
    pub(super) async fn finish(&mut self) -> Result<(), Failure> {
        let Some((mut sink, _)) = self.running.take() else { return Ok(()) };
        match sink.as_mut().finish().await {
            Ok(_) => Ok(()),
            Err(error) => Err(explained(error, &self.place)),
        }
    }
}

/// The server's message, with the value or the row that it refuses. The number of the line would tell the user nothing.
fn explained(error: tokio_postgres::Error, place: &str) -> Failure {
    let answer = error.as_db_error().filter(|answer| is_of_row(answer.code().code()));
    let what = answer.and_then(|answer| {
        let line = answer.where_()?.lines().find_map(|line| line.strip_prefix(place))?;
        let what = line.trim_start_matches(|letter: char| letter.is_ascii_digit());
        match what.strip_prefix(", ") {
            Some(column) => Some(column.to_owned()),
            // A detail has the row, too.
            None if answer.detail().is_none() => what.strip_prefix(": ").map(|row| format!("the row is {row}")),
            None => None,
        }
    });
    let failure = Failure::from(error);
    what.map_or(failure.clone(), |what| Failure::new(format!("{failure}; {what}")))
}

/// Whether an error is that of a value, of a constraint or of a trigger, and not of the server.
fn is_of_row(code: &str) -> bool {
    ["22", "23", "P0"].iter().any(|class| code.starts_with(class))
}
