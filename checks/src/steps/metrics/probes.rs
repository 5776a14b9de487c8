//! Whether probes and scrapes are counted, whoever sends them.

use std::cell::Cell;

use super::{COUNTER, MetricsProbe, PATH, counting::curl, listed};
use crate::{check::Failure, harness::clients, tools::prometheus::exposition::Scrape};

/// Probes are counted as well, and so is the scrape itself.
pub fn are_counted(probe: &MetricsProbe) -> Result<(), Failure> {
    for path in ["/health", "/health/db", PATH] {
        let labels: &[(&str, &str)] = &[("path", path)];
        let before = probe.scrape()?.sum(COUNTER, labels);
        probe.status("GET", path, "")?;
        let after = probe.scrape_until(|scrape| scrape.sum(COUNTER, labels) > before)?;
        if after.sum(COUNTER, labels) <= before {
            return Err(Failure::new(
                format!("{COUNTER} moves by 1 under path={path:?}"),
                format!(
                    "no series with that path has moved; the paths that are counted:\n{}",
                    paths(&after)
                ),
                probe.how_of(&curl("GET", path, ""), COUNTER),
            )
            .perhaps("excluded here: a query can leave it out later, and cannot bring it back"));
        }
    }
    counts_each_client(probe)
}

/// Whoever asks: a monitor says its name, and is counted all the same.
fn counts_each_client(probe: &MetricsProbe) -> Result<(), Failure> {
    for path in ["/health", PATH] {
        let labels: &[(&str, &str)] = &[("path", path)];
        let mut before = probe.scrape()?.sum(COUNTER, labels);
        for client in clients::all() {
            let question = probe.question(path).by(&client);
            question.status(200, probe.program.ask_as(&client, "GET", path))?;
            // A scrape of ours is counted after it has been read.
            let own = Cell::new(0.0);
            let scrape = probe.scrape_until(|scrape| {
                own.set(own.get() + f64::from(path == PATH));
                scrape.sum(COUNTER, labels) > before + own.get()
            })?;
            let after = scrape.sum(COUNTER, labels);
            if after <= before + own.get() {
                return Err(Failure::new(
                    format!("{COUNTER} moves by 1 under path={path:?}, whoever asks"),
                    format!("it moved by {}", after - before - own.get()),
                    probe.how_of(&client.command("GET", path), COUNTER),
                )
                .perhaps(format!("a request with {} is not counted", client.curl)));
            }
            before = after;
        }
    }
    Ok(())
}

fn paths(scrape: &Scrape) -> String {
    let mut paths: Vec<&str> = scrape
        .of(COUNTER)
        .map(|sample| sample.label("path"))
        .collect();
    paths.sort_unstable();
    paths.dedup();
    listed(paths.into_iter().map(str::to_owned))
}
