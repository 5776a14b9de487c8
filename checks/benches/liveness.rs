//! The response time of `/health` in the finished service while its database is frozen and many probes of `/health/db` wait,
//! compared with the same load on a healthy database. `cargo bench -p checks --bench liveness`

use std::{
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, bail, ensure};
use checks::harness::{
    build::build,
    fake_postgres::{FakePostgres, State},
    http,
    launch::Launch,
    program::Program,
};

/// The number of database probes that wait at any time.
const PROBES: usize = 32;

/// The number of `/health` responses that are timed, one after the other, each over a new connection.
const ASKED: usize = 2_000;

/// The time limit for one of them.
const LIMIT: Duration = Duration::from_secs(2);

fn main() -> anyhow::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let executable = build(&root, "solutions")?.context("solutions does not compile")?;
    let server = FakePostgres::start(State::Up)?;
    let url = server.url("me:secret", "workshop");
    let launch = Launch::new(&executable).database(url, State::Up);
    let Ok(program) = Program::start(&launch) else {
        bail!("the finished service does not start");
    };

    println!(
        "/health while {PROBES} probes of /health/db go on, {ASKED} answers each, in milliseconds"
    );
    let well = measure(&program)?;
    row("the database is well", &well);
    server.switch(State::Hanging);
    let frozen = measure(&program)?;
    row("the database is frozen", &frozen);
    let ratio = |of: f64| percentile(&frozen, of) / percentile(&well, of);
    println!(
        "ratio frozen / well: p50 {:.2}, p99 {:.2}",
        ratio(0.5),
        ratio(0.99)
    );
    Ok(())
}

/// The sorted times in milliseconds.
fn measure(program: &Program) -> anyhow::Result<Vec<f64>> {
    let done = AtomicBool::new(false);
    let mut times = thread::scope(|scope| {
        for _ in 0..PROBES {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    // The result does not matter: this request only has to wait.
                    let _ = program.get("/health/db");
                }
            });
        }
        let times = (0..ASKED)
            .map(|_| time(program))
            .collect::<anyhow::Result<Vec<f64>>>();
        done.store(true, Ordering::Relaxed);
        times
    })?;
    times.sort_by(f64::total_cmp);
    Ok(times)
}

fn time(program: &Program) -> anyhow::Result<f64> {
    let asked = Instant::now();
    let answer = http::ask("GET", &program.url("/health"), LIMIT);
    ensure!(
        answer.is_ok_and(|answer| answer.status == 200),
        "/health did not say 200"
    );
    Ok(asked.elapsed().as_secs_f64() * 1000.0)
}

fn percentile(sorted: &[f64], of: f64) -> f64 {
    sorted[((sorted.len() - 1) as f64 * of).round() as usize]
}

fn row(name: &str, sorted: &[f64]) {
    let [p50, p99, max] = [0.5, 0.99, 1.0].map(|of| percentile(sorted, of));
    println!("{name:<24} p50 {p50:7.2}   p99 {p99:7.2}   max {max:7.2}");
}
