//! The likely cause of a wrong result, as far as the rule in question shows it.

mod fired;

use promql_parser::{label::MatchOp, util::parse_duration};

use super::{
    Expectation::{self, BeSilent, BeSilentHere, End, Fire, FireAsIn, NameTheService},
    Scenario,
};
use crate::{
    steps::alert_rules::{
        metrics::BEGIN,
        rules::{Rule, Rules},
    },
    tools::prometheus::promql::{Numbers, numbers, uses},
};

/// What callers ask for is counted in it.
const REQUESTS: &str = "http_requests_total";

/// Labels with more values than one in every service. The alert is about all of them.
const MANY: [&str; 3] = ["instance", "method", "path"];

/// `alerts`: those that fired and should not have, or were pending and should have fired.
pub fn of(
    expectation: Expectation,
    scenario: &Scenario,
    rules: &Rules,
    alerts: &[String],
) -> Option<String> {
    let named = rules
        .alerts()
        .filter(|rule| alerts.iter().any(|name| rule.says.name() == name));
    let mut named: Vec<&Rule> = named.collect();
    let silent = matches!(expectation, Fire | FireAsIn(_));
    if silent && named.is_empty() {
        // Nothing was pending either: it is a rule about what the scenario is about.
        let about = |rule: &&Rule| {
            uses(&rule.expr)
                .series
                .iter()
                .any(|it| scenario.is_about(&it.name))
        };
        named = rules.alerts().filter(about).collect();
    }
    named.into_iter().find_map(|rule| {
        let cause = match expectation {
            Fire | FireAsIn(_) => why_silent(rule, scenario),
            BeSilent | BeSilentHere => fired::why(rule, scenario),
            End => why_still(rule),
            NameTheService => return why_nameless(rule, rules),
            Expectation::Page => None,
        };
        cause.map(|cause| format!("{}: {cause}", rules.place_of(rule, "expr:")))
    })
}

fn why_silent(rule: &Rule, scenario: &Scenario) -> Option<String> {
    let Numbers {
        calls,
        thresholds,
        windows,
        factors,
    } = numbers(&rule.expr);
    if let Some(clock) = rule.clock() {
        return Some(format!(
            "{clock}() is the hour or the day in UTC, and the alert is silent at the others; who is told at which hour is decided in step 7"
        ));
    }
    if let Some(mean) = calls.iter().find(|call| {
        [
            "avg_over_time",
            "min_over_time",
            "max_over_time",
            "quantile_over_time",
        ]
        .contains(&call.as_str())
    }) {
        return Some(format!(
            "{mean}() over {} outlasts the trouble: ask for the value itself",
            windows.join(", ")
        ));
    }
    let waits = rule
        .says
        .waits
        .as_deref()
        .and_then(|waits| parse_duration(waits).ok());
    if waits.is_some_and(|waits| waits.as_secs() >= 60 * scenario.lasts as u64) {
        return Some(format!(
            "`for: {}` is longer than that",
            rule.says.waits.as_deref().unwrap_or_default()
        ));
    }
    if let Some(matcher) = only_one(rule) {
        return Some(matcher);
    }
    if !scenario.is_about(REQUESTS) || factors.contains(&100.0) {
        return None;
    }
    let share = thresholds
        .iter()
        .find(|limit| (0.0..1.0).contains(*limit) && **limit > 0.0);
    match (share, thresholds.first()) {
        (Some(share), _) if *share > 0.011 => {
            Some(format!("{share} is {}: 1 % is 0.01", percent(*share)))
        }
        (None, Some(limit)) => Some(format!(
            "a ratio is never above 1: {limit} is {}, and 1 % is 0.01",
            percent(*limit)
        )),
        _ => None,
    }
}

/// A matcher that leaves out what the alert is about, too.
fn only_one(rule: &Rule) -> Option<String> {
    let series = uses(&rule.expr).series;
    let mut matchers = series.iter().flat_map(|series| &series.matchers);
    let one = matchers.find(|matcher| {
        let is_status = matcher.name == "status" && matcher.value.starts_with('5');
        matches!(matcher.op, MatchOp::Equal) && (is_status || MANY.contains(&matcher.name.as_str()))
    })?;
    let (label, value) = (&one.name, &one.value);
    if label == "status" {
        return Some(format!(
            "`status=\"{value}\"` leaves out every other 5xx, 503 among them"
        ));
    }
    Some(format!(
        "`{label}=\"{value}\"` selects one {label}, and what happens at every other {label} stays silent"
    ))
}

fn percent(share: f64) -> String {
    format!("{} %", (share * 1e6).round() / 1e4)
}

fn why_nameless(rule: &Rule, rules: &Rules) -> Option<String> {
    let job = rule.says.labels.get("job")?;
    let place = rules.place_of(rule, "job:");
    Some(format!(
        "{place}: `job: {job}` under `labels` replaces the label that the metric brings"
    ))
}

fn why_still(rule: &Rule) -> Option<String> {
    if let Some(goes_on) = &rule.says.goes_on {
        return Some(format!(
            "`keep_firing_for: {goes_on}` keeps the alert firing for so long after the end"
        ));
    }
    let Numbers { windows, .. } = numbers(&rule.expr);
    let long = windows.iter().find(|window| {
        parse_duration(window).is_ok_and(|window| window.as_secs() > 60 * BEGIN as u64)
    });
    long.map(|window| format!("the window [{window}] still holds the trouble"))
}
