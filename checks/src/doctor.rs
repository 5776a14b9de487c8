//! `cargo verify doctor`: is there all that the steps need?

mod docker;
pub mod images;
pub mod machine;
mod tools;

use std::{fmt::Write, path::Path};

use anstyle::Style;

use crate::report::{BOLD, DIM, GREEN, RED, YELLOW, wrapped};

/// All of them: each is built and started.
const ALL_STEPS: &str = "steps 1-7";

/// What needs Docker: the container, and what watches it.
const DOCKER_STEPS: &str = "steps 3, 5-7";

/// What needs Prometheus and Grafana.
const OBSERVING_STEPS: &str = "steps 5-7";

const NAME_WIDTH: usize = 14;
const STEPS_WIDTH: usize = 14;
/// Where what was found begins: behind mark, name and steps.
const FOUND: usize = 4 + NAME_WIDTH + STEPS_WIDTH;

/// One thing that was looked for.
#[derive(Debug, PartialEq)]
pub struct Finding {
    pub name: String,
    /// Who needs it: `steps 1-7`.
    pub steps: &'static str,
    pub found: String,
    pub state: State,
}

#[derive(Debug, PartialEq)]
pub enum State {
    Fine,
    /// A step needs it and it is not there; with what to do about it.
    Missing(String),
    /// It could not be looked at, or is only worth knowing.
    Open,
}

impl Finding {
    fn new(name: &str, steps: &'static str, found: impl Into<String>, state: State) -> Finding {
        Finding {
            name: name.to_owned(),
            steps,
            found: found.into(),
            state,
        }
    }

    fn not_checked(name: &str, steps: &'static str, why: &str) -> Finding {
        Finding::new(name, steps, format!("not checked: {why}"), State::Open)
    }
}

/// Looks for everything at once. `root` is the workspace.
pub fn examine(root: &Path) -> Vec<Finding> {
    let mut findings = vec![tools::rust()];
    findings.extend(tools::c());
    findings.extend(docker::findings(root));
    findings.extend(machine::ports());
    findings.push(machine::disk());
    findings.push(machine::memory());
    findings.extend(machine::checkout(root));
    findings
}

/// What is printed: a line for each, and what to do where something is missing.
pub fn text(findings: &[Finding]) -> String {
    let mut text = format!("{BOLD}What the steps need{BOLD:#}\n");
    for finding in findings {
        text.push_str(&line(finding));
    }
    let missing = findings
        .iter()
        .filter(|finding| matches!(finding.state, State::Missing(_)))
        .count();
    let _ = match missing {
        0 => writeln!(text, "\n{GREEN}Nothing is missing.{GREEN:#}"),
        1 => writeln!(text, "\nOne thing is missing."),
        _ => writeln!(text, "\n{missing} things are missing."),
    };
    text
}

fn line(finding: &Finding) -> String {
    let (style, mark): (Style, char) = match finding.state {
        State::Fine => (GREEN, '✔'),
        State::Missing(_) => (RED, '✘'),
        State::Open => (YELLOW, '–'),
    };
    let (name, steps) = (&finding.name, finding.steps);
    let mut text = format!(
        "  {style}{mark}{style:#} {name:NAME_WIDTH$}{DIM}{steps:STEPS_WIDTH$}{DIM:#}{}\n",
        wrapped(&finding.found, FOUND).trim_start()
    );
    if let State::Missing(remedy) = &finding.state {
        let _ = writeln!(text, "{}", wrapped(remedy, 4));
    }
    text
}

/// 0: nothing is missing; 2: something is.
pub fn exit_code(findings: &[Finding]) -> u8 {
    let missing = |finding: &Finding| matches!(finding.state, State::Missing(_));
    if findings.iter().any(missing) { 2 } else { 0 }
}
