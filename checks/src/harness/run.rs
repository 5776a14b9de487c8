//! Runs a tool (docker, rustc, cc) to its end, with a time limit.

use std::{
    io::{self, BufRead, BufReader, ErrorKind, Read},
    process::{Command, ExitStatus, Output},
    sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender},
    thread,
    time::{Duration, Instant},
};

use crate::harness::{
    poll,
    process::{self, Child, kill, lock},
};

/// Polling interval for the exit of a tool that has closed its output; usually it has exited by the first poll.
const PACE: Duration = Duration::from_millis(2);

/// The interval between calls of `progress` while a tool prints nothing new.
const TICK: Duration = Duration::from_secs(1);

/// The time limit for the last lines of a tool that was killed to arrive.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// The most bytes that are kept of each stream, and of both together. What follows is read, so that the tool goes on, and dropped.
/// The largest output so far, the configuration of a whole stack, is a thousandth of that.
const KEPT: usize = 16 * 1024 * 1024;

/// The longest line, in bytes. What follows counts as another line.
const LONGEST: u64 = 256 * 1024;

/// How many lines may wait until they are kept. The tool waits as well, and does not fill our memory.
const WAITING: usize = 16;

/// How a tool ended, and its output, of which at most [`KEPT`] bytes are kept.
#[derive(Debug, Default)]
pub struct Followed {
    /// `None`: it was killed because it exceeded its time limit.
    pub status: Option<ExitStatus>,
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
    /// Stdout and stderr, line by line in the order of arrival.
    pub said: String,
}

impl Followed {
    fn keep(&mut self, to_stdout: bool, line: &[u8], text: &str) {
        let stream = if to_stdout {
            &mut self.stdout
        } else {
            &mut self.stderr
        };
        stream.extend(&line[..line.len().min(KEPT - stream.len())]);
        let room = text.floor_char_boundary(KEPT - self.said.len());
        self.said.push_str(&text[..room]);
    }
}

/// Runs `command` and returns its output and its exit status. After `limit` it is killed, with everything that it has started.
///
/// # Errors
/// `TimedOut` after `limit`; otherwise the reason why it cannot be started: `NotFound` if there is no such program.
pub fn run(command: Command, limit: Duration) -> io::Result<Output> {
    let (child, _guard) = process::spawn(command)?;
    let ran = follow(&child, limit, |_| {})?;
    Ok(Output {
        status: ran.status.ok_or(ErrorKind::TimedOut)?,
        stdout: ran.stdout,
        stderr: ran.stderr,
    })
}

/// Reads the output of a tool until it ends, or is killed after `limit`. `progress` is called with the last line: for
/// every new one, and at intervals in between.
///
/// # Errors
/// When the exit status cannot be determined.
pub fn follow(child: &Child, limit: Duration, progress: impl Fn(&str)) -> io::Result<Followed> {
    let mut give_up = Instant::now() + limit;
    let mut killed = false;
    let mut ran = Followed::default();
    let mut last = String::new();
    let lines = listen(child);
    loop {
        progress(&last);
        let left = give_up.saturating_duration_since(Instant::now());
        match lines.recv_timeout(left.min(TICK)) {
            Ok((to_stdout, line)) => {
                last = String::from_utf8_lossy(&line).into_owned();
                ran.keep(to_stdout, &line, &last);
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        if Instant::now() >= give_up {
            if killed {
                break;
            }
            killed = true;
            kill(child); // its last output still arrives
            give_up = Instant::now() + LAST_WORDS;
        }
    }
    if !killed {
        let left = give_up.saturating_duration_since(Instant::now());
        let status = poll::until(left, PACE, || lock(child).try_wait().transpose());
        ran.status = status.transpose()?;
    }
    if ran.status.is_none() {
        kill(child);
    }
    Ok(ran)
}

/// The numbers at the beginning of a version: 26, 1 and 5 of `v26.1.5+dfsg1`. They compare as versions do.
pub fn version(text: &str) -> Vec<u32> {
    let text = text.trim().trim_start_matches('v');
    let end = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.');
    text[..end.unwrap_or(text.len())]
        .split('.')
        .map_while(|number| number.parse().ok())
        .collect()
}

/// The lines of both streams, in the order of arrival and with their line breaks; `true`: from stdout. Ends when both streams
/// end.
fn listen(child: &Child) -> Receiver<(bool, Vec<u8>)> {
    let (lines, arriving) = mpsc::sync_channel(WAITING);
    let mut child = lock(child);
    if let Some(stdout) = child.stdout().take() {
        read(stdout, true, lines.clone());
    }
    if let Some(stderr) = child.stderr().take() {
        read(stderr, false, lines);
    }
    arriving
}

/// Reads on a thread of its own, because both streams must be drained at the same time.
fn read(stream: impl Read + Send + 'static, to_stdout: bool, lines: SyncSender<(bool, Vec<u8>)>) {
    thread::spawn(move || {
        let mut stream = BufReader::new(stream);
        let mut line = Vec::new();
        while let Ok(1..) = stream.by_ref().take(LONGEST).read_until(b'\n', &mut line) {
            // The receiver is gone once the time limit has passed.
            if lines.send((to_stdout, std::mem::take(&mut line))).is_err() {
                return;
            }
        }
    });
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str, limit: Duration) -> io::Result<Output> {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]);
        run(command, limit)
    }

    #[test]
    fn a_tool_is_heard_to_its_end_or_killed() {
        let said = shell("printf 'a\\nb'; echo c >&2; exit 3", TICK * 10).unwrap();
        assert_eq!(
            (&said.stdout[..], &said.stderr[..]),
            (&b"a\nb"[..], &b"c\n"[..])
        );
        assert_eq!(said.status.code(), Some(3));
        let late = shell("sleep 60", Duration::from_millis(50));
        assert_eq!(late.unwrap_err().kind(), ErrorKind::TimedOut);
    }
    #[test]
    fn a_tool_that_prints_without_end_is_kept_in_part() {
        // With line ends, and without.
        for script in ["yes $(printf %099d 0)", "cat /dev/zero"] {
            let script = format!("{script} | head -c {}; echo end >&2", 2 * KEPT);
            let said = shell(&script, TICK * 60).unwrap();
            assert_eq!((said.status.code(), said.stdout.len()), (Some(0), KEPT));
            assert_eq!(said.stderr, b"end\n");
        }
    }
}
