//! A program from PATH that runs beside us until it is dropped: Prometheus, Alertmanager.

use std::{
    io,
    process::{Command, ExitStatus},
    sync::Arc,
};

use crate::{
    child::{self, Child},
    ending::Ending,
    log::Log,
};

/// It runs. Ends with this value.
pub struct Daemon {
    child: Child,
    /// What it has written so far.
    pub log: Log,
    _ending: Ending,
}

impl Daemon {
    /// Starts `command`.
    ///
    /// # Errors
    /// Whatever keeps it from starting: `NotFound` if there is no such program on PATH.
    pub fn start(command: Command) -> io::Result<Daemon> {
        let mut log = Log::default();
        let (child, ending) = Ending::of(|| {
            let child = child::start(command)?;
            let mut streams = child::lock(&child);
            if let Some(stdout) = streams.stdout().take() {
                log.read(stdout);
            }
            if let Some(stderr) = streams.stderr().take() {
                log.read(stderr);
            }
            drop(streams);
            let ended = Arc::clone(&child);
            let end: Box<dyn FnOnce() + Send> = Box::new(move || child::kill(&ended));
            io::Result::Ok((child, end))
        })?;
        Ok(Daemon {
            child,
            log,
            _ending: ending,
        })
    }

    /// How it ended, if it has.
    pub fn exit_status(&self) -> Option<ExitStatus> {
        child::lock(&self.child).try_wait().ok().flatten()
    }
}
