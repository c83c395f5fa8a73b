//! `Feeder`: takes the text of COPY from the threads that make it, and feeds it to the thread of the connection.
//!
//! The text goes in pieces through a channel without a bound. Tokens bound it: a piece needs a token, and the connection
//! gives it back when it has sent the piece. Waiting for a token works on any thread, also on one with an event loop of
//! its own.

use std::io::{self, Write};
use std::sync::{Mutex, mpsc};
use std::thread::{self, JoinHandle};

use tokio::runtime::Builder;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;

use crate::lock::lock;
use crate::read::postgres::address::Address;
use crate::read::postgres::failure::Failure;
use crate::system::cleanup;
use crate::write::columns::Column;
use crate::write::postgres::transaction;

/// The length of a piece in bytes.
const PIECE: usize = 256 << 10;
/// The maximum number of pieces on their way to the server.
const MAX_PIECES: usize = 8;

/// What the thread of the connection is to do next.
#[derive(Debug)]
pub(super) enum Message {
    /// Send rows. A row may be cut off at the end, and go on in the next piece.
    Rows(Vec<u8>),
    /// Wait until the server has taken all rows, then answer.
    Finish(mpsc::Sender<()>),
    /// Show the rows, and end.
    Commit,
}

/// A transaction under way. Dropping it leaves the table as it was.
#[derive(Debug)]
pub(super) struct Feeder {
    /// The beginning of the next piece.
    piece: Vec<u8>,
    to: UnboundedSender<Message>,
    tokens: Mutex<mpsc::Receiver<()>>,
    thread: Mutex<Option<JoinHandle<Result<(), Failure>>>>,
    /// Dropping this tells the thread that nobody will commit.
    _owner: oneshot::Sender<()>,
}

impl Feeder {
    /// Begins the transaction, in a thread of its own.
    ///
    /// # Errors
    /// When the thread can't be started. What goes wrong with the server is the error of a later call.
    pub(super) fn start(address: &Address, columns: &[Column]) -> io::Result<Self> {
        let (to, messages) = unbounded_channel();
        let (sent, tokens) = mpsc::channel();
        // The receiver is here.
        (0..MAX_PIECES).try_for_each(|_| sent.send(())).map_err(io::Error::other)?;
        let (owner, gone) = oneshot::channel();
        let (address, columns) = (address.clone(), columns.to_vec());
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let run = move || runtime.block_on(run(&address, &columns, messages, &sent, gone));
        let thread = thread::Builder::new().name("table-writer".into()).spawn(run)?;
        Ok(Self {
            piece: Vec::with_capacity(2 * PIECE),
            to,
            tokens: Mutex::new(tokens),
            thread: Mutex::new(Some(thread)),
            _owner: owner,
        })
    }

    /// Waits until the server has taken all rows.
    ///
    /// # Errors
    /// The server's.
    pub(super) fn sync(&self) -> io::Result<()> {
        let (done, wait) = mpsc::channel();
        if self.to.send(Message::Finish(done)).is_ok() && wait.recv().is_ok() { Ok(()) } else { Err(self.failure()) }
    }

    /// Ends the transaction. The table has its rows from then on.
    ///
    /// # Errors
    /// The server's.
    pub(super) fn commit(mut self) -> io::Result<()> {
        self.flush()?;
        // Nothing may appear after a signal. We don't lock: COMMIT may wait for long, and a signal should end that, too.
        cleanup::wait_if_ending();
        // A thread that has failed takes no message, and tells its failure.
        let _ = self.to.send(Message::Commit);
        self.join()
    }

    /// Sends the piece.
    fn send(&mut self) -> io::Result<()> {
        let free = self.tokens.get_mut().map(|tokens| tokens.recv().is_ok());
        let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(2 * PIECE));
        if free.unwrap_or(false) && self.to.send(Message::Rows(piece)).is_ok() { Ok(()) } else { Err(self.failure()) }
    }

    /// The failure that has ended the thread.
    fn failure(&self) -> io::Error {
        self.join().err().unwrap_or_else(|| io::Error::other("the transaction has ended"))
    }

    /// Waits for the end of the thread.
    fn join(&self) -> io::Result<()> {
        let ended = || io::Error::other("the transaction has ended");
        let thread = lock(&self.thread).take().ok_or_else(ended)?;
        Ok(thread.join().map_err(|_| ended())??)
    }
}

impl Write for Feeder {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        let text = &text[..text.len().min(PIECE)];
        self.piece.extend_from_slice(text);
        if self.piece.len() >= PIECE {
            self.send()?;
        }
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.piece.is_empty() { Ok(()) } else { self.send() }
    }
}

/// The thread: replaces the rows unless the owner goes.
async fn run(
    address: &Address,
    columns: &[Column],
    mut messages: UnboundedReceiver<Message>,
    sent: &mpsc::Sender<()>,
    gone: oneshot::Receiver<()>,
) -> Result<(), Failure> {
    tokio::select! {
        done = transaction::replace(address, columns, &mut messages, sent) => done,
        // The server undoes the transaction when the connection ends.
        _ = gone => Ok(()),
    }
}
