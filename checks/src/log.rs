//! What the learner's program writes, to stdout and to stderr, line by line.

use std::{
    collections::{BTreeSet, VecDeque},
    io::{BufRead, BufReader, Read},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use crate::http::printable;

/// How many lines are kept; the oldest go first.
const KEPT: usize = 50_000;

/// How many of the last lines a message shows.
const SHOWN: usize = 4;

/// How long the last lines of a program that has ended may be under way.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// A log in which nothing has come for so long is quiet.
const QUIET: Duration = Duration::from_millis(50);

/// How often it is looked whether something has arrived.
const PACE: Duration = Duration::from_millis(5);

/// Where a program writes a line to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    Stdout,
    Stderr,
}

/// One line, without its end.
#[derive(Clone, Debug)]
pub struct Line {
    pub text: String,
    pub stream: Stream,
}

/// The lines that have arrived so far.
#[derive(Default)]
pub struct Log {
    lines: Arc<Mutex<VecDeque<Line>>>,
    readers: Vec<JoinHandle<()>>,
}

impl Log {
    /// Reads what comes from stdout, in a thread of its own, which ends with the stream.
    pub fn read(&mut self, stdout: impl Read + Send + 'static) {
        self.read_as(Stream::Stdout, stdout);
    }

    /// The same, from stderr.
    pub fn read_stderr(&mut self, stderr: impl Read + Send + 'static) {
        self.read_as(Stream::Stderr, stderr);
    }

    fn read_as(&mut self, stream: Stream, from: impl Read + Send + 'static) {
        let lines = Arc::clone(&self.lines);
        self.readers.push(thread::spawn(move || {
            let mut from = BufReader::new(from);
            let mut line = Vec::new();
            while let Ok(1..) = from.read_until(b'\n', &mut line) {
                let text = String::from_utf8_lossy(&line).trim_end().to_owned();
                let mut lines = lock(&lines);
                lines.push_back(Line { text, stream });
                if lines.len() > KEPT {
                    lines.pop_front();
                }
                line.clear();
            }
        }));
    }

    /// The first line that holds `text`.
    pub fn find(&self, text: &str) -> Option<String> {
        lock(&self.lines)
            .iter()
            .find(|line| line.text.contains(text))
            .map(|line| line.text.clone())
    }

    /// [`Log::find`], but waits for the line: at most `limit`.
    pub fn wait_for(&self, text: &str, limit: Duration) -> Option<String> {
        let give_up = Instant::now() + limit;
        loop {
            let found = self.find(text);
            if found.is_some() || Instant::now() > give_up {
                return found;
            }
            thread::sleep(PACE);
        }
    }

    /// The lines from number `first` on, counted from 0.
    pub fn lines(&self, first: usize) -> Vec<Line> {
        lock(&self.lines).iter().skip(first).cloned().collect()
    }

    /// How many lines there are.
    pub fn count(&self) -> usize {
        lock(&self.lines).len()
    }

    /// Whether there come to be more lines than `count`, within `limit`.
    pub fn wait_for_more_than(&self, count: usize, limit: Duration) -> bool {
        let give_up = Instant::now() + limit;
        while self.count() <= count && Instant::now() < give_up {
            thread::sleep(PACE);
        }
        self.count() > count
    }

    /// Waits until all has been read that a program wrote which has ended.
    pub fn wait_for_end(&self) {
        let give_up = Instant::now() + LAST_WORDS;
        while !self.readers.iter().all(JoinHandle::is_finished) && Instant::now() < give_up {
            thread::sleep(PACE);
        }
    }

    /// Waits until nothing has come for a moment: what was written just now may still be under way.
    pub fn wait_for_quiet(&self) {
        let give_up = Instant::now() + LAST_WORDS;
        let mut count = self.count();
        while self.wait_for_more_than(count, QUIET) && Instant::now() < give_up {
            count = self.count();
        }
    }

    /// The last different lines, to be put behind a sentence: begins with a line break. Lines that differ in digits only (times,
    /// ports, numbers of threads) say the same: of those the last is enough.
    pub fn tail(&self) -> String {
        self.wait_for_quiet();
        let lines = lock(&self.lines);
        let mut seen = BTreeSet::new();
        let texts = lines.iter().rev().map(|line| line.text.as_str());
        let last = texts.filter(|line| {
            let said: String = line.chars().filter(|c| !c.is_ascii_digit()).collect();
            !line.is_empty() && seen.insert(said)
        });
        let last: Vec<String> = last
            .take(SHOWN)
            .map(|line| printable(&shortened(line)))
            .collect();
        if last.is_empty() {
            return "\nit has written no log".to_owned();
        }
        let mut tail = "\nits last lines of log:".to_owned();
        for line in last.iter().rev() {
            tail.push('\n');
            tail.push_str(line);
        }
        tail
    }
}

/// A line without the long way to where cargo keeps the sources of libraries.
fn shortened(line: &str) -> String {
    const SOURCES: &str = "/registry/src/";
    let Some((before, after)) = line.split_once(SOURCES) else {
        return line.to_owned();
    };
    let sentence = before.rfind(' ').map_or("", |space| &before[..=space]);
    let library = after.split_once('/').map_or(after, |(_, library)| library);
    format!("{sentence}{library}")
}

fn lock(lines: &Mutex<VecDeque<Line>>) -> MutexGuard<'_, VecDeque<Line>> {
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
