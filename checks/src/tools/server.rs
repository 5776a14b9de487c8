//! Programs that run in the background until they are dropped: any program, and the monitoring servers Prometheus and
//! Alertmanager.

use std::{
    io,
    net::SocketAddr,
    path::Path,
    process::{Command, ExitStatus},
    time::Duration,
};

use anyhow::Context;

use crate::{
    harness::{
        cleanup::CleanupGuard,
        log::Log,
        poll,
        ports::free_address,
        process::{self, Child},
        scratch::{File, folder_of},
    },
    tools::{
        container::{Container, Image},
        source::Source,
    },
};

/// Proxy variables, which would redirect the requests that a server sends.
const PROXIES: [&str; 6] = [
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "http_proxy",
    "https_proxy",
    "all_proxy",
];

/// A running program. It ends when this value is dropped.
pub struct Daemon {
    child: Child,
    /// Its output so far.
    pub log: Log,
    _guard: CleanupGuard,
}

impl Daemon {
    /// Starts `command`.
    ///
    /// # Errors
    /// The reason why it cannot be started: `NotFound` if there is no such program on the PATH.
    pub fn start(command: Command) -> io::Result<Daemon> {
        let (child, guard) = process::spawn(command)?;
        Ok(Daemon {
            log: Log::of(&child),
            child,
            _guard: guard,
        })
    }

    /// Its exit status, if it has ended.
    pub fn exit_status(&self) -> Option<ExitStatus> {
        process::exit_status(&self.child)
    }
}

/// One of the monitoring servers, and how it is started.
pub struct Kind {
    pub name: &'static str,
    pub image: &'static Image,
    /// The file name of its configuration.
    pub config: &'static str,
    /// The folder that it may write to in its image.
    pub data: &'static str,
    /// Its arguments for this configuration and this data folder.
    pub arguments: fn(config: &str, data: &str) -> Vec<String>,
}

/// A running monitoring server on a port of loopback. It ends when this value is dropped.
pub struct Server {
    url: String,
    /// Declared first, so that it ends before its container and its folders are removed.
    daemon: Daemon,
    /// In reverse order of their creation.
    _guards: Vec<CleanupGuard>,
}

/// Why waiting is pointless.
pub enum NotDone {
    /// The server has ended.
    Ended,
    /// The time limit has passed.
    TooLate,
}

impl Server {
    /// Starts a server on a free port, with these files, including its configuration. It may not answer yet.
    ///
    /// # Errors
    /// When it cannot be started at all.
    pub fn start(kind: &Kind, source: &Source, files: &[File]) -> anyhow::Result<Server> {
        let address = free_address()?;
        let (folder, folder_guard) = folder_of(files)?;
        let mut guards = vec![folder_guard];
        let command = match source {
            Source::Path(path) => native(kind, path, &folder, address),
            Source::Image => {
                let config = format!("{}/{}", kind.image.folder, kind.config);
                let arguments = (kind.arguments)(&config, kind.data);
                let (start, guard) = Container::create(kind.image, &folder, &arguments, address)?;
                guards.insert(0, guard);
                start
            }
        };
        let daemon = Daemon::start(command);
        Ok(Server {
            url: format!("http://{address}"),
            daemon: daemon.with_context(|| format!("{} cannot be started", kind.name))?,
            _guards: guards,
        })
    }

    /// `http://127.0.0.1:21873`
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its output so far.
    pub fn log(&self) -> &Log {
        &self.daemon.log
    }

    /// Waits until `done` returns true, at most for `limit`.
    ///
    /// # Errors
    /// Why it never did. If the server has ended, all of its output has been read.
    pub fn wait(
        &self,
        limit: Duration,
        pace: Duration,
        done: impl Fn() -> bool,
    ) -> Result<(), NotDone> {
        let waited = poll::until(limit, pace, || {
            if done() {
                Some(Ok(()))
            } else {
                self.daemon.exit_status().map(|_| Err(NotDone::Ended))
            }
        });
        if let Some(Err(NotDone::Ended)) = waited {
            self.log().wait_for_end();
        }
        waited.unwrap_or(Err(NotDone::TooLate))
    }
}

fn native(kind: &Kind, path: &Path, folder: &Path, address: SocketAddr) -> Command {
    let mut command = Command::new(path);
    for name in PROXIES {
        command.env_remove(name);
    }
    command
        .current_dir(folder)
        .arg(format!("--web.listen-address={address}"))
        .args((kind.arguments)(kind.config, "data"));
    command
}
