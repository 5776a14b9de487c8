//! The first command of README.md, exactly as printed. Written in Rust because all machines of `.github/workflows/ci.yml` can run
//! it: their shells have no common way to end a process that they have started.

use std::{
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, anyhow, ensure};
use checks::{
    harness::{http, poll},
    tools::server::Daemon,
};

/// The time limit for a first build on a slow machine.
const LIMIT: Duration = Duration::from_secs(20 * 60);
const PACE: Duration = Duration::from_millis(200);

#[test]
#[ignore = "it takes port 8000 (cargo test --package checks --test readme -- --ignored)"]
fn the_service_answers_where_it_is_said_to() -> anyhow::Result<()> {
    // $ cargo run -p step07     # the service: open http://127.0.0.1:8000/health
    let mut lines = include_str!("../../README.md").lines();
    let (command, url) = lines
        .find_map(|line| line.strip_prefix("$ cargo run ")?.split_once('#'))
        .context("README.md names a command")?;
    let url = url.split(' ').find(|word| word.starts_with("http://"));
    let url = url.context("README.md says where to look")?;

    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
        .arg("run")
        .args(command.split_whitespace());
    let service = Daemon::start(cargo)?;
    let begin = Instant::now();
    let answer = poll::until(LIMIT, PACE, || match service.exit_status() {
        Some(status) => Some(Err(anyhow!("it ended: {status}{}", service.log.tail()))),
        None => http::ask("GET", url, PACE).ok().map(Ok),
    });
    let answer = answer.with_context(|| format!("no answer from {url}"))??;
    println!("after {} s {url} says {answer}", begin.elapsed().as_secs());
    ensure!(answer.status == 200, "{answer}");
    ensure!(service.exit_status().is_none(), "another program answered");
    Ok(())
}
