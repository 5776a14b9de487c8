//! The likely cause of a wrong result, as far as the rule in question shows it.

use promql_parser::util::parse_duration;

use super::{
    Expectation::{self, BeSilent, BeSilentHere, End, Fire, FireAsIn},
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
            BeSilent | BeSilentHere => why_fired(rule, scenario),
            End => why_still(rule),
            _ => None,
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

fn percent(share: f64) -> String {
    format!("{} %", (share * 1e6).round() / 1e4)
}

fn why_fired(rule: &Rule, scenario: &Scenario) -> Option<String> {
    let Numbers {
        calls,
        thresholds,
        windows,
        ..
    } = numbers(&rule.expr);
    if calls
        .iter()
        .any(|call| call == "changes" || call == "resets")
    {
        return Some(format!(
            "changes() counts both directions, and remembers them for {}",
            windows.join(", ")
        ));
    }
    let ratio = scenario.is_about(REQUESTS);
    let low = thresholds
        .iter()
        .find(|limit| ratio && **limit > 0.0 && **limit < 0.0095);
    low.map(|limit| format!("{limit} is {}: 1 % is 0.01", percent(*limit)))
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
