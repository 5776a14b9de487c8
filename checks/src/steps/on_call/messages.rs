//! What a message must tell a person who has just been woken.

use std::sync::LazyLock;

use regex::Regex;

use crate::{check::Failure, harness::text::printable_lines};

use super::{
    firing::{DESCRIPTION, Firing},
    sandbox::Sandbox,
};

const DASHBOARD: &str = "http://localhost:3000/d/service";

/// The cause where Alertmanager complains.
pub const BREAKS_OFF: &str =
    "a template breaks off there: Alertmanager runs it, and amtool does not";

/// The number of facts that a message must tell, see [`lacking`].
pub const FACTS: usize = 4;

/// How much of a description is enough to know it by.
const BEGINNING: usize = 16;

/// The required facts about these alerts of one group that are missing from all of these messages together.
pub fn lacking(alerts: &[Firing], texts: &[String]) -> Vec<String> {
    let text = texts.join("\n");
    let mut lacking = Vec::new();
    if !alerts.iter().all(|alert| text.contains(&alert.summary)) {
        lacking.push("the summary".to_owned());
    }
    let values = alerts.iter().filter(|alert| text.contains(&alert.value));
    match values.count() {
        0 => lacking.push("the values (they are in the descriptions)".to_owned()),
        count if count < alerts.len() => lacking.push("the value of each instance".to_owned()),
        _ => {}
    }
    if !alerts.iter().all(|alert| text.contains(&alert.runbook)) {
        lacking.push("the link to the runbook".to_owned());
    }
    if !links(&text).any(is_dashboard) {
        lacking.push("a link to the dashboard".to_owned());
    }
    lacking
}

/// The failure of the messages that lack this. `about`: the alert, in words.
pub fn failed(
    sandbox: &Sandbox,
    way: &str,
    about: &str,
    lacking: &[String],
    texts: &[String],
    how: String,
) -> Failure {
    // A retried message has the same text.
    let mut said = texts.to_vec();
    said.dedup();
    let cause = if sandbox.complaint().is_empty() {
        Some(likely_cause(lacking, &said.join("\n")))
    } else {
        Some(BREAKS_OFF.to_owned())
    };
    Failure::new(
        format!("{about}: the summary, all values, a link to the runbook and one to the dashboard"),
        format!(
            "{way} lacks {}. It says:\n{}{}",
            lacking.join(", "),
            printable_lines(&readable(&said.join("\n"))),
            sandbox.complaint()
        ),
        how,
    )
    .perhaps_if(cause)
}

fn likely_cause(lacking: &[String], text: &str) -> String {
    let lacks = |what: &str| lacking.iter().any(|it| it.contains(what));
    let link = |words: &[&str]| {
        links(text).find(|link| !is_dashboard(link) && words.iter().any(|word| link.contains(word)))
    };
    let elsewhere = link(&["/d/", "grafana", "dashboard", ":3000"]).filter(|_| lacks("dashboard"));
    let runbook = link(&["runbook"]).filter(|_| lacks("runbook"));
    if text.contains("Alertmanager</title>")
        || text.contains("Sent by Alertmanager")
        || text.contains("View In Alert")
    {
        "this is Alertmanager's own HTML, which mail programs show instead of `text`: `html` decides".to_owned()
    } else if lacking.len() == FACTS {
        "none of the annotations is in it: which fields of the message did you write?".to_owned()
    } else if lacks("the values") && text.contains(&DESCRIPTION[..BEGINNING]) {
        "the description is cut off: the value may stand at its end".to_owned()
    } else if lacks("the values") {
        ".CommonAnnotations has only what all alerts of the group share: range over .Alerts"
            .to_owned()
    } else if lacks("the value of each") {
        "it is not about each alert of the group: range over .Alerts, over all of them".to_owned()
    } else if lacks("the summary") {
        ".CommonAnnotations has only what all alerts of the message share: range over .Alerts"
            .to_owned()
    } else if let Some(link) = elsewhere {
        format!("{link} is not the address of the dashboard, which is {DASHBOARD}")
    } else if let Some(link) = runbook {
        format!("{link} is another runbook: each alert brings the address of its own")
    } else if lacks("runbook") {
        "each alert has the address of its runbook in the annotation runbook_url".to_owned()
    } else if text.contains("</") {
        "mail programs show `html` and not `text`: what stands in `text` only is not seen"
            .to_owned()
    } else {
        format!("the address of the dashboard is {DASHBOARD}")
    }
}

/// What is replaced in HTML, in this order: invisible content, links, the beginnings of lines, and all other tags.
static TAGS: LazyLock<[(Regex, &str); 4]> = LazyLock::new(|| {
    [
        (r"(?s)<style.*?</style>|<!--.*?-->", ""),
        (r#"<a\s[^>]*href="([^"]*)"[^>]*>"#, "$1 "),
        (r"<(?:br|p|li|tr|div|h\d)\b[^>]*>", "\n"),
        (r"</?[a-zA-Z!][^>]*>", ""),
    ]
    .map(|(tag, instead)| (Regex::new(tag).expect("it is valid"), instead))
});

/// The text without tags, invisible content and empty lines. A link's address stands before its words.
pub fn readable(text: &str) -> String {
    let mut text = text.to_owned();
    for (tag, instead) in TAGS.iter() {
        text = tag.replace_all(&text, *instead).into_owned();
    }
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

/// Everything that begins like a URL, up to the first character that cannot belong to one.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("http").map(|(start, _)| {
        let rest = &text[start..];
        let end = rest.find(|letter: char| letter.is_whitespace() || "\"'<>|)*".contains(letter));
        &rest[..end.unwrap_or(rest.len())]
    })
}

/// Whether a link leads to the dashboard of step 5, whatever follows: its name in words, or the time that it shows.
fn is_dashboard(link: &str) -> bool {
    let rest = link.strip_prefix(DASHBOARD);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#', '.', ',']))
}

/// The words without the parts that change from minute to minute.
pub fn gist(text: &str) -> String {
    text.chars()
        .filter(|letter| !letter.is_ascii_digit())
        .collect()
}
