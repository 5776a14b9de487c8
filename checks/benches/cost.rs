//! The cost of observability: processor time per request of the bare service (step 3), with logs (step 4), and with logs and
//! metrics (step 5). Each step is built for release with the solution copied over it. `cargo bench -p checks --bench cost`
//!
//! The programs take turns, so that other load on the machine affects all of them alike; the median of the rounds counts. Linux
//! only.

#[path = "../tests/common/mod.rs"]
mod common;

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use anyhow::{Context, ensure};
use checks::{
    course,
    harness::{poll, raw_http::Connection},
};
use common::scratch::Scratch;

/// The number of requests per round, of connections for them, and of rounds per program.
const REQUESTS: usize = 40_000;
const CONNECTIONS: usize = 4;
const ROUNDS: usize = 7;

/// The cheapest response, whose line is not written; the cheapest whose line is (404); and one that needs the database (SQLite).
const PATHS: [&str; 3] = ["/health", "/nowhere", "/readings/balcony"];

/// The unit in which the kernel counts processor time, in seconds.
const TICK: f64 = 0.01;

/// The time limit for a start and for each request, and the polling interval at the start.
const LIMIT: Duration = Duration::from_secs(10);
const PACE: Duration = Duration::from_millis(10);

fn main() -> anyhow::Result<()> {
    let programs = [(3, "bare"), (4, "with logs"), (5, "with logs and metrics")];
    let scratch = Scratch::new("cost")?;
    make_bare(&scratch)?;
    let mut services = Vec::new();
    for (step, name) in programs {
        services.push((name, Service::start(&build(&scratch, step)?)?));
    }
    println!(
        "processor time per request, in microseconds: median of {ROUNDS} rounds of {REQUESTS}"
    );
    let mut sums = vec![0.0; services.len()];
    for path in PATHS {
        let mut times = vec![Vec::new(); services.len()];
        for round in 0..=ROUNDS {
            for ((_, service), times) in services.iter().zip(&mut times) {
                let time = service.time_per_request(path)?;
                // The first round fills pools and caches.
                if round > 0 {
                    times.push(time);
                }
            }
        }
        let medians: Vec<f64> = times.iter().map(|times| median(times)).collect();
        table(path, &services, &medians);
        sums.iter_mut()
            .zip(medians)
            .for_each(|(sum, median)| *sum += median);
    }
    table("one of each", &services, &sums);
    Ok(())
}

fn table(what: &str, services: &[(&str, Service)], times: &[f64]) {
    println!("{what}");
    for ((name, _), time) in services.iter().zip(times) {
        println!("  {name:<24} {time:7.1}   ratio {:.2}", time / times[0]);
    }
}

/// Removes step 3's own plain access log.
fn make_bare(scratch: &Scratch) -> anyhow::Result<()> {
    let main = scratch.root().join("steps/03-container/src/main.rs");
    let mut text = fs::read_to_string(&main)?;
    for (line, without) in [
        ("middleware::{Logger, from_fn}", "middleware::from_fn"),
        ("            .wrap(Logger::default())\n", ""),
    ] {
        ensure!(text.contains(line), "step 3 has no {line:?} any more");
        text = text.replace(line, without);
    }
    fs::write(main, text)?;
    Ok(())
}

/// Builds the step with the solution copied over it. Returns the path of its program.
fn build(scratch: &Scratch, number: usize) -> anyhow::Result<PathBuf> {
    let step = course::STEPS.iter().find(|step| step.number == number);
    let step = step.context("there is no such step")?;
    let solution = common::workspace().join("solutions").join(step.task);
    scratch.lay(&solution, Path::new(step.folder).join(step.task))?;
    let built = Command::new("cargo")
        .current_dir(scratch.root())
        .args(["build", "--release", "--quiet", "--package", step.package])
        .status()?;
    ensure!(built.success(), "{} does not build", step.package);
    Ok(scratch.root().join("target/release").join(step.package))
}

/// A running service with its own database. Its log is written, but discarded.
struct Service {
    child: Child,
    address: SocketAddr,
    _folder: tempfile::TempDir,
}

impl Service {
    fn start(executable: &Path) -> anyhow::Result<Service> {
        let folder = tempfile::tempdir()?;
        // The port is free again at once, and the service takes it at once.
        let address = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let child = Command::new(executable)
            .current_dir(folder.path())
            .env("PORT", address.port().to_string())
            .env("DATABASE_URL", "readings.sqlite3")
            .env("RUST_LOG", "info")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let service = Service {
            child,
            address,
            _folder: folder,
        };
        let listens = || Connection::open(address, LIMIT).is_ok();
        ensure!(
            poll::is_done(LIMIT, PACE, listens),
            "{} does not listen",
            executable.display()
        );
        let url = format!("http://{address}/readings");
        let json = [("content-type", "application/json")];
        let made = checks::harness::http::send(
            "POST",
            &url,
            &json,
            r#"{"sensor":"balcony","value":21.5}"#,
            LIMIT,
        );
        ensure!(
            made.is_ok_and(|answer| answer.status == 201),
            "no reading can be made"
        );
        Ok(service)
    }

    /// In microseconds.
    fn time_per_request(&self, path: &str) -> anyhow::Result<f64> {
        let before = self.processor_time()?;
        let asked = thread::scope(|scope| {
            let asking: Vec<_> = (0..CONNECTIONS)
                .map(|_| scope.spawn(|| self.ask_a_share(path)))
                .collect();
            asking
                .into_iter()
                .try_for_each(|asking| asking.join().expect("asking does not panic"))
        });
        asked?;
        let spent = self.processor_time()? - before;
        Ok(spent * 1e6 / REQUESTS as f64)
    }

    fn ask_a_share(&self, path: &str) -> anyhow::Result<()> {
        let mut connection = Connection::open(self.address, LIMIT)?;
        for _ in 0..REQUESTS / CONNECTIONS {
            connection.ask("GET", path, "")?;
        }
        Ok(())
    }

    /// User and system time so far, in seconds: the 14th and 15th word of `stat`, whose second word is a name in brackets.
    fn processor_time(&self) -> anyhow::Result<f64> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let (_, rest) = stat.rsplit_once(')').context("no stat")?;
        let words: Vec<&str> = rest.split_whitespace().collect();
        let ticks = |at: usize| words.get(at - 3).and_then(|word| word.parse::<f64>().ok());
        let (user, system) = ticks(14).zip(ticks(15)).context("no times")?;
        Ok((user + system) * TICK)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn median(times: &[f64]) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}
