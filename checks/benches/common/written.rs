//! How much a program has written to its log.

use std::{
    io::Read,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    thread,
};

/// Lines and bytes of all streams that are counted.
#[derive(Default)]
pub struct Written(Arc<(AtomicU64, AtomicU64)>);

impl Written {
    pub fn so_far(&self) -> (u64, u64) {
        let (lines, bytes) = &*self.0;
        (lines.load(Relaxed), bytes.load(Relaxed))
    }

    /// Reads the stream to its end on a thread of its own. It is counted, and not kept.
    pub fn count(&self, mut stream: impl Read + Send + 'static) {
        let counted = Arc::clone(&self.0);
        thread::spawn(move || {
            let mut buffer = [0; 64 * 1024];
            while let Ok(read @ 1..) = stream.read(&mut buffer) {
                let lines = buffer[..read].iter().filter(|byte| **byte == b'\n');
                counted.0.fetch_add(lines.count() as u64, Relaxed);
                counted.1.fetch_add(read as u64, Relaxed);
            }
        });
    }
}
