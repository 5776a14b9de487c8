//! Where an alert goes, in words: the same ones in messages and in the answer of `cargo verify who`.

use std::fmt::Write;

use jiff::{Timestamp, tz::TimeZone};

use crate::tools::alertmanager::{
    config::{Channel, Config},
    durations::shown,
    matcher::Labels,
    routes::MatchedRoute,
};

use super::calendar::seoul;

/// Which of Slack and email these routes lack.
pub fn missing(routes: &[&MatchedRoute]) -> Vec<&'static str> {
    let lack = |channels: fn(&MatchedRoute) -> bool| routes.iter().all(|route| channels(route));
    let ways = [
        (
            "Slack",
            lack(|route| route.receiver.slack_configs.is_empty()),
        ),
        (
            "email",
            lack(|route| route.receiver.email_configs.is_empty()),
        ),
    ];
    let lacking = ways.into_iter().filter(|(_, lacks)| *lacks);
    lacking.map(|(way, _)| way).collect()
}

/// A way by which these routes tell the same people more than once.
pub fn twice(routes: &[&MatchedRoute]) -> Option<String> {
    let mut ways: Vec<String> = routes
        .iter()
        .flat_map(|route| route.receiver.ways())
        .collect();
    // Other channels, such as two webhooks, may lead to two places.
    ways.retain(|way| way.starts_with("Slack") || way.starts_with("email"));
    ways.sort();
    let pair = ways.windows(2).find(|pair| pair[0] == pair[1])?;
    Some(pair[0].clone())
}

/// A line for each route, with its place in the file, its receiver and, at an instant, whether it is held.
pub fn lines(config: &Config, routes: &[MatchedRoute], at: Option<Timestamp>) -> String {
    let lines: Vec<String> = routes.iter().map(|route| line(config, route, at)).collect();
    lines.join("\n")
}

fn line(config: &Config, route: &MatchedRoute, at: Option<Timestamp>) -> String {
    let ways = route.receiver.ways();
    let ways = if ways.is_empty() {
        "nobody is told".to_owned()
    } else {
        ways.join(", ")
    };
    let mut line = format!(
        "{}: receiver {:?}: {ways}",
        place(route.line),
        route.receiver.name
    );
    if let Some(why) = at.and_then(|at| held(config, route, at)) {
        let _ = write!(line, "\n  held: {why}");
    }
    line
}

/// `alertmanager.yml:24`
pub fn place(line: u64) -> String {
    format!("alertmanager.yml:{line}")
}

/// Why a route sends nothing at an instant.
pub fn held(config: &Config, route: &MatchedRoute, at: Timestamp) -> Option<String> {
    let all = |names: &[String]| {
        let names = names.iter().filter_map(|name| config.interval(name));
        let named = names.map(|it| format!("{:?} ({})", it.name, place(it.line)));
        named.collect::<Vec<_>>().join(" and ")
    };
    if config.is_active(route, at) {
        return None;
    }
    let mutes = |name: &&String| config.interval(name).is_some_and(|it| it.contain(at));
    Some(match route.mute.iter().find(mutes) {
        Some(name) => format!(
            "its mute_time_intervals have {}, which contains this time",
            all(std::slice::from_ref(name))
        ),
        None => format!(
            "this time is not in its active_time_intervals {}",
            all(route.active)
        ),
    })
}

/// The answer to `cargo verify who`: who is told, at this instant, of an alert with these labels, while `others` fire.
pub fn answer(config: &Config, labels: &Labels, at: Timestamp, others: &[Labels]) -> String {
    let mut answer = format!(
        "{} in Seoul ({} in UTC)\n",
        seoul().to_datetime(at).strftime("%a %F %T"),
        TimeZone::UTC.to_datetime(at).strftime("%a %T")
    );
    for other in others {
        let name = other
            .get("alertname")
            .map_or("the other one", String::as_str);
        if let Some(rule) = config.silencer(other, labels) {
            let by = place(rule.line);
            let _ = writeln!(answer, "\nwhile {name} fires: silenced by the rule {by}");
            return answer;
        }
        let _ = writeln!(answer, "\nwhile {name} fires: not silenced by any rule");
    }
    for route in config.matched_routes(labels) {
        let _ = writeln!(answer, "\n{}", line(config, &route, Some(at)));
        let _ = writeln!(answer, "{}", details(&route));
    }
    let told = config.receivers_at(labels, at);
    let told: Vec<String> = told
        .iter()
        .flat_map(|route| route.receiver.ways())
        .collect();
    let told = if told.is_empty() {
        "nobody".to_owned()
    } else {
        told.join(", ")
    };
    let _ = writeln!(answer, "\nTold at this time: {told}");
    answer
}

/// `group_by: [alertname, job]`
pub fn grouping(route: &MatchedRoute) -> String {
    let by = match &route.group_by {
        None => "...".to_owned(),
        Some(labels) => labels.iter().copied().collect::<Vec<_>>().join(", "),
    };
    format!("group_by: [{by}]")
}

/// The labels that make a message, and its times; whether the end is told.
fn details(route: &MatchedRoute) -> String {
    let ends = |channels: &[Channel]| channels.iter().all(|channel| channel.send_resolved);
    let (slack, email) = (&route.receiver.slack_configs, &route.receiver.email_configs);
    let mut details = format!(
        "  {}\n  group_wait: {}, group_interval: {}, repeat_interval: {}",
        grouping(route),
        shown(route.group_wait),
        shown(route.group_interval),
        shown(route.repeat_interval)
    );
    for (way, channels) in [("Slack", slack), ("email", email)] {
        if !channels.is_empty() {
            let _ = write!(details, "\n  send_resolved in {way}: {}", ends(channels));
        }
    }
    details
}
