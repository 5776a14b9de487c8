//! The service, and what can be seen of it from outside.

use std::{
    collections::BTreeMap,
    fs,
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use checks::harness::{http, poll, ports};

use crate::{LIMIT, attacks::Attack, callers::call};

/// How many threads attack. Each holds its share of the connections.
const THREADS: usize = 32;

/// How often somebody else asks for `/health`.
const OTHERS: Duration = Duration::from_millis(50);

/// What each caller got, how often; within how many seconds all were closed; and the slowest `/health` meanwhile, in ms.
pub type Seen = (BTreeMap<String, usize>, f64, f64);

pub struct Service {
    child: Child,
    address: SocketAddr,
    _folder: tempfile::TempDir,
}

impl Service {
    pub fn start(executable: &Path) -> anyhow::Result<Service> {
        let folder = tempfile::tempdir()?;
        let address = ports::free_address()?;
        let child = Command::new(executable)
            .current_dir(folder.path())
            .env("PORT", address.port().to_string())
            .env("DATABASE_URL", "readings.sqlite3")
            .env("RUST_LOG", "info")
            .stdout(Stdio::null())
            .spawn()?;
        let service = Service {
            child,
            address,
            _folder: folder,
        };
        ensure!(
            poll::is_done(LIMIT, OTHERS, || service.health().is_ok()),
            "it does not start"
        );
        Ok(service)
    }

    pub fn attack(&self, attack: &Attack) -> anyhow::Result<Seen> {
        let done = AtomicBool::new(false);
        let (got, slowest) = thread::scope(|scope| {
            let others = scope.spawn(|| {
                let mut slowest: f64 = 0.0;
                while !done.load(Ordering::Relaxed) {
                    slowest = slowest.max(self.health().unwrap_or(f64::INFINITY));
                    thread::sleep(OTHERS);
                }
                slowest
            });
            let threads = THREADS.min(attack.callers);
            let attacking: Vec<_> = (0..threads)
                .map(|at| {
                    scope.spawn(move || call(self.address, attack, (attack.callers + at) / threads))
                })
                .collect();
            let got = attacking
                .into_iter()
                .flat_map(|thread| thread.join().expect("it does not panic"));
            let got: Vec<(String, f64)> = got.collect();
            done.store(true, Ordering::Relaxed);
            (got, others.join().expect("it does not panic"))
        });
        let took = got.iter().map(|(_, took)| *took).fold(0.0, f64::max);
        let well = poll::is_done(LIMIT, OTHERS, || self.health().is_ok());
        ensure!(well, "{}: /health does not recover", attack.name);
        let mut answers = BTreeMap::new();
        got.into_iter()
            .for_each(|(answer, _)| *answers.entry(answer).or_default() += 1);
        Ok((answers, took, slowest))
    }

    /// In ms.
    fn health(&self) -> anyhow::Result<f64> {
        let asked = Instant::now();
        let answer = http::ask("GET", &format!("http://{}/health", self.address), LIMIT);
        ensure!(
            answer.is_ok_and(|answer| answer.status == 200),
            "no 200 from /health"
        );
        Ok(asked.elapsed().as_secs_f64() * 1000.0)
    }

    /// The highest memory use counts from now on.
    pub fn forget_most(&self) -> std::io::Result<()> {
        fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5")
    }

    /// In MB: now (`VmRSS`), or the highest (`VmHWM`).
    pub fn memory(&self, which: &str) -> anyhow::Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status
            .lines()
            .find(|line| line.starts_with(which))
            .context("it has ended")?;
        let kilobytes = line.split_whitespace().nth(1).context("no number")?;
        Ok(kilobytes.parse::<f64>()? / 1024.0)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
