//! Cleanup that happens in any case: after a return, a panic or Ctrl-C.

use std::{
    collections::BTreeMap,
    process,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

type Cleanups = BTreeMap<u64, Box<dyn FnOnce() + Send>>;

static CLEANUPS: Mutex<Cleanups> = Mutex::new(BTreeMap::new());
static NEXT: AtomicU64 = AtomicU64::new(0);

/// The exit code of a program that was interrupted (128 + SIGINT).
const INTERRUPTED: i32 = 130;

/// Cleans something up when it is dropped, or earlier, when the whole program is interrupted.
#[must_use]
pub struct CleanupGuard(u64);

impl CleanupGuard {
    /// Creates something that must be cleaned up. `start` returns the value, and a closure that cleans it up.
    ///
    /// An interruption waits until `start` has returned, and after an interruption nothing is started any more. So nothing can be
    /// missed between its creation and the registration of its cleanup.
    pub fn of<T, E, F: FnOnce() + Send + 'static>(
        start: impl FnOnce() -> Result<(T, F), E>,
    ) -> Result<(T, CleanupGuard), E> {
        let mut cleanups = lock();
        let (started, end) = start()?;
        let key = NEXT.fetch_add(1, Ordering::Relaxed);
        cleanups.insert(key, Box::new(end));
        Ok((started, CleanupGuard(key)))
    }
}

impl Drop for CleanupGuard {
    fn drop(&mut self) {
        // A statement of its own: the lock must be released before the cleanup runs.
        let end = lock().remove(&self.0);
        if let Some(end) = end {
            end();
        }
    }
}

/// From now on Ctrl-C, SIGTERM and a closed terminal clean up everything that was started, and then end this program.
pub fn on_interrupt() -> Result<(), ctrlc::Error> {
    ctrlc::set_handler(|| exit(INTERRUPTED))
}

/// Cleans up everything that was started, and ends this program.
pub fn exit(code: i32) -> ! {
    let mut cleanups = lock();
    // In reverse order: a later start may depend on an earlier one.
    for end in std::mem::take(&mut *cleanups).into_values().rev() {
        end();
    }
    // The lock is still held, so that no thread starts anything in the meantime.
    process::exit(code);
}

fn lock() -> MutexGuard<'static, Cleanups> {
    CLEANUPS.lock().unwrap_or_else(PoisonError::into_inner)
}
