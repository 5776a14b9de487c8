//! Runs `docker`, for as long as it may take, and hears every line as it comes.

use std::{
    io::{self, BufRead, BufReader, Read},
    process::Command,
    sync::{
        Arc,
        mpsc::{self, Receiver, RecvTimeoutError, Sender},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::Context;

use super::progress::Progress;
use crate::{
    child::{self, Child, kill, lock},
    ending::Ending,
};

/// How often the line on the terminal moves while nothing new is said.
const TICK: Duration = Duration::from_secs(1);

/// How often a command that has closed its output is asked whether it has ended; mostly it has, at the first time.
const PACE: Duration = Duration::from_millis(2);

/// How a command ended, and what it said.
#[derive(Debug, Default)]
pub struct Ran {
    pub ok: bool,
    pub stdout: String,
    /// Stdout and stderr, line by line as they came.
    pub said: String,
    /// It was killed, because it took longer than this.
    pub overran: Option<Duration>,
}

/// Runs `command` to its end, and kills it after `limit`. On a terminal a line shows that `what` goes on.
///
/// # Errors
/// When it cannot be started.
pub fn run(command: Command, limit: Duration, what: Option<&'static str>) -> anyhow::Result<Ran> {
    let (child, _ending) = Ending::of(|| {
        let child = start(command)?;
        let ended = Arc::clone(&child);
        let end: Box<dyn FnOnce() + Send> = Box::new(move || kill(&ended));
        io::Result::Ok((child, end))
    })
    .context("docker cannot be started")?;
    follow(&child, limit, what)
}

/// [`run`] for a command that itself ends something, and must be able to while nothing may be started any more.
pub fn run_while_ending(
    command: Command,
    limit: Duration,
    what: &'static str,
) -> anyhow::Result<Ran> {
    follow(&start(command)?, limit, Some(what))
}

fn start(mut command: Command) -> io::Result<Child> {
    command
        // The few messages that are looked at are English then, whatever the learner speaks.
        .env("LC_ALL", "C")
        .env("BUILDKIT_PROGRESS", "plain");
    child::start(command)
}

fn follow(child: &Child, limit: Duration, what: Option<&'static str>) -> anyhow::Result<Ran> {
    let give_up = Instant::now() + limit;
    let progress = Progress::new(what);
    let lines = listen(child);
    let mut ran = Ran::default();
    let mut last = String::new();
    loop {
        progress.show(&last);
        match lines.recv_timeout(TICK) {
            Ok((to_stdout, line)) => {
                if to_stdout {
                    ran.stdout.push_str(&line);
                }
                ran.said.push_str(&line);
                last = line;
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        if Instant::now() > give_up && ran.overran.is_none() {
            ran.overran = Some(limit);
            kill(child); // and what it still said arrives
        }
    }
    while Instant::now() < give_up {
        if let Some(status) = lock(child).try_wait()? {
            ran.ok = status.success() && ran.overran.is_none();
            return Ok(ran);
        }
        thread::sleep(PACE);
    }
    kill(child);
    ran.overran = Some(limit);
    Ok(ran)
}

/// Whether a line went to stdout, and the line, with its break: of both streams, as they come. Ends with the streams.
fn listen(child: &Child) -> Receiver<(bool, String)> {
    let (lines, arriving) = mpsc::channel();
    let mut child = lock(child);
    if let Some(stdout) = child.stdout().take() {
        read(stdout, true, lines.clone());
    }
    if let Some(stderr) = child.stderr().take() {
        read(stderr, false, lines);
    }
    arriving
}

fn read(stream: impl Read + Send + 'static, to_stdout: bool, lines: Sender<(bool, String)>) {
    thread::spawn(move || {
        let mut stream = BufReader::new(stream);
        let mut line = Vec::new();
        while let Ok(1..) = stream.read_until(b'\n', &mut line) {
            let text = String::from_utf8_lossy(&line).into_owned();
            if lines.send((to_stdout, text)).is_err() {
                return;
            }
            line.clear();
        }
    });
}
