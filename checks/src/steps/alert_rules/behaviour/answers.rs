//! What promtool says about the scenarios.

use anyhow::Context;

use super::{Alert, AlertStates};
use crate::{
    steps::alert_rules::{rules::NOBODY, scenarios::SCENARIOS},
    tools::prometheus::exposition::{Labels, labels},
};

/// The states of the alerts in each scenario.
///
/// # Errors
/// When promtool does not say what it saw.
pub fn read(said: &str) -> anyhow::Result<Vec<AlertStates>> {
    let mut played: Vec<Option<AlertStates>> = SCENARIOS.map(|_| None).into();
    let mut next = AlertStates::default();
    let mut alert = String::new();
    let mut broken = None;
    for line in said.lines().map(str::trim) {
        if let Some(error) = line.strip_prefix("rule: ") {
            broken.get_or_insert_with(|| error.to_owned());
        } else if let Some((name, _)) = line
            .strip_prefix("alertname: ")
            .and_then(|rest| rest.rsplit_once(", time:"))
        {
            name.clone_into(&mut alert);
        } else if let Some(text) = line.strip_prefix("Annotations:{") {
            let (text, _) = labels(text).map_err(anyhow::Error::msg)?;
            next.told.push((alert.clone(), text));
        } else if let Some(answer) = line.strip_prefix("got: {") {
            let samples = samples(answer).with_context(|| format!("promtool says {answer:?}"))?;
            let scenario = samples.iter().find_map(|sample| sample.get("scenario"));
            let scenario = scenario.and_then(|scenario| scenario.parse::<usize>().ok());
            let states = scenario.and_then(|scenario| played.get_mut(scenario));
            let states = states.with_context(|| format!("promtool says {answer:?}"))?;
            *states = Some(seen(&samples, std::mem::take(&mut next)));
        }
    }
    let all: Option<Vec<AlertStates>> = played
        .into_iter()
        .map(|states| states.or_else(|| AlertStates::broken(broken.as_ref()?)))
        .collect();
    all.with_context(|| {
        let beginning: String = said.chars().take(2000).collect();
        format!("promtool does not say what it saw: {beginning}")
    })
}

impl AlertStates {
    /// Promtool says nothing more about a scenario in which a rule cannot be evaluated.
    fn broken(why: &str) -> Option<AlertStates> {
        Some(AlertStates {
            broken: Some(why.to_owned()),
            ..AlertStates::default()
        })
    }
}

fn seen(samples: &[Labels], mut states: AlertStates) -> AlertStates {
    for sample in samples {
        let label = |name| sample.get(name).map_or("", String::as_str);
        let list = match (label("alertstate"), label("seen")) {
            ("firing", "at last") if label("severity") == NOBODY => &mut states.watchdogs,
            _ if label("severity") == NOBODY => continue,
            ("firing", "once") => &mut states.fired,
            ("firing", "in time") => &mut states.in_time,
            ("pending", "once") => &mut states.pending,
            ("firing", "still") => &mut states.still,
            _ => continue,
        };
        let labels = sample.clone();
        list.push(Alert { labels });
    }
    states
}

/// The labels of each sample in `a="b"} 1E+00, {c="d"} 2E+00`.
fn samples(answer: &str) -> Option<Vec<Labels>> {
    let mut samples = Vec::new();
    let mut rest = answer;
    loop {
        let (labels, behind) = labels(rest).ok()?;
        samples.push(labels);
        match behind.find('{') {
            Some(at) => rest = &behind[at + 1..],
            None => return Some(samples),
        }
    }
}
