//! The drill without Docker, for real, where Prometheus and Alertmanager are on the PATH; elsewhere it is ignored, and says why.
//! With Docker `.ci/run` plays it.

use std::process::Command;

use checks::{alertmanager::NAMES, observer::Source};
use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;

fn main() {
    let missing = Source::on_path("Prometheus", &["prometheus"])
        .and(Source::on_path("Alertmanager", &NAMES))
        .err();
    if let Some(why) = &missing {
        eprintln!("the drill is ignored: {why}");
    }
    let trial = Trial::test(
        "every_fault_is_noticed_and_told_to_the_right_people",
        || drill().map_err(|error| Failed::from(format!("{error:#}"))),
    );
    let trials = vec![trial.with_ignored_flag(missing.is_some())];
    libtest_mimic::run(&Arguments::from_args(), trials).exit()
}

fn drill() -> anyhow::Result<()> {
    let output = Command::new(env!("CARGO_BIN_EXE_checks"))
        .env("CARGO_MANIFEST_DIR", env!("CARGO_MANIFEST_DIR"))
        .args(["drill", "--solutions", "--native", "--auto", "--json"])
        .output()?;
    let said = String::from_utf8(output.stdout)?;
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}{errors}");
    let document: Value = serde_json::from_str(&said)?;
    assert_eq!(document["result"], "passed", "{said}");
    let results: Vec<(&str, &str)> = document["faults"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|fault| {
            let text = |key: &str| fault[key].as_str().unwrap_or_default();
            (text("fault"), text("result"))
        })
        .collect();
    let expected = [
        ("database paused", "passed"),
        ("5xx burst", "passed"),
        // Without a container there is no limit.
        ("memory filled", "not-played"),
        ("app killed", "passed"),
    ];
    assert_eq!(results, expected, "{said}");
    Ok(())
}
