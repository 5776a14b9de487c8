//! What a message has to say to somebody who was asleep a minute ago.

use regex::Regex;

use crate::{check::Failure, http::printable};

use super::{alerts::Firing, play::Play, scene::failure};

/// What these texts of messages together lack, of what is to be said about these alerts of one group.
pub fn lacking(alerts: &[Firing], texts: &[String]) -> Vec<String> {
    let text = texts.join("\n");
    let mut lacking = Vec::new();
    if !alerts.iter().any(|alert| text.contains(&alert.summary)) {
        lacking.push("the summary".to_owned());
    }
    let values = alerts.iter().filter(|alert| text.contains(&alert.value));
    match values.count() {
        0 => lacking.push("the values (they are in the descriptions)".to_owned()),
        count if count < alerts.len() => lacking.push("the value of each instance".to_owned()),
        _ => {}
    }
    if !alerts.iter().any(|alert| text.contains(&alert.runbook)) {
        lacking.push("the link to the runbook".to_owned());
    }
    if !links(&text).any(is_dashboard) {
        lacking.push("a link to the dashboard".to_owned());
    }
    lacking
}

pub fn failed(play: &Play, way: &str, lacking: &[String], texts: &[String]) -> Failure {
    // What was tried again says the same.
    let mut said = texts.to_vec();
    said.dedup();
    let cause = if !play.complaint().is_empty() {
        Some("a template breaks off there; amtool does not run them")
    } else if lacking.len() == 4 {
        Some("none of the annotations is in it: which fields of the message did you write?")
    } else if lacking.iter().any(|what| what.starts_with("the value")) {
        Some("in .CommonAnnotations is only what all alerts of the group share; range over .Alerts")
    } else if lacking.iter().any(|what| what.contains("dashboard")) {
        Some("the dashboard has a fixed address, with /d/ in it: http://localhost:3000/d/…")
    } else {
        None
    };
    failure(
        "DatabaseDown on two instances: the summary, both values, a link to the runbook and one to the dashboard",
        format!(
            "{way} lacks {}. It says:\n{}{}",
            lacking.join(", "),
            printable(&readable(&said.join("\n"))),
            play.complaint()
        ),
        play.scene.fire(&[&play.incident[0].labels]),
    )
    .perhaps(cause)
}

/// Without tags and what they hold for the browser, and without empty lines.
fn readable(text: &str) -> String {
    let tags = Regex::new(r"(?s)<style.*?</style>|<!--.*?-->|</?[a-zA-Z!][^>]*>");
    let text = text.replace("<br", "\n<br");
    let plain = tags.map_or(text.clone().into(), |tags| tags.replace_all(&text, ""));
    let lines = plain.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

/// All that begins like an address, up to what cannot belong to one.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("http").map(|(start, _)| {
        let rest = &text[start..];
        let end = rest.find(|letter: char| letter.is_whitespace() || "\"'<>|)*".contains(letter));
        &rest[..end.unwrap_or(rest.len())]
    })
}

/// As Grafana's addresses look, and what people name them after.
fn is_dashboard(link: &str) -> bool {
    ["/d/", "dashboard", "grafana"]
        .iter()
        .any(|piece| link.contains(piece))
}

/// The words without what differs from minute to minute.
pub fn gist(text: &str) -> String {
    text.chars()
        .filter(|letter| !letter.is_ascii_digit())
        .collect()
}
