//! The output of the learner's program on stdout and stderr, line by line.

mod lines;

pub use lines::Line;

use std::{
    collections::BTreeSet,
    io::{BufReader, Read},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
    time::Duration,
};

use lines::Lines;

use crate::harness::{
    poll,
    process::{self, Child},
    text::printable,
};

/// The number of last lines that a message shows.
const SHOWN: usize = 4;

/// The time limit for the last lines of a program that has ended to arrive.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// A log is quiet when no line has come for this long.
const QUIET: Duration = Duration::from_millis(50);

/// Polling interval for new lines.
const PACE: Duration = Duration::from_millis(5);

/// The stream that a line was written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    Stdout,
    Stderr,
}

/// The lines that have arrived so far.
#[derive(Default)]
pub struct Log {
    lines: Arc<Mutex<Lines>>,
    readers: Vec<JoinHandle<()>>,
}

impl Log {
    /// Reads the output of a process in threads of their own, which end with its streams.
    pub fn of(child: &Child) -> Log {
        let mut log = Log::default();
        let mut child = process::lock(child);
        if let Some(stdout) = child.stdout().take() {
            log.read(Stream::Stdout, stdout);
        }
        if let Some(stderr) = child.stderr().take() {
            log.read(Stream::Stderr, stderr);
        }
        log
    }

    fn read(&mut self, stream: Stream, from: impl Read + Send + 'static) {
        let kept = Arc::clone(&self.lines);
        self.readers.push(thread::spawn(move || {
            let mut from = BufReader::new(from);
            while let Ok(Some(text)) = lines::next(&mut from) {
                lock(&kept).push(Line { text, stream });
            }
        }));
    }

    /// The first line that contains `text`.
    pub fn find(&self, text: &str) -> Option<String> {
        lock(&self.lines)
            .kept
            .iter()
            .find(|line| line.text.contains(text))
            .map(|line| line.text.clone())
    }

    /// How many lines from number `first` on contain `text` and are at WARN or ERROR, whether they are JSON or not.
    pub fn warnings(&self, first: usize, text: &str) -> usize {
        let is_warning = |line: &&Line| line.text.contains("WARN") || line.text.contains("ERROR");
        let lines = self.lines(first);
        let found = lines.iter().filter(|line| line.text.contains(text));
        found.filter(is_warning).count()
    }

    /// [`Log::find`], but waits for the line, at most for `limit`.
    pub fn wait_for(&self, text: &str, limit: Duration) -> Option<String> {
        poll::until(limit, PACE, || self.find(text))
    }

    /// The lines from number `first` on, counted from 0.
    pub fn lines(&self, first: usize) -> Vec<Line> {
        lock(&self.lines).kept.iter().skip(first).cloned().collect()
    }

    /// The number of lines.
    pub fn count(&self) -> usize {
        lock(&self.lines).kept.len()
    }

    /// Whether there are more than `count` lines, at once or within `limit`.
    pub fn wait_for_more_than(&self, count: usize, limit: Duration) -> bool {
        poll::is_done(limit, PACE, || self.count() > count)
    }

    /// Waits until the whole output of a program that has ended has been read.
    pub fn wait_for_end(&self) {
        poll::is_done(LAST_WORDS, PACE, || {
            self.readers.iter().all(JoinHandle::is_finished)
        });
    }

    /// Waits until no line has come for [`QUIET`]: lines that were just written may still be under way.
    pub fn wait_for_quiet(&self) {
        poll::is_done(LAST_WORDS, Duration::ZERO, || {
            !self.wait_for_more_than(self.count(), QUIET)
        });
    }

    /// The last distinct lines, to be appended to a sentence: begins with a line break. Lines that differ only in digits (times,
    /// ports, numbers of threads) count as the same; the last of them is kept.
    pub fn tail(&self) -> String {
        self.last_from(0)
            .unwrap_or_else(|| "\nit has written no log".to_owned())
    }

    /// [`Log::tail`], of the lines from number `first` on: those about one request, where no other is under way.
    pub fn tail_from(&self, first: usize) -> String {
        self.last_from(first)
            .unwrap_or_else(|| "\nit has logged nothing since".to_owned())
    }

    fn last_from(&self, first: usize) -> Option<String> {
        self.wait_for_quiet();
        let lines = lock(&self.lines);
        let mut seen = BTreeSet::new();
        let kept = lines.kept.iter().skip(first);
        let texts = kept.rev().map(|line| line.text.as_str());
        let last = texts.filter(|line| {
            let said: String = line.chars().filter(|c| !c.is_ascii_digit()).collect();
            !line.is_empty() && seen.insert(said)
        });
        let last: Vec<String> = last
            .take(SHOWN)
            .map(|line| printable(&shortened(line)))
            .collect();
        if last.is_empty() {
            return None;
        }
        let mut tail = "\nits last lines of log:".to_owned();
        for line in last.iter().rev() {
            tail.push('\n');
            tail.push_str(line);
        }
        Some(tail)
    }
}

/// A line without the long path of the folder in which cargo keeps the sources of libraries.
fn shortened(line: &str) -> String {
    const SOURCES: &str = "/registry/src/";
    let Some((before, after)) = line.split_once(SOURCES) else {
        return line.to_owned();
    };
    let sentence = before.rfind(' ').map_or("", |space| &before[..=space]);
    let library = after.split_once('/').map_or(after, |(_, library)| library);
    format!("{sentence}{library}")
}

fn lock(lines: &Mutex<Lines>) -> MutexGuard<'_, Lines> {
    lines.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::shortened;

    #[test]
    fn a_path_into_a_library_begins_with_its_name() {
        let line = "thread 'main' panicked at /home/me/.cargo/registry/src/index-1f/actix-web-4.18.1/src/server.rs:655:42:";
        assert_eq!(
            shortened(line),
            "thread 'main' panicked at actix-web-4.18.1/src/server.rs:655:42:"
        );
        assert_eq!(shortened("nothing to shorten"), "nothing to shorten");
    }
}
