//! A version or a step that several files name is the same in all of them.

use std::{fs, path::Path};

use checks::{
    course,
    tools::container::{ALERTMANAGER, GRAFANA, PROMETHEUS},
};
use regex::Regex;

/// The files that name versions for people or for programs. The tests, which use invented ones, and a learner's files are left
/// out.
const PLACES: [&str; 10] = [
    ".ci",
    ".github",
    "CONTRIBUTING.md",
    "README.ko.md",
    "README.md",
    "checks/src",
    "compose.swarm.yaml",
    "compose.yaml",
    "docs",
    "steps",
];

/// All matches of `pattern` in those places, each with the file that contains it.
fn named(pattern: &str) -> Vec<(String, String)> {
    let pattern = Regex::new(pattern).expect("a regular expression");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut named = Vec::new();
    let mut paths: Vec<_> = PLACES.map(|place| root.join(place)).into();
    while let Some(path) = paths.pop() {
        if let Ok(entries) = fs::read_dir(&path) {
            paths.extend(entries.flatten().map(|entry| entry.path()));
        } else if let Ok(text) = fs::read_to_string(&path) {
            let found = pattern.captures_iter(&text);
            named.extend(found.map(|found| (path.display().to_string(), found[1].to_owned())));
        }
    }
    named
}

fn are_all(pattern: &str, wanted: &str, at_least: usize) {
    let named = named(pattern);
    for (path, found) in &named {
        assert_eq!(found, wanted, "in {path}");
    }
    assert!(named.len() >= at_least, "looked for in vain: {pattern}");
}

#[test]
fn all_name_the_same_images() {
    are_all(r"(prom/prometheus:v[\w.-]*\w)", PROMETHEUS.name, 3);
    are_all(r"(prom/alertmanager:v[\w.-]*\w)", ALERTMANAGER.name, 3);
    are_all(r"(grafana/grafana:\d[\w.-]*\w)", GRAFANA.name, 2);
}

#[test]
fn all_ask_for_the_same_rust() {
    let wanted = env!("CARGO_PKG_RUST_VERSION");
    are_all(r"\bRust (1\.\d+) (?:or newer|이상)", wanted, 2);
    are_all(r#"\brust: \[stable, "([\d.]+)"\]"#, wanted, 1);
    let dockerfile = include_str!("../../solutions/Dockerfile");
    let line = format!("\nARG RUST_VERSION={wanted}\n");
    assert!(dockerfile.contains(&line), "solutions/Dockerfile: {line}");
}

#[test]
fn all_run_the_last_step_where_none_is_named() {
    let last = course::last().package;
    are_all(r"(?m)^\$ cargo run -p (step\d+) +# .*/health", last, 2);
    are_all(r"\$\{PACKAGE:-(step\d+)\}", last, 2);
    let line = format!("\nARG PACKAGE={last}\n");
    for path in [
        "solutions/Dockerfile",
        "checks/attempts/03-container/start/Dockerfile",
    ] {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let text = fs::read_to_string(root.join(path)).expect("it can be read");
        assert!(text.contains(&line), "in {path}: {line}");
    }
}
