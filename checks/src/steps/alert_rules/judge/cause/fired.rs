//! Why an alert fires that should be silent.

use super::{REQUESTS, ratio::percent};
use crate::{
    steps::alert_rules::{judge::Scenario, rules::Rule},
    tools::prometheus::promql::{Numbers, numbers, uses},
};

const MEMORY: &str = "process_resident_memory_bytes";
const VIRTUAL_MEMORY: &str = "process_virtual_memory_bytes";
const LIMIT: &str = "process_memory_limit_bytes";

/// What keeps a counter from remembering every error.
const RATES: [&str; 5] = ["rate", "irate", "increase", "delta", "idelta"];

pub fn why(rule: &Rule, scenario: &Scenario) -> Option<String> {
    if rule.is_watchdog() {
        return Some("an alert that always fires is for a program outside: with `severity: none` it wakes nobody".to_owned());
    }
    let Numbers {
        calls,
        thresholds,
        windows,
        ..
    } = numbers(&rule.expr);
    let calls_one_of = |names: &[&str]| calls.iter().any(|call| names.contains(&call.as_str()));
    if calls_one_of(&["changes", "resets"]) {
        return Some(format!(
            "changes() counts both directions, and remembers them for {}",
            windows.join(", ")
        ));
    }
    let cause = form(rule, &calls_one_of).map(str::to_owned);
    if let Some(cause) = cause.or_else(|| absent_of_one(rule)) {
        return Some(cause);
    }
    if asks(rule, MEMORY) && !asks(rule, LIMIT) {
        return Some(format!(
            "what is much memory for one container is little for another: compare with {LIMIT}"
        ));
    }
    let ratio = scenario.is_about(REQUESTS);
    let low = thresholds
        .iter()
        .find(|limit| ratio && **limit > 0.0 && **limit < 0.0095);
    if let Some(limit) = low {
        return Some(format!("{limit} is {}: 1 % is 0.01", percent(*limit)));
    }
    (asks(rule, REQUESTS) && rule.expr.to_string().contains(" or ")).then(|| {
        "`or` lets each side fire alone: `and` asks for both, the ratio and the minimum".to_owned()
    })
}

/// What fires while all is as it should be, whatever its numbers.
fn form(rule: &Rule, calls_one_of: &dyn Fn(&[&str]) -> bool) -> Option<&'static str> {
    let text = rule.expr.to_string();
    let causes = [
        (
            text.contains(" bool "),
            "with `bool` a comparison gives 0 or 1, and an alert fires for every result, 0 too",
        ),
        (
            asks(rule, VIRTUAL_MEMORY),
            "virtual memory is what was reserved: much more than is used",
        ),
        (
            (asks(rule, "db_up") || asks(rule, "up")) && text.contains(" == 1"),
            "1 means that it is up: an alert is about 0",
        ),
        (
            asks(rule, REQUESTS) && !calls_one_of(&RATES),
            "counters without `rate` remember every error since the start",
        ),
        (
            calls_one_of(&["vector"]),
            "`vector` fills in a value where nothing was counted, and 1 of 1 is 100 %",
        ),
    ];
    let (_, cause) = causes.into_iter().find(|(holds, _)| *holds)?;
    Some(cause)
}

/// `absent` of one instance, which may be called otherwise tomorrow.
fn absent_of_one(rule: &Rule) -> Option<String> {
    let numbers = numbers(&rule.expr);
    let asks_for_absence = numbers.calls.iter().any(|call| call == "absent");
    let series = uses(&rule.expr).series;
    let mut matchers = series.iter().flat_map(|series| &series.matchers);
    let one = matchers.find(|matcher| matcher.name == "instance")?;
    asks_for_absence.then(|| {
        format!(
            "`absent` fires where no instance is called {}, whatever the others do",
            one.value
        )
    })
}

fn asks(rule: &Rule, name: &str) -> bool {
    let series = uses(&rule.expr).series;
    series.iter().any(|series| series.name == name)
}
