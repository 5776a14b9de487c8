//! The answer to `cargo verify message`: what a real Alertmanager sends about an alert, from its beginning to its end.

use std::{fmt::Write, path::Path};

use anyhow::Context as _;

use crate::{
    check::Stop,
    harness::{poll, text::printable},
    subject::Subject,
    tools::alertmanager::{alertmanager, config::Channel, matcher::Labels},
};

use super::{
    alerts::{ALL, at_any_hour, labels_named, words},
    context::Context,
    firing::Firing,
    incident::{LIMIT, STATE_LIMIT},
    messages::readable,
    sandbox::{PACE, Sandbox},
};

/// The names of the alerts that can be asked for.
pub const ALERTS: [&str; ALL.len()] = [ALL[0].0, ALL[1].0, ALL[2].0, ALL[3].0];

/// The messages about the alert of this name on three instances, as the configuration at `path` makes them, whatever its hours.
/// `other`: the labels of an alert that begins meanwhile.
///
/// # Errors
/// When there is no Alertmanager, or it does not start with the file.
pub fn preview(
    path: &Path,
    subject: &Subject,
    name: &str,
    other: Option<Labels>,
) -> Result<String, Stop> {
    let source = alertmanager().map_err(anyhow::Error::msg)?;
    let context = Context::read(path, subject)?;
    let sandbox = Sandbox::start(&context, &source)?;
    let labels = labels_named(name).context("step 6 has no such alert")?;
    let alerts = Firing::on_three_instances(&told_at_once(labels));
    let begins = sandbox.shows(&alerts, false)?;
    let mut shown = format!("{name} begins on three instances\n{begins}");
    if let Some(labels) = other {
        let words = words(&labels);
        let other = [Firing::invented(told_at_once(labels))];
        let begins = sandbox.shows(&other, false)?;
        let ends = sandbox.shows(&other, true)?;
        let _ = write!(shown, "\n{words} begins\n{begins}\n{words} is over\n{ends}");
    }
    for (alerts, place) in [(&alerts[..1], "on one of them"), (&alerts[1..], "on all")] {
        let ends = sandbox.shows(alerts, true)?;
        let _ = write!(shown, "\n{name} is over {place}\n{ends}");
    }
    Ok(shown)
}

/// What waits for office hours is shown at once.
fn told_at_once(labels: Labels) -> Labels {
    match labels.get("severity").map(String::as_str) {
        Some("ticket") => at_any_hour(labels),
        _ => labels,
    }
}

impl Sandbox<'_> {
    /// What arrives when these alerts begin, or end.
    fn shows(&self, alerts: &[Firing], over: bool) -> anyhow::Result<String> {
        let (ways, before) = (self.ways(alerts), self.counts());
        self.post(alerts, over)?;
        let said = || self.said_since(before);
        let arrived = || {
            let said = said().into_iter().zip(&ways);
            said.filter(|(_, way)| way.sends(over))
                .all(|(texts, _)| !texts.is_empty())
        };
        poll::is_done(LIMIT, PACE, || arrived() || self.gave_up());
        // Alerts that are reported one by one arrive now, in the next round of their group.
        poll::is_done(STATE_LIMIT, PACE, || {
            let mut said = said().into_iter().zip(&ways);
            said.all(|(texts, way)| {
                let text = texts.join("\n");
                !way.sends(over) || alerts.iter().all(|alert| text.contains(&alert.value))
            })
        });
        let mut shown = String::new();
        for (mut texts, way) in said().into_iter().zip(&ways) {
            // A retried message has the same text.
            texts.dedup();
            let _ = write!(shown, "\n  {}\n{}", way.name, way.shows(&texts, over));
        }
        shown += self.complaint().replace('\n', "\n  ").as_str();
        Ok(shown)
    }

    /// Both ways, with the places that the routes of an alert lead to.
    pub fn ways(&self, alerts: &[Firing]) -> [Way; 2] {
        let config = &self.context.config;
        let routes = config.matched_routes(&alerts[0].labels);
        let channels = |of: fn(&_) -> &Vec<Channel>| {
            let receivers = routes.iter().map(|route| of(route.receiver));
            receivers.flatten().cloned().collect()
        };
        [
            Way {
                name: "Slack",
                channels: channels(|receiver| &receiver.slack_configs),
            },
            Way {
                name: "email",
                channels: channels(|receiver| &receiver.email_configs),
            },
        ]
    }
}

/// A way to people, with its places.
pub struct Way {
    pub name: &'static str,
    pub channels: Vec<Channel>,
}

impl Way {
    /// Whether it tells of the beginning, or of the end.
    fn sends(&self, over: bool) -> bool {
        let mut channels = self.channels.iter();
        channels.any(|channel| channel.send_resolved || !over)
    }

    /// What has arrived by it, line by line.
    fn shows(&self, texts: &[String], over: bool) -> String {
        if texts.is_empty() {
            let why = match (self.channels.is_empty(), self.sends(over)) {
                (true, _) => "nobody: no route of this alert leads there",
                (_, false) => "nothing: send_resolved is not true",
                _ => "nothing has arrived",
            };
            return format!("    ({why})\n");
        }
        let text = readable(&texts.join("\n"));
        let lines = text
            .lines()
            .map(|line| format!("    {}\n", printable(line)));
        lines.collect()
    }
}
