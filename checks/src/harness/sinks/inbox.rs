//! The messages that have arrived so far.

use std::{
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// Messages in the order of their arrival. Clones share them.
#[derive(Debug)]
pub struct Inbox<T>(Arc<(Mutex<Vec<T>>, Condvar)>);

impl<T: Clone> Inbox<T> {
    pub(super) fn put(&self, message: T) {
        self.lock().push(message);
        self.0.1.notify_all();
    }

    /// All messages so far.
    pub fn messages(&self) -> Vec<T> {
        self.lock().clone()
    }

    /// The first message for which `is_it` is true, already there or within `limit`.
    pub fn wait_for(&self, limit: Duration, is_it: impl Fn(&T) -> bool) -> Option<T> {
        self.wait_until(limit, |messages| {
            messages.iter().find(|message| is_it(message)).cloned()
        })
    }

    /// The first `Some` that `look` makes of the messages, within `limit`.
    pub fn wait_until<R>(
        &self,
        limit: Duration,
        mut look: impl FnMut(&[T]) -> Option<R>,
    ) -> Option<R> {
        let give_up = Instant::now() + limit;
        let mut messages = self.lock();
        loop {
            let seen = look(&messages);
            let left = give_up.saturating_duration_since(Instant::now());
            if seen.is_some() || left.is_zero() {
                return seen;
            }
            messages = self
                .0
                .1
                .wait_timeout(messages, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<T>> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Clone for Inbox<T> {
    fn clone(&self) -> Inbox<T> {
        Inbox(Arc::clone(&self.0))
    }
}

impl<T> Default for Inbox<T> {
    fn default() -> Inbox<T> {
        Inbox(Arc::default())
    }
}
