//! What the rules do when something happens: every scene is played to them, by promtool, in one go.

use std::fmt::Write;

use anyhow::Context;

use super::{
    promtool::{Promtool, RULES, TESTS},
    scenes::{AFTER, SCENES, Scene},
    scrape::{Labels, Scrape, labels},
    world::{BEGIN, World},
};
use crate::observer::File;

/// Evaluated twice between two scrapes, so that it does not matter which comes first.
const HEAD: &str = "rule_files: [alerts.yml]\nevaluation_interval: 30s\ntests:\n";

/// What was seen of the alerts, in one scene.
#[derive(Default)]
pub struct Seen {
    /// Those that fired at some time.
    pub fired: Vec<Alert>,
    /// Those that were pending at some time.
    pub pending: Vec<Alert>,
    /// Those that still fire half an hour after the end of it.
    pub still: Vec<Alert>,
}

/// An alert, by the labels that it had.
#[derive(Clone, PartialEq, Eq)]
pub struct Alert {
    pub name: String,
    pub severity: String,
    pub job: String,
}

/// What was seen in each of [`SCENES`], in their order.
pub struct Played(Vec<Seen>);

impl Played {
    pub fn of(&self, scene: &Scene) -> &Seen {
        let place = SCENES.iter().position(|other| other.what == scene.what);
        &self.0[place.expect("every scene is among them")]
    }
}

/// Plays all scenes. The files hold the learner's rules and the tests of [`tests`].
///
/// # Errors
/// When promtool does not say what it saw.
pub fn play(promtool: &Promtool, files: &[File]) -> anyhow::Result<Played> {
    let (_, said) = promtool.run(&["test", "rules", TESTS], files)?;
    let mut played: Vec<Option<Seen>> = SCENES.map(|_| None).into();
    let answers = said
        .lines()
        .filter_map(|line| line.trim().strip_prefix("got: "));
    for answer in answers {
        let samples = samples(answer).with_context(|| format!("promtool says {answer:?}"))?;
        let scene = samples.iter().find_map(|sample| label(sample, "scene"));
        let scene = scene.and_then(|scene| scene.parse::<usize>().ok());
        let seen = scene.and_then(|scene| played.get_mut(scene));
        let seen = seen.with_context(|| format!("promtool says {answer:?}"))?;
        *seen = Some(read(&samples));
    }
    let all: Option<Vec<Seen>> = played.into_iter().collect();
    all.map(Played).with_context(|| {
        let beginning: String = said.chars().take(2000).collect();
        format!("promtool does not say what it saw: {beginning}")
    })
}

fn read(samples: &[Labels]) -> Seen {
    let mut seen = Seen::default();
    for sample in samples {
        let said = |name| label(sample, name).unwrap_or_default().to_owned();
        let alert = Alert {
            name: said("alertname"),
            severity: said("severity"),
            job: said("job"),
        };
        match (
            label(sample, "alertstate"),
            label(sample, "seen").unwrap_or_default(),
        ) {
            (Some("firing"), "once") => seen.fired.push(alert),
            (Some("pending"), "once") => seen.pending.push(alert),
            (Some("firing"), "still") => seen.still.push(alert),
            _ => {}
        }
    }
    seen
}

/// The labels of each sample in `{a="b"} 1E+00, {c="d"} 2E+00`.
fn samples(answer: &str) -> Option<Vec<Labels>> {
    let mut samples = Vec::new();
    let mut rest = answer;
    while let Some(at) = rest.find('{') {
        let (labels, behind) = labels(&rest[at + 1..])?;
        samples.push(labels);
        rest = behind;
    }
    Some(samples)
}

fn label<'a>(labels: &'a Labels, name: &str) -> Option<&'a str> {
    let found = labels.iter().find(|(label, _)| label == name);
    found.map(|(_, value)| value.as_str())
}

/// The file that makes promtool play the scenes. It expects nothing, so that of each scene it says what it got instead; the
/// number of the scene is there in any case.
pub fn tests(scrape: &Scrape) -> String {
    let rest: Vec<(String, Labels, f64)> = scrape
        .series()
        .map(|(name, labels, value)| (name.to_owned(), labels.clone(), value))
        .collect();
    let mut text = HEAD.to_owned();
    for (number, scene) in SCENES.iter().enumerate() {
        let minutes = BEGIN + scene.lasts + AFTER;
        let mut world = World::new(minutes, &rest);
        (scene.happens)(&mut world);
        let _ = writeln!(text, "- interval: 1m\n  input_series:");
        for (series, values) in world.series() {
            let series = series.replace('\'', "''");
            let _ = writeln!(text, "  - series: '{series}'\n    values: '{values}'");
        }
        let ask = |seen: &str, of: &str| {
            format!(
                "label_replace(max by (alertname, alertstate, severity, job) ({of}), \"seen\", \"{seen}\", \"\", \"\")"
            )
        };
        let once = ask("once", "count_over_time(ALERTS[3h])");
        let still = ask("still", "ALERTS{alertstate=\"firing\"}");
        let _ = writeln!(
            text,
            "  promql_expr_test:\n  - expr: 'label_replace(vector({number}), \"scene\", \"{number}\", \"\", \"\") or {once} or {still}'\n    eval_time: {}m\n    exp_samples: []",
            minutes - 1
        );
    }
    text
}

/// Whether promtool loads the rules; what it says if not.
///
/// # Errors
/// When it cannot be run.
pub fn loads(promtool: &Promtool, files: &[File]) -> anyhow::Result<Result<(), String>> {
    let (fine, said) = promtool.run(&["check", "rules", "--lint=none", RULES], files)?;
    let lines: Vec<&str> = said
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && *line != "FAILED:" && !line.starts_with("Checking"))
        .map(|line| line.trim_start_matches("alerts.yml: "))
        .collect();
    Ok(if fine { Ok(()) } else { Err(lines.join("\n")) })
}
