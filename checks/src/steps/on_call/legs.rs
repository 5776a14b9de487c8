//! Where the walk down the routes ends, in words.

use std::collections::BTreeSet;

use crate::alertmanager::routes::Leg;

/// Of Slack and email, what these routes lack.
pub fn missing(legs: &[Leg]) -> Vec<&'static str> {
    let slack = legs
        .iter()
        .any(|leg| !leg.receiver.slack_configs.is_empty());
    let email = legs
        .iter()
        .any(|leg| !leg.receiver.email_configs.is_empty());
    let ways = [("Slack", slack), ("email", email)];
    ways.iter()
        .filter(|(_, there)| !there)
        .map(|(way, _)| *way)
        .collect()
}

/// A line for each receiver, with its ways to tell.
pub fn described(legs: &[Leg]) -> String {
    let lines: BTreeSet<String> = legs
        .iter()
        .map(|Leg { receiver, .. }| {
            let ways = [
                ("Slack", &receiver.slack_configs),
                ("email", &receiver.email_configs),
            ];
            let ways: Vec<&str> = ways
                .iter()
                .filter(|(_, channels)| !channels.is_empty())
                .map(|(way, _)| *way)
                .collect();
            match (ways.as_slice(), receiver.tells()) {
                (_, false) => format!("receiver {:?}: nobody is told", receiver.name),
                ([], true) => format!("receiver {:?}: neither Slack nor email", receiver.name),
                (ways, true) => format!("receiver {:?}: {}", receiver.name, ways.join(" and ")),
            }
        })
        .collect();
    let lines: Vec<String> = lines.into_iter().collect();
    lines.join("\n")
}
