//! The likely cause of a wrong result, as far as the rule in question shows it.

mod fired;
mod matchers;
mod ratio;

use promql_parser::util::parse_duration;

use matchers::{no_bucket, only_one};

use super::{
    Expectation::{
        self, BeSilent, BeSilentHere, End, Fire, FireAsIn, FireUnlike, NameTheService, Page, Watch,
    },
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

const POOL: &str = "db_pool_connections";

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
    let silent = matches!(expectation, Fire | FireAsIn(_) | FireUnlike(_));
    if silent && named.is_empty() {
        // Nothing was pending either: it is a rule about what the scenario is about.
        let about = |rule: &&Rule| {
            let series = uses(&rule.expr).series;
            // A rule about errors asks for no bucket, and one about durations for nothing else.
            let of_errors = || series.iter().all(|it| !it.name.ends_with("_bucket"));
            series.iter().any(|it| scenario.is_about(&it.name))
                && (!scenario.is_about(REQUESTS) || of_errors())
                && (scenario.takes_hours() || !looks_at_hours(rule))
        };
        if !rules.rules.iter().any(|rule| about(&rule)) {
            return Some(format!("no rule asks for {}", scenario.metric()));
        }
        named = rules.alerts().filter(about).collect();
    }
    named.into_iter().find_map(|rule| {
        let cause = match expectation {
            Fire | FireAsIn(_) | FireUnlike(_) => why_silent(rule, scenario),
            BeSilent | BeSilentHere => fired::why(rule, scenario),
            End => why_still(rule),
            NameTheService => return why_nameless(rule, rules),
            Page | Watch => None,
        };
        cause.map(|cause| format!("{}: {cause}", rules.place_of(rule, "expr:")))
    })
}

/// Whether it is a rule about a budget that burns: errors of a few minutes are another rule's business.
fn looks_at_hours(rule: &Rule) -> bool {
    let windows = numbers(&rule.expr).windows;
    let mut windows = windows.iter().filter_map(|it| parse_duration(it).ok());
    windows.any(|window| window.as_secs() > 3600)
}

fn why_silent(rule: &Rule, scenario: &Scenario) -> Option<String> {
    let Numbers {
        calls,
        thresholds,
        windows,
        factors,
    } = numbers(&rule.expr);
    if rule.says.is_for_nobody() {
        return Some(
            "with `severity: none` it reaches nobody, which is right for a watchdog only"
                .to_owned(),
        );
    }
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
    if let Some(matcher) = only_one(rule).or_else(|| no_bucket(rule)) {
        return Some(matcher);
    }
    if scenario.is_about(POOL) && thresholds.iter().any(|size| *size > 1.0) {
        return Some("how many connections there may be is a setting of the pool: compare with db_pool_connections_max".to_owned());
    }
    if !scenario.is_about(REQUESTS) || factors.contains(&100.0) {
        return None;
    }
    if scenario.takes_hours() {
        return ratio::above_the_burn_rate(&thresholds);
    }
    ratio::one_sample(&calls, &windows)
        .or_else(|| ratio::unequal_sides(rule))
        .or_else(|| ratio::too_high(&thresholds))
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
