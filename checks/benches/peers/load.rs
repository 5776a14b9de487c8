//! The load, by `wrk`: this process has nothing to do meanwhile, so that it takes nothing from those it measures.

use std::{fs, path::Path, process::Command, time::Duration};

use anyhow::{Context, ensure};
use checks::harness::run::run;

/// The connections of one thread of `wrk`, and for how long it asks, in seconds.
pub const CONNECTIONS: u32 = 32;
pub const SECONDS: u64 = 3;

/// How long it may take to end.
const LIMIT: Duration = Duration::from_secs(SECONDS + 30);

/// What is asked for.
pub struct Route {
    pub method: &'static str,
    pub path: &'static str,
}

/// In the order in which they are asked for.
pub const ROUTES: [Route; 3] = [
    Route {
        method: "GET",
        path: "/health",
    },
    Route {
        method: "GET",
        path: "/health/db",
    },
    Route {
        method: "POST",
        path: "/readings",
    },
];

/// What `wrk` does with a POST.
const POST: &str = r#"wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"sensor":"balcony","value":21.5}'
"#;

/// What `wrk` says of one round. Times are in milliseconds.
pub struct Seen {
    pub requests: f64,
    pub per_second: f64,
    pub p50: f64,
    pub p99: f64,
    /// Answers other than 2xx and 3xx, and connections that failed.
    pub failed: f64,
}

/// Asks for the route during one round. `folder` holds the script for a POST.
pub fn ask(route: &Route, address: std::net::SocketAddr, folder: &Path) -> anyhow::Result<Seen> {
    let mut wrk = Command::new("wrk");
    wrk.args(["--threads=1", "--latency", "--timeout=5s"])
        .arg(format!("--connections={CONNECTIONS}"))
        .arg(format!("--duration={SECONDS}s"));
    if route.method == "POST" {
        let script = folder.join("post.lua");
        fs::write(&script, POST)?;
        wrk.arg("--script").arg(script);
    }
    wrk.arg(format!("http://{address}{}", route.path));
    let ran = run(wrk, LIMIT).context("wrk")?;
    let said = String::from_utf8_lossy(&ran.stdout);
    ensure!(ran.status.success(), "wrk: {said}");
    read(&said).with_context(|| format!("wrk says something else than expected: {said}"))
}

fn read(said: &str) -> Option<Seen> {
    let after = |start: &str| {
        let line = said
            .lines()
            .find_map(|line| line.trim().strip_prefix(start));
        line.map(str::trim)
    };
    let requests = said.lines().find(|line| line.contains(" requests in "))?;
    let refused =
        after("Non-2xx or 3xx responses:").map_or(Some(0.0), |count| count.parse().ok())?;
    // connect 0, read 3, write 0, timeout 0
    let errors = after("Socket errors:").unwrap_or_default();
    let errors = errors
        .split([' ', ','])
        .filter_map(|word| word.parse::<f64>().ok());
    Some(Seen {
        requests: requests.split_whitespace().next()?.parse().ok()?,
        per_second: after("Requests/sec:")?.parse().ok()?,
        p50: milliseconds(after("50%")?)?,
        p99: milliseconds(after("99%")?)?,
        failed: refused + errors.sum::<f64>(),
    })
}

/// `1.21ms`, `350.00us`, `1.02s`.
fn milliseconds(text: &str) -> Option<f64> {
    let units = [("us", 0.001), ("ms", 1.0), ("s", 1000.0)];
    units.iter().find_map(|(unit, factor)| {
        let number = text.strip_suffix(unit)?.parse::<f64>().ok()?;
        Some(number * factor)
    })
}
