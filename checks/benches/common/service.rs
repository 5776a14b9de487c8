//! The finished service, and what can be seen of it from outside.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context, ensure};
use checks::harness::{
    cleanup::CleanupGuard,
    http::{self, Answer},
    poll, ports,
    process::{self, Child},
    scratch,
};

use super::{PACE, written::Written};

/// The time limit for a start, and for an answer to the bench itself.
const LIMIT: Duration = Duration::from_secs(10);

/// A service that runs in a folder of its own. It is ended when this value is dropped.
pub struct Service {
    executable: PathBuf,
    database: String,
    address: SocketAddr,
    folder: PathBuf,
    written: Written,
    child: Child,
    _guards: [CleanupGuard; 2],
}

/// What it takes at one moment. Memory is in MB.
#[derive(Clone, Copy, Debug, Default)]
pub struct Figures {
    pub threads: usize,
    pub descriptors: usize,
    pub memory: f64,
}

impl Service {
    /// Starts it and waits until it answers. `database`: a URL, or a file in its folder.
    pub fn start(executable: &Path, database: &str) -> anyhow::Result<Service> {
        let (folder, folder_guard) = scratch::folder()?;
        let address = ports::free_address()?;
        let written = Written::default();
        let (child, guard) = spawn(executable, database, address, &folder, &written)?;
        let service = Service {
            executable: executable.to_owned(),
            database: database.to_owned(),
            address,
            folder,
            written,
            child,
            _guards: [guard, folder_guard],
        };
        service.listens()?;
        Ok(service)
    }

    /// Kills it, and starts it again where it was.
    pub fn kill_and_start(&mut self) -> anyhow::Result<()> {
        process::kill(&self.child);
        let (child, guard) = spawn(
            &self.executable,
            &self.database,
            self.address,
            &self.folder,
            &self.written,
        )?;
        self.child = child;
        self._guards[0] = guard;
        self.listens()
    }

    fn listens(&self) -> anyhow::Result<()> {
        let answers = || self.ask("/health").is_ok_and(|answer| answer.status == 200);
        ensure!(
            poll::is_done(LIMIT, PACE, answers),
            "the service does not start"
        );
        Ok(())
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `GET path`, over a connection of its own.
    pub fn ask(&self, path: &str) -> anyhow::Result<Answer> {
        let url = format!("http://{}{path}", self.address);
        let answer = http::ask("GET", &url, LIMIT);
        answer.map_err(|none| anyhow::anyhow!("GET {path}: {none}"))
    }

    /// The value of a series without labels on `/metrics`, if there is one.
    pub fn metric(&self, name: &str) -> anyhow::Result<Option<String>> {
        let page = self.ask("/metrics")?.body;
        let mut lines = page.lines();
        let value = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        Ok(value.map(str::to_owned))
    }

    /// The lines and the bytes that it has written to its log so far, over all starts.
    pub fn written(&self) -> (u64, u64) {
        self.written.so_far()
    }

    /// What it takes now.
    pub fn figures(&self) -> anyhow::Result<Figures> {
        let count = |of: &str| Ok::<_, std::io::Error>(fs::read_dir(self.proc(of))?.count());
        Ok(Figures {
            threads: count("task")?,
            descriptors: count("fd")?,
            memory: self.memory("VmRSS")?,
        })
    }

    /// In MB: now (`VmRSS`), or the most so far (`VmHWM`).
    pub fn memory(&self, which: &str) -> anyhow::Result<f64> {
        let status = fs::read_to_string(self.proc("status"))?;
        let line = status
            .lines()
            .find(|line| line.starts_with(which))
            .context("it has ended")?;
        let kilobytes = line.split_whitespace().nth(1).context("no number")?;
        Ok(kilobytes.parse::<f64>()? / 1024.0)
    }

    /// From now on, `VmHWM` is the most since now.
    pub fn forget_most(&self) -> std::io::Result<()> {
        fs::write(self.proc("clear_refs"), "5")
    }

    fn proc(&self, file: &str) -> PathBuf {
        let number = process::lock(&self.child).id();
        PathBuf::from(format!("/proc/{number}/{file}"))
    }
}

impl Figures {
    /// The larger one of each.
    pub fn most(self, other: Figures) -> Figures {
        Figures {
            threads: self.threads.max(other.threads),
            descriptors: self.descriptors.max(other.descriptors),
            memory: self.memory.max(other.memory),
        }
    }
}

fn spawn(
    executable: &Path,
    database: &str,
    address: SocketAddr,
    folder: &Path,
    written: &Written,
) -> anyhow::Result<(Child, CleanupGuard)> {
    let mut command = Command::new(executable);
    command
        .current_dir(folder)
        .env("HOST", address.ip().to_string())
        .env("PORT", address.port().to_string())
        .env("DATABASE_URL", database)
        .env("RUST_LOG", "info");
    let (child, guard) = process::spawn(command)?;
    let mut streams = process::lock(&child);
    if let Some(stdout) = streams.stdout().take() {
        written.count(stdout);
    }
    if let Some(stderr) = streams.stderr().take() {
        written.count(stderr);
    }
    drop(streams);
    Ok((child, guard))
}
