//! Threads that end within their scope.

use std::{panic::resume_unwind, thread::ScopedJoinHandle};

/// What the thread returns. If it panics, the panic goes on here.
pub fn joined<T>(thread: ScopedJoinHandle<T>) -> T {
    thread.join().unwrap_or_else(|panic| resume_unwind(panic))
}
