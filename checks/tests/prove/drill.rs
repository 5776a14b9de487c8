//! The drill and the swarm with real programs. Where they cannot be run, they are ignored, and the reason is printed.

use std::process::{Command, Stdio};

use anyhow::ensure;
use serde_json::Value;

use crate::common::workspace;

/// The arguments and expected results of a drill without containers.
pub const NATIVE: [(&str, &str); 4] = [
    ("database paused", "passed"),
    ("5xx burst", "passed"),
    // Without a container there is no limit.
    ("memory filled", "not-played"),
    ("app killed", "passed"),
];
pub const IN_DOCKER: [(&str, &str); 4] = [
    ("database paused", "passed"),
    ("5xx burst", "passed"),
    ("memory filled", "passed"),
    ("app killed", "passed"),
];

/// Every fault of the drill with the finished service is noticed, and reported to the right people.
pub fn drill(arguments: &[&str], expected: &[(&str, &str)]) -> anyhow::Result<()> {
    let output = Command::new(env!("CARGO_BIN_EXE_checks"))
        .env("CARGO_MANIFEST_DIR", env!("CARGO_MANIFEST_DIR"))
        .args(["drill", "--solutions", "--auto", "--json"])
        .args(arguments)
        .stdin(Stdio::null())
        .output()?;
    let said = String::from_utf8(output.stdout)?;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.code() == Some(0), "{said}{errors}");
    let document: Value = serde_json::from_str(&said)?;
    ensure!(document["result"] == "passed", "{said}");
    let results: Vec<(&str, &str)> = document["faults"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|fault| {
            let text = |key: &str| fault[key].as_str().unwrap_or_default();
            (text("fault"), text("result"))
        })
        .collect();
    ensure!(results == expected, "{said}");
    Ok(())
}

/// Three replicas, a rolling update and a version that is rolled back. The script exits with 2 if the engine does not allow this.
pub fn swarm() -> anyhow::Result<()> {
    let status = Command::new("bash")
        .arg(".ci/swarm-test")
        .current_dir(workspace())
        .stdin(Stdio::null())
        .status()?;
    ensure!(matches!(status.code(), Some(0 | 2)), "{status}");
    Ok(())
}
