//! The server's processes.

use std::{fs, path::Path, process::Command, time::Duration};

use anyhow::ensure;
use checks::harness::{
    cleanup::CleanupGuard,
    log::Log,
    poll,
    process::{self, Child},
};

use crate::common::{
    PACE,
    processes::{children, has_ended, signal},
};

/// The most that a start (after a kill, it reads its log again) and a stop may take.
const LIMIT: Duration = Duration::from_secs(60);

/// The server while it runs: the first of its processes.
pub struct Running {
    child: Child,
    log: Log,
    _guard: CleanupGuard,
}

impl Running {
    /// Waits until it accepts connections.
    pub fn start(command: Command, data: &Path) -> anyhow::Result<Running> {
        let (child, guard) = CleanupGuard::of(|| {
            let child = process::start(command)?;
            let ended = Child::clone(&child);
            anyhow::Ok((child, move || end(&ended)))
        })?;
        let running = Running {
            log: Log::of(&child),
            child,
            _guard: guard,
        };
        let known = || running.is_ready(data) || has_ended(running.number());
        let ready = poll::is_done(LIMIT, PACE, known) && running.is_ready(data);
        ensure!(ready, "PostgreSQL does not start{}", running.log.tail());
        Ok(running)
    }

    /// The file that the server keeps about itself: its number in the first line, its state in the eighth.
    fn is_ready(&self, data: &Path) -> bool {
        let file = fs::read_to_string(data.join("postmaster.pid")).unwrap_or_default();
        let mut lines = file.lines();
        let number = self.number().to_string();
        let own = lines.next().is_some_and(|own| own == number);
        own && lines.nth(6).is_some_and(|state| state.trim() == "ready")
    }

    pub fn stop(self) -> anyhow::Result<()> {
        self.end_by(|first, _| signal("INT", &[first]))
    }

    pub fn kill(self) -> anyhow::Result<()> {
        self.end_by(|_, all| signal("KILL", all))
    }

    fn end_by(self, end: fn(u32, &[u32])) -> anyhow::Result<()> {
        let processes = all(self.number());
        end(self.number(), &processes);
        let ended = poll::is_done(LIMIT, PACE, || {
            // The first of them is our child: somebody has to ask for its status.
            process::exit_status(&self.child);
            processes.iter().all(|process| has_ended(*process))
        });
        ensure!(ended, "PostgreSQL does not end");
        Ok(())
    }

    pub fn pause(&self) {
        // The first, so that it starts no others.
        signal("STOP", &[self.number()]);
        signal("STOP", &all(self.number()));
    }

    pub fn resume(&self) {
        signal("CONT", &all(self.number()));
    }

    fn number(&self) -> u32 {
        process::lock(&self.child).id()
    }
}

/// Kills all its processes. What it keeps is thrown away afterwards, so that it needs no time to tidy up.
fn end(child: &Child) {
    // The number of a process that has ended may belong to another one.
    if process::exit_status(child).is_none() {
        let number = process::lock(child).id();
        signal("KILL", &all(number));
        process::kill(child);
    }
}

fn all(number: u32) -> Vec<u32> {
    let mut processes = vec![number];
    processes.extend(children(number));
    processes
}
