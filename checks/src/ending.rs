//! What must be ended, whatever happens: a return, a panic, Ctrl-C.

use std::{
    collections::BTreeMap,
    process,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

type Endings = BTreeMap<u64, Box<dyn FnOnce() + Send>>;

static ENDINGS: Mutex<Endings> = Mutex::new(BTreeMap::new());
static NEXT: AtomicU64 = AtomicU64::new(0);

/// The exit code of a program that was interrupted (128 + SIGINT).
const INTERRUPTED: i32 = 130;

/// Ends something when it is dropped, or earlier, when the whole program is interrupted.
#[must_use]
pub struct Ending(u64);

impl Ending {
    /// Starts something that must be ended. `start` gives it back with the way to end it.
    ///
    /// An interruption waits until `start` is through, and nothing is started any more once it is there: so nothing can slip
    /// through between the start and the note of how to end it.
    pub fn of<T, E>(
        start: impl FnOnce() -> Result<(T, Box<dyn FnOnce() + Send>), E>,
    ) -> Result<(T, Ending), E> {
        let mut endings = lock();
        let (started, end) = start()?;
        let key = NEXT.fetch_add(1, Ordering::Relaxed);
        endings.insert(key, end);
        Ok((started, Ending(key)))
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        // A statement of its own: the lock must be free again while the thing ends.
        let end = lock().remove(&self.0);
        if let Some(end) = end {
            end();
        }
    }
}

/// From now on Ctrl-C, SIGTERM and a closed terminal end everything that was started, and then this program.
pub fn on_interrupt() -> Result<(), ctrlc::Error> {
    ctrlc::set_handler(|| {
        let mut endings = lock();
        // The last first: what was started later may rest on what was there before.
        for end in std::mem::take(&mut *endings).into_values().rev() {
            end();
        }
        // Still holding the lock, so that nobody starts anything in the meantime.
        process::exit(INTERRUPTED);
    })
}

fn lock() -> MutexGuard<'static, Endings> {
    ENDINGS.lock().unwrap_or_else(PoisonError::into_inner)
}
