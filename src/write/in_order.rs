//! Makes the parts of a result side by side, and writes them in their order while others are made.
//!
//! Each thread makes the next part that nobody makes. When a thread has made one, it writes all parts whose turn has
//! come, unless another thread is writing. So none waits for another, unless it would be too far ahead of what is
//! written.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use rayon::ThreadPool;

/// Gives `write` what `make` makes of each number below `len`, in their order. `make` runs on all threads of the pool;
/// it gets the memory of a part that is written, to use it again. At most so many parts as `most` says are in memory.
///
/// # Errors
/// One that `make` or `write` returns. Nothing is written then of that part and those behind it.
pub(super) fn in_order<T: Default + Send>(
    pool: &ThreadPool,
    len: usize,
    max_ahead: usize,
    make: impl Fn(usize, &mut T) -> io::Result<()> + Sync,
    write: impl FnMut(&T) -> io::Result<()> + Send,
) -> io::Result<()> {
    let state = State {
        len,
        max_ahead: max_ahead.max(1),
        next: 0,
        taken: 0,
        made: BTreeMap::new(),
        spare: Vec::new(),
        write: Some(write),
    };
    let queue = Queue { state: Mutex::new(state), moved: Condvar::new() };
    let results = pool.broadcast(|_| {
        let _guard = EndOnPanic(&queue);
        queue.work(&make).inspect_err(|_| queue.end())
    });
    results.into_iter().collect()
}

struct Queue<T, W> {
    state: Mutex<State<T, W>>,
    /// One more part is written, or the end has come.
    moved: Condvar,
}

struct State<T, W> {
    /// How many parts there are; 0 once something failed.
    len: usize,
    /// So many parts may be taken that are not written.
    max_ahead: usize,
    /// The first part that is not written.
    next: usize,
    /// The first part that no thread has taken.
    taken: usize,
    /// Parts that wait for one before them.
    made: BTreeMap<usize, T>,
    spare: Vec<T>,
    /// `None` while a thread writes.
    write: Option<W>,
}

impl<T: Default, W: FnMut(&T) -> io::Result<()>> Queue<T, W> {
    fn work(&self, make: impl Fn(usize, &mut T) -> io::Result<()>) -> io::Result<()> {
        let mut state = self.lock();
        loop {
            while state.taken < state.len && state.taken - state.next >= state.max_ahead {
                state = self.moved.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
            if state.taken >= state.len {
                return Ok(());
            }
            let number = state.taken;
            state.taken += 1;
            let mut part = state.spare.pop().unwrap_or_default();
            drop(state);
            make(number, &mut part)?;
            state = self.lock();
            state.made.insert(number, part);
            state = self.write_made(state)?;
        }
    }

    /// Writes the parts whose turn has come.
    fn write_made<'a>(&'a self, mut state: MutexGuard<'a, State<T, W>>) -> io::Result<MutexGuard<'a, State<T, W>>> {
        let Some(mut write) = state.write.take() else { return Ok(state) };
        let mut next = state.next;
        while let Some(part) = state.made.remove(&next) {
            drop(state);
            write(&part)?;
            next += 1;
            state = self.lock();
            state.next = next;
            state.spare.push(part);
            self.moved.notify_all();
        }
        state.write = Some(write);
        Ok(state)
    }

    fn end(&self) {
        self.lock().len = 0;
        self.moved.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State<T, W>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lets no thread wait for one that panicked.
struct EndOnPanic<'a, T: Default, W: FnMut(&T) -> io::Result<()>>(&'a Queue<T, W>);

impl<T: Default, W: FnMut(&T) -> io::Result<()>> Drop for EndOnPanic<'_, T, W> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.end();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    fn pool(threads: usize) -> ThreadPool {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap()
    }

    #[test]
    fn parts_are_written_in_order() {
        for (threads, len) in [(1, 0), (1, 10), (3, 2), (3, 500), (8, 500)] {
            let mut written: Vec<usize> = Vec::new();
            let make = |number: usize, part: &mut Vec<usize>| {
                part.clear();
                part.push(number);
                // Some take longer than others.
                if number.is_multiple_of(7) {
                    std::thread::yield_now();
                }
                Ok(())
            };
            let write = |part: &Vec<usize>| {
                written.extend(part);
                Ok(())
            };
            in_order(&pool(threads), len, 4, make, write).unwrap();
            assert!(written.iter().copied().eq(0..len), "{threads} threads: {written:?}");
        }
    }

    #[test]
    fn no_thread_is_far_ahead_of_what_is_written() {
        const MAX_AHEAD: usize = 10;
        let so_far = AtomicUsize::new(0);
        let make = |_: usize, (): &mut ()| {
            so_far.fetch_add(1, Ordering::SeqCst);
            Ok(())
        };
        let mut written = 0;
        let write = |(): &()| {
            if written == 0 {
                // The others make as much as they may, and no more.
                while so_far.load(Ordering::SeqCst) < MAX_AHEAD {
                    std::thread::yield_now();
                }
                std::thread::sleep(Duration::from_millis(20));
            }
            let ahead = so_far.load(Ordering::SeqCst) - written;
            assert!(ahead <= MAX_AHEAD, "{ahead}");
            written += 1;
            Ok(())
        };
        in_order(&pool(3), 300, MAX_AHEAD, make, write).unwrap();
        assert_eq!(written, 300);
    }

    #[test]
    fn an_error_ends_all() {
        for threads in [1, 4] {
            let mut written = 0;
            let fail = |number: usize| Err(io::Error::other(format!("no {number}")));
            let write = |(): &()| {
                written += 1;
                if written == 20 { fail(written) } else { Ok(()) }
            };
            let error = in_order(&pool(threads), 100, 9, |_, ()| Ok(()), write).unwrap_err();
            assert_eq!((error.to_string().as_str(), written), ("no 20", 20));

            let make = |number, (): &mut ()| if number == 20 { fail(number) } else { Ok(()) };
            let error = in_order(&pool(threads), 100, 9, make, |()| Ok(())).unwrap_err();
            assert_eq!(error.to_string(), "no 20");
        }
    }

    #[test]
    fn nobody_waits_for_one_that_panicked() {
        let make = |number, (): &mut ()| {
            assert_ne!(number, 20, "as it should");
            Ok(())
        };
        let ended = catch_unwind(AssertUnwindSafe(|| in_order(&pool(4), 1000, 9, make, |()| Ok(()))));
        assert!(ended.is_err());
    }
}
