//! The sessions whose queries a signal cancels. Without this, the server would go on with a query until it has a row to
//! send.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio_postgres::CancelToken;

use super::address::Address;
use super::session;
use crate::lock::lock;

/// All open sessions of the process.
static SESSIONS: Mutex<Vec<(u64, Address, CancelToken)>> = Mutex::new(Vec::new());
static NEXT: AtomicU64 = AtomicU64::new(0);

/// An open session. Dropping this takes it from the list.
pub(super) struct Registered(u64);

impl Registered {
    pub(super) fn new(address: &Address, token: CancelToken) -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        lock(&SESSIONS).push((number, address.clone(), token));
        Self(number)
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        lock(&SESSIONS).retain(|(number, ..)| *number != self.0);
    }
}

/// Cancels the queries of all sessions, because the process is about to end. Takes at most a second or so.
pub fn cancel_queries() {
    let sessions = std::mem::take(&mut *lock(&SESSIONS));
    if sessions.is_empty() {
        return;
    }
    // Without a runtime, the queries end a little later.
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
    runtime.block_on(async {
        let requests: Vec<_> = sessions
            .into_iter()
            .map(|(_, address, token)| tokio::spawn(async move { session::cancel(&address, token).await }))
            .collect();
        for request in requests {
            let _ = request.await;
        }
    });
}
