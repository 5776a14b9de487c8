//! A real Prometheus scrapes the finished service while there is traffic, and every query of the dashboard returns something.

use std::{
    fs,
    mem::take,
    path::Path,
    process::Command,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, ensure};
use checks::{
    harness::{
        cleanup::CleanupGuard, http, launch::Launch, log::Log, poll, process, program::Program,
    },
    tools::source::Source,
};

use crate::{
    common::{programs::Programs, suite::Suite},
    panels::{Query, panels},
};

/// The scrape interval is one second, and a rate covers four of those. So everything shows after a few seconds; the rest of the
/// limit is for a busy machine.
const SCRAPE: &str = "1s";
const RATE: &str = "4s";
const LIMIT: Duration = Duration::from_secs(60);
const START_LIMIT: Duration = Duration::from_secs(20);

/// The interval between rounds of traffic.
const PACE: Duration = Duration::from_millis(200);

pub fn add(suite: &mut Suite) {
    let lacks = Source::on_path("Prometheus", &["prometheus"]).err();
    suite.add(
        "every_query_of_the_dashboard_shows_something",
        lacks.as_deref(),
        every_query_shows_something,
    );
}

fn every_query_shows_something() -> anyhow::Result<()> {
    let programs = Programs::build([])?;
    let executable = programs.finished()?;
    let launch = Launch::new(&executable).settings(&[("DRILL", "1")]);
    let service = Program::start(&launch).map_err(|failure| anyhow::anyhow!("{failure:?}"))?;
    let folder = tempfile::tempdir()?;
    let (server, _guard) = prometheus(&service, folder.path())?;

    // Without a container there may be no limit to show; then, and only then, its lines are missing.
    let metrics = service.get("/metrics").ok().context("no /metrics")?.body;
    let expected = |query: &Query| {
        query.expr.contains("process_memory_limit_bytes")
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

    traffic("POST", &service.url("/drill/errors?ratio=0.3"), "");
    let look = || {
        traffic(
            "POST",
            &service.url("/readings"),
            r#"{"sensor":"balcony","value":21.5}"#,
        );
        traffic("GET", &service.url("/readings/balcony"), "");
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs_f64();
        let mut silent = Vec::new();
        for query in take(&mut queries) {
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
        let left = queries.iter().map(|query| query.expr.as_str());
        Ok(left.collect())
    };
    let left: Vec<&str> = poll::latest(LIMIT, PACE, look, Vec::is_empty)?;
    ensure!(left.is_empty(), "nothing to see of {left:#?}");
    Ok(())
}

fn traffic(method: &str, url: &str, body: &str) {
    // The responses do not matter: some of the requests are meant to fail.
    let json = [("content-type", "application/json")];
    let _ = http::send(method, url, &json, body, http::ANSWER_LIMIT);
}

/// Starts a Prometheus that scrapes only `service`. Returns its address.
fn prometheus(service: &Program, folder: &Path) -> anyhow::Result<(String, CleanupGuard)> {
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
    let (child, guard) = process::spawn(command)?;
    let log = Log::of(&child);
    let line = log.wait_for("Listening on", START_LIMIT);
    let line = line.with_context(|| format!("Prometheus does not start{}", log.tail()))?;
    let (_, address) = line
        .split_once("address=")
        .context("it listens somewhere")?;
    Ok((format!("http://{}", address.trim()), guard))
}
