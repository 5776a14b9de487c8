//! Whether a scenario had the expected result.

use std::collections::BTreeSet;

use super::Expectation::{
    self, BeSilent, BeSilentHere, End, Fire, FireAsIn, FireUnlike, NameTheService, Page, Watch,
};
use crate::steps::alert_rules::{
    behaviour::{Alert, AlertStates},
    metrics::JOB,
};

/// If it does, what was expected, what was found, and the alerts in question.
pub fn differs(
    expectation: Expectation,
    seen: &AlertStates,
    usual: &[String],
) -> Option<(&'static str, String, Vec<String>)> {
    let here = |alert: &&Alert| alert.label("job").is_empty() || alert.label("job") == JOB;
    let fired = |alerts: Vec<String>| (format!("{} fired", alerts.join(", ")), alerts);
    let is_usual = |alert: &Alert| usual.iter().any(|name| alert.name() == name);
    let (expected, (found, alerts)) = match expectation {
        Fire if seen.in_time.is_empty() => ("an alert while", (never(seen), names(&seen.pending))),
        // If nothing fired there, another check has said so.
        FireAsIn(_) if !usual.is_empty() && !seen.in_time.iter().any(is_usual) => {
            let found = format!("{} did not fire", usual.join(", "));
            ("an alert while", (found, usual.to_vec()))
        }
        FireUnlike(other) if seen.in_time.iter().all(is_usual) => {
            let found = match names(&seen.in_time).join(", ").as_str() {
                "" => never(seen),
                names => format!("only what also fires while {}: {names}", other.what),
            };
            ("an alert of its own while", (found, Vec::new()))
        }
        Watch if seen.watchdogs.is_empty() => (
            "an alert for nobody (severity: none) while",
            ("no such alert fires".to_owned(), Vec::new()),
        ),
        BeSilent if !seen.fired.is_empty() => ("silence while", fired(names(&seen.fired))),
        BeSilentHere if seen.fired.iter().any(|alert| here(&alert)) => (
            "silence about this service while",
            fired(names(seen.fired.iter().filter(here))),
        ),
        NameTheService => {
            let other = seen.fired.iter().find(|alert| alert.label("job") != JOB)?;
            let found = match other.label("job") {
                "" => format!("{} has no label job", other.name()),
                job => format!("{} has job=\"{job}\"", other.name()),
            };
            (
                "an alert with the label job=\"app\" while",
                (found, names([other])),
            )
        }
        // If nothing fired, another check has said so.
        Page if !seen.fired.is_empty()
            && !seen
                .fired
                .iter()
                .any(|alert| alert.label("severity") == "page") =>
        {
            let (found, alerts) = fired(names(&seen.fired));
            (
                "an alert with severity: page while",
                (format!("{found}, with severity: ticket"), alerts),
            )
        }
        End if !seen.still.is_empty() => {
            let alerts = names(&seen.still);
            (
                "no alert any more, half an hour after the end of this:",
                (format!("{} still fires", alerts.join(", ")), alerts),
            )
        }
        _ => return None,
    };
    Some((expected, found, alerts))
}

/// Why nothing fired in time, as far as can be seen.
fn never(seen: &AlertStates) -> String {
    if !seen.fired.is_empty() {
        let late = names(&seen.fired).join(", ");
        return format!("nothing fired; {late} did when it was over");
    }
    match names(&seen.pending).join(", ").as_str() {
        "" => "nothing fired".to_owned(),
        pending => {
            format!("nothing fired; {pending} was pending, and never for as long as its `for`")
        }
    }
}

/// The names of these alerts, each once.
pub fn names<'a>(alerts: impl IntoIterator<Item = &'a Alert>) -> Vec<String> {
    let names = alerts.into_iter().map(|alert| alert.name().to_owned());
    let names: BTreeSet<String> = names.collect();
    names.into_iter().collect()
}
