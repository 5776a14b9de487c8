//! `cargo verify doctor`: does this machine have everything that the steps need?

mod docker;
pub mod images;
pub mod machine;
mod monitoring;
pub mod prefetch;
mod remedies;
mod tools;

use std::{fmt::Write, path::Path, sync::LazyLock};

use anstyle::Style;

use crate::{
    course::{self, Step},
    ui::style::{BOLD, DIM, GREEN, RED, YELLOW, wrapped},
};

/// All of them: each is built and started here.
static ALL_STEPS: LazyLock<String> = LazyLock::new(|| course::listed(|_| true));

/// What cannot be checked without Docker: the image that the Dockerfile describes, and the database beside it.
static CONTAINER_STEPS: LazyLock<String> = LazyLock::new(|| course::listed(Step::is_container));

/// What Docker adds Prometheus and Grafana to.
static OBSERVING_STEPS: LazyLock<String> = LazyLock::new(|| course::listed(|step| step.observed));

/// What needs promtool.
static RULE_STEPS: LazyLock<String> =
    LazyLock::new(|| course::listed(|step| step.config == Some("alerts.yml")));

/// What needs Alertmanager.
static NOTIFYING_STEPS: LazyLock<String> =
    LazyLock::new(|| course::listed(|step| step.config == Some("alertmanager.yml")));

const NAME_WIDTH: usize = 14;
const STEPS_WIDTH: usize = 14;
/// Where what was found begins: behind mark, name and steps.
const FOUND: usize = 4 + NAME_WIDTH + STEPS_WIDTH;

/// One requirement, and whether it is met.
#[derive(Debug, PartialEq)]
pub struct Finding {
    pub name: String,
    /// The steps that need it: `steps 1-7`.
    pub steps: &'static str,
    pub found: String,
    pub state: State,
}

#[derive(Debug, PartialEq)]
pub enum State {
    Fine,
    /// A step needs it and it is missing; with the remedy.
    Missing(String),
    /// It is downloaded when it is first needed; with the command that does it now.
    Later(String),
    /// It could not be checked, or is merely a note.
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

    /// What is wrong and what to do about it, in one line.
    fn trouble(self) -> Option<String> {
        match self.state {
            State::Missing(remedy) => Some(format!("{}: {remedy}", self.found)),
            State::Fine | State::Later(_) | State::Open => None,
        }
    }

    fn not_checked(name: &str, steps: &'static str, why: &str) -> Finding {
        Finding::new(name, steps, format!("not checked: {why}"), State::Open)
    }
}

/// Checks everything, without stopping at what is missing. `root` is the workspace.
pub fn examine(root: &Path) -> Vec<Finding> {
    let mut findings = vec![tools::rust()];
    findings.extend(tools::c());
    let (docker, usable) = docker::findings();
    findings.extend(docker);
    findings.extend(images::findings(root, usable));
    findings.extend(monitoring::findings(usable));
    findings.extend(machine::ports());
    findings.push(machine::disk());
    findings.push(machine::memory());
    findings.extend(machine::checkout(root));
    findings
}

/// The report: a line for each requirement, with the remedy for what is missing.
pub fn text(findings: &[Finding]) -> String {
    let mut text = format!("{BOLD}What the steps need{BOLD:#}\n");
    for finding in findings {
        text.push_str(&line(finding));
    }
    let count = |is: fn(&State) -> bool| findings.iter().filter(|it| is(&it.state)).count();
    let missing = count(|state| matches!(state, State::Missing(_)));
    let later = count(|state| matches!(state, State::Later(_)));
    let images = if later == 1 { "image" } else { "images" };
    let _ = match (missing, later) {
        (0, 0) => writeln!(text, "\n{GREEN}Nothing is missing.{GREEN:#}"),
        (0, _) => writeln!(
            text,
            "\nNothing is missing but {later} {images}, to be downloaded when first used."
        ),
        (1, _) => writeln!(text, "\nOne thing is missing."),
        _ => writeln!(text, "\n{missing} things are missing."),
    };
    text
}

fn line(finding: &Finding) -> String {
    let (style, mark): (Style, char) = match finding.state {
        State::Fine => (GREEN, '✔'),
        State::Missing(_) => (RED, '✘'),
        State::Later(_) | State::Open => (YELLOW, '–'),
    };
    let (name, steps) = (&finding.name, finding.steps);
    let mut text = format!(
        "  {style}{mark}{style:#} {name:NAME_WIDTH$}{DIM}{steps:STEPS_WIDTH$}{DIM:#}{}\n",
        wrapped(&finding.found, FOUND).trim_start()
    );
    if let State::Missing(remedy) | State::Later(remedy) = &finding.state {
        for line in remedy.lines() {
            let _ = writeln!(text, "{}", wrapped(line, 4));
        }
    }
    text
}

/// 0: nothing is missing; 2: something is.
pub fn exit_code(findings: &[Finding]) -> u8 {
    let missing = |finding: &Finding| matches!(finding.state, State::Missing(_));
    if findings.iter().any(missing) { 2 } else { 0 }
}
