//! A program in a terminal of its own, and what it shows there.

use std::{
    fs::File,
    io::{Read, Write},
    os::fd::OwnedFd,
    process::{Child, Command, ExitStatus},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use anyhow::Context;
use checks::harness::poll;
use nix::pty::openpty;
use rustix::termios::{Winsize, tcsetwinsize};

const PACE: Duration = Duration::from_millis(2);

/// The program, which is ended when this value is dropped.
pub struct Terminal {
    child: Child,
    keys: File,
    /// The program's end, kept open: its settings can be asked for.
    pub end: OwnedFd,
    shown: Arc<Mutex<Vec<Part>>>,
    /// How much of what was shown has been waited for.
    read: usize,
}

/// What was shown at once, and when.
#[derive(Clone)]
pub struct Part {
    pub at: Instant,
    pub text: String,
}

impl Terminal {
    /// Starts `command` in a terminal of so many rows and columns.
    pub fn start(mut command: Command, (rows, columns): (u16, u16)) -> anyhow::Result<Terminal> {
        let pty = openpty(None, None)?;
        tcsetwinsize(&pty.slave, size(rows, columns))?;
        let end = || pty.slave.try_clone();
        let child = command
            .stdin(end()?)
            .stdout(end()?)
            .stderr(end()?)
            .spawn()?;
        let shown = Arc::default();
        let (screen, seen) = (File::from(pty.master.try_clone()?), Arc::clone(&shown));
        thread::spawn(move || look(screen, &seen));
        Ok(Terminal {
            child,
            keys: File::from(pty.master),
            end: pty.slave,
            shown,
            read: 0,
        })
    }

    /// Waits until this is shown, after all that was waited for before. Returns what was shown until then, and when it was.
    pub fn wait_for(&mut self, text: &str, limit: Duration) -> anyhow::Result<(String, Instant)> {
        let found = poll::until(limit, PACE, || self.all()[self.read..].find(text));
        let rest = self.all().split_off(self.read);
        let end = found.with_context(|| format!("no {text:?} in {rest:?}"))? + text.len();
        self.read += end;
        let mut length = 0;
        let at = self.parts().iter().find_map(|part| {
            length += part.text.len();
            (length >= self.read).then_some(part.at)
        });
        Ok((rest[..end].to_owned(), at.context("it was shown")?))
    }

    pub fn press(&mut self, key: &str) -> anyhow::Result<()> {
        Ok(self.keys.write_all(key.as_bytes())?)
    }

    /// What a program that has ended has shown, after all that was waited for.
    pub fn rest(&mut self) -> anyhow::Result<String> {
        // The terminal passes on what comes in the order of its coming: behind this nothing is to come.
        const END: &str = "\u{4}";
        File::from(self.end.try_clone()?).write_all(END.as_bytes())?;
        let (rest, _) = self.wait_for(END, Duration::from_secs(10))?;
        Ok(rest.trim_end_matches(END).to_owned())
    }

    /// Gives it another size, as somebody who drags the window's corner.
    pub fn resize(&self, (rows, columns): (u16, u16)) -> anyhow::Result<()> {
        Ok(tcsetwinsize(&self.end, size(rows, columns))?)
    }

    /// All that was shown so far.
    pub fn parts(&self) -> MutexGuard<'_, Vec<Part>> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The process, to send it signals.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until the program ends.
    pub fn wait(&mut self) -> anyhow::Result<ExitStatus> {
        Ok(self.child.wait()?)
    }

    fn all(&self) -> String {
        self.parts().iter().map(|part| part.text.as_str()).collect()
    }
}

fn size(rows: u16, columns: u16) -> Winsize {
    Winsize {
        ws_row: rows,
        ws_col: columns,
        ws_xpixel: 0,
        ws_ypixel: 0,
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn look(mut screen: File, seen: &Mutex<Vec<Part>>) {
    let (mut bytes, mut rest) = ([0; 4096], Vec::new());
    while let Ok(count @ 1..) = screen.read(&mut bytes) {
        rest.extend_from_slice(&bytes[..count]);
        // A letter of several bytes may arrive in two parts.
        let whole = match std::str::from_utf8(&rest) {
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            _ => rest.len(),
        };
        let text = String::from_utf8_lossy(&rest[..whole]).into_owned();
        rest.drain(..whole);
        let part = Part {
            at: Instant::now(),
            text,
        };
        seen.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(part);
    }
}
