//! A real Prometheus collects from the finished service while there is traffic, and every query of the dashboard shows something.
//!
//! Where there is no `prometheus` on the PATH the test is ignored, and says so.

#[path = "common/dashboard.rs"]
mod dashboard;

use std::{
    fs, io,
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, ensure};
use checks::{
    child,
    ending::Ending,
    http,
    log::Log,
    program::{self, Program},
};
use dashboard::{Query, panels};
use libtest_mimic::{Arguments, Failed, Trial};

/// Every second it comes by; a rate is over four of those. Then everything shows after some seconds; the rest is for a busy
/// machine.
const SCRAPE: &str = "1s";
const RATE: &str = "4s";
const LIMIT: Duration = Duration::from_secs(60);
const START_LIMIT: Duration = Duration::from_secs(20);

/// How often there is traffic meanwhile.
const PACE: Duration = Duration::from_millis(200);

fn main() {
    let prometheus = Command::new("prometheus")
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    let missing = !prometheus.is_ok_and(|status| status.success());
    if missing {
        eprintln!("the dashboard is ignored: there is no `prometheus` on the PATH");
    }
    let trial = Trial::test("every_query_of_the_dashboard_shows_something", || {
        every_query_shows_something().map_err(|error| Failed::from(format!("{error:#}")))
    });
    libtest_mimic::run(
        &Arguments::from_args(),
        vec![trial.with_ignored_flag(missing)],
    )
    .exit()
}

fn every_query_shows_something() -> anyhow::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let executable = program::build(&root, "solutions")?.context("solutions does not compile")?;
    let service = Program::start_with(&executable, "readings.sqlite3", &[("DRILL", "1")])
        .map_err(|failure| anyhow::anyhow!("{failure:?}"))?;
    let folder = tempfile::tempdir()?;
    let (server, _ending) = prometheus(&service, folder.path())?;

    // Without a container there may be no limit to show; then, and only then, its line is missing.
    let metrics = service.get("/metrics").ok().context("no /metrics")?.body;
    let expected = |query: &Query| {
        query.expr.starts_with("process_memory_limit_bytes")
            <= metrics.contains("process_memory_limit_bytes")
    };
    let panels = panels(RATE)?;
    let mut queries: Vec<&Query> = panels.iter().flat_map(|panel| &panel.queries).collect();
    ensure!(queries.len() > panels.len(), "there is a dashboard");
    for panel in &panels {
        let (min, max) = (panel.min.unwrap_or(0.0), panel.max.unwrap_or(f64::MAX));
        ensure!(
            !panel.unit.is_empty() && min < max,
            "{} says what it shows",
            panel.title
        );
    }
    queries.retain(|query| expected(query));

    let give_up = Instant::now() + LIMIT;
    traffic("POST", &service.url("/drill/errors?ratio=0.3"), "");
    while !queries.is_empty() {
        traffic(
            "POST",
            &service.url("/readings"),
            r#"{"sensor":"balcony","value":21.5}"#,
        );
        traffic("GET", &service.url("/readings/balcony"), "");
        thread::sleep(PACE);
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs_f64();
        let mut silent = Vec::new();
        for query in queries {
            let lines = query.lines(&server, now, now, 1.0)?;
            ensure!(
                lines.iter().all(|line| !line.name.contains("{{")),
                "{}: no label for the legend {}",
                query.expr,
                query.legend
            );
            if lines.is_empty() {
                silent.push(query);
            }
        }
        queries = silent;
        let left: Vec<&str> = queries.iter().map(|query| query.expr.as_str()).collect();
        ensure!(
            left.is_empty() || Instant::now() < give_up,
            "nothing to see of {left:#?}"
        );
    }
    Ok(())
}

fn traffic(method: &str, url: &str, body: &str) {
    // Whatever is answered: some of it is to fail.
    let json = [("content-type", "application/json")];
    let _ = http::send(method, url, &json, body, program::ANSWER_LIMIT);
}

/// Starts one that collects from `service` and from nobody else. Says where it is.
fn prometheus(service: &Program, folder: &Path) -> anyhow::Result<(String, Ending)> {
    let target = service.url("").replace("http://", "");
    let config = format!(
        "global: {{scrape_interval: {SCRAPE}}}\nscrape_configs: [{{job_name: app, static_configs: [{{targets: [\"{target}\"]}}]}}]\n"
    );
    fs::write(folder.join("prometheus.yml"), config)?;
    let mut command = Command::new("prometheus");
    command.current_dir(folder).args([
        "--config.file=prometheus.yml",
        "--storage.tsdb.path=data",
        "--web.listen-address=127.0.0.1:0",
    ]);
    let mut log = Log::default();
    let (_child, ending) = Ending::of(|| {
        let child = child::start(command)?;
        let stdout = child::lock(&child).stdout().take();
        let stderr = child::lock(&child).stderr().take();
        log.read(stdout.expect("it is piped"));
        log.read(stderr.expect("it is piped"));
        let ended = Arc::clone(&child);
        let end: Box<dyn FnOnce() + Send> = Box::new(move || child::kill(&ended));
        io::Result::Ok((child, end))
    })?;
    let line = log.wait_for("Listening on", START_LIMIT);
    let line = line.with_context(|| format!("Prometheus does not start{}", log.tail()))?;
    let (_, address) = line
        .split_once("address=")
        .context("it listens somewhere")?;
    Ok((format!("http://{}", address.trim()), ending))
}
