//! Matchers that select less than what the alert is about, or nothing.

use promql_parser::label::MatchOp;

use crate::{steps::alert_rules::rules::Rule, tools::prometheus::promql::uses};

/// Labels with more values than one in every service. The alert is about all of them.
const MANY: [&str; 3] = ["instance", "method", "path"];

/// A matcher that leaves out what the alert is about, too.
pub fn only_one(rule: &Rule) -> Option<String> {
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

/// A matcher of a bucket as `/metrics` prints it, and as Prometheus does not store it.
pub fn no_bucket(rule: &Rule) -> Option<String> {
    let series = uses(&rule.expr).series;
    let mut matchers = series.iter().flat_map(|series| &series.matchers);
    let whole =
        matchers.find(|matcher| matcher.name == "le" && matcher.value.parse::<u32>().is_ok())?;
    let le = &whole.value;
    Some(format!(
        "`le=\"{le}\"` is what /metrics prints; Prometheus 3 stores it as `le=\"{le}.0\"`"
    ))
}
