//! Runs a tool (docker, rustc, cc) to its end, but not for longer than it may take.

use std::{
    io::{self, ErrorKind, Read},
    process::{Command, Output},
    sync::{
        Arc,
        mpsc::{self, Receiver, RecvTimeoutError},
    },
    thread,
    time::{Duration, Instant},
};

use crate::{child, ending::Ending};

/// How often a tool that says nothing any more is asked whether it has ended; mostly it has, at the first time.
const PACE: Duration = Duration::from_millis(2);

/// What `command` says, and how it ends. After `limit` it is killed, with everything that it has started.
///
/// # Errors
/// `TimedOut` after `limit`, and whatever keeps it from starting: `NotFound` if there is no such program.
pub fn run(command: Command, limit: Duration) -> io::Result<Output> {
    let give_up = Instant::now() + limit;
    let ((child, stdout, stderr), _ending) = Ending::of(|| {
        let child = child::start(command)?;
        let stdout = read(child::lock(&child).stdout().take());
        let stderr = read(child::lock(&child).stderr().take());
        let ended = Arc::clone(&child);
        let end: Box<dyn FnOnce() + Send> = Box::new(move || child::kill(&ended));
        io::Result::Ok(((child, stdout, stderr), end))
    })?;
    // A tool that ends closes both, so this is where the time is spent, asleep.
    let stdout = all_of(&stdout, give_up)?;
    let stderr = all_of(&stderr, give_up)?;
    loop {
        if let Some(status) = child::lock(&child).try_wait()? {
            return Ok(Output {
                status,
                stdout,
                stderr,
            });
        }
        if Instant::now() >= give_up {
            return Err(ErrorKind::TimedOut.into());
        }
        thread::sleep(PACE);
    }
}

/// The numbers that a version begins with: 26, 1 and 5 of `v26.1.5+dfsg1`. They compare as versions do.
pub fn version(text: &str) -> Vec<u32> {
    let text = text.trim().trim_start_matches('v');
    let end = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.');
    text[..end.unwrap_or(text.len())]
        .split('.')
        .map_while(|number| number.parse().ok())
        .collect()
}

/// Reads on a thread of its own, because both streams must be emptied at the same time.
fn read<Stream: Read + Send + 'static>(stream: Option<Stream>) -> Receiver<io::Result<Vec<u8>>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let result = stream.map_or(Ok(0), |mut stream| stream.read_to_end(&mut bytes));
        // Nobody listens any more once the time is up.
        let _ = sender.send(result.map(|_| bytes));
    });
    receiver
}

fn all_of(stream: &Receiver<io::Result<Vec<u8>>>, give_up: Instant) -> io::Result<Vec<u8>> {
    let left = give_up.saturating_duration_since(Instant::now());
    stream.recv_timeout(left).map_err(|error| match error {
        RecvTimeoutError::Timeout => ErrorKind::TimedOut,
        RecvTimeoutError::Disconnected => ErrorKind::BrokenPipe,
    })?
}
