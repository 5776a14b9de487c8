//! What it costs to know: processor time per request of the service bare (step 3), with logs (step 4), and with logs and metrics
//! (step 5), each with the solution laid over it, built for release. `cargo bench -p checks --bench cost`
//!
//! The rounds take turns, so that what else the machine does hits all of them alike; of the rounds the median counts. Linux only.

#[path = "../tests/common/mod.rs"]
mod common;

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use checks::{course, keep_alive::KeepAlive};
use common::Scratch;

/// How many requests a round has, over how many connections, and how many rounds there are for each program.
const REQUESTS: usize = 40_000;
const CONNECTIONS: usize = 4;
const ROUNDS: usize = 7;

/// What is asked: the cheapest answer, next to which all else is dear, and one for which the database is asked (SQLite).
const PATHS: [&str; 2] = ["/health", "/readings/balcony"];

/// The kernel counts processor time in these, in seconds.
const TICK: f64 = 0.01;

const LIMIT: Duration = Duration::from_secs(10);

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
                // The first one fills pools and caches.
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

/// Step 3 has an access log, too, a plain one: out with it.
fn make_bare(scratch: &Scratch) -> anyhow::Result<()> {
    let main = scratch.root().join("steps/03-container/src/main.rs");
    let mut text = fs::read_to_string(&main)?;
    for line in [
        ", middleware::Logger",
        "            .wrap(Logger::default())\n",
    ] {
        ensure!(text.contains(line), "step 3 has no {line:?} any more");
        text = text.replace(line, "");
    }
    fs::write(main, text)?;
    Ok(())
}

/// Builds the step with the solution laid over it. Says where its program is.
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

/// A service that runs, with a database of its own. Its log goes to nobody, but is written.
struct Service {
    child: Child,
    address: SocketAddr,
    _folder: tempfile::TempDir,
}

impl Service {
    fn start(executable: &Path) -> anyhow::Result<Service> {
        let folder = tempfile::tempdir()?;
        // Its port is free again at once, and taken again at once.
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
        let give_up = Instant::now() + LIMIT;
        while KeepAlive::open(address, LIMIT).is_err() {
            ensure!(
                Instant::now() < give_up,
                "{} does not listen",
                executable.display()
            );
            thread::sleep(Duration::from_millis(10));
        }
        let url = format!("http://{address}/readings");
        let json = [("content-type", "application/json")];
        let made = checks::http::send(
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
        let mut connection = KeepAlive::open(self.address, LIMIT)?;
        for _ in 0..REQUESTS / CONNECTIONS {
            connection.ask("GET", path, "")?;
        }
        Ok(())
    }

    /// User and system time so far, in seconds: the 14th and 15th word of `stat`, of which the second is a name in brackets.
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
