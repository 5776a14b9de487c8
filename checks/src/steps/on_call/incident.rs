//! An incident: it begins, and other alerts fire meanwhile. For its end see [`resolved`](super::resolved).

use std::{slice, time::Duration};

use jiff::Timestamp;

use crate::{
    check::{Failure, Stop},
    harness::{poll, text::printable},
    tools::alertmanager::routes::MatchedRoute,
};

use super::{
    alerts::{DATABASE, ERRORS, JOB, MEMORY, invented, labels},
    firing::Firing,
    messages::{self, lacking},
    sandbox::{PACE, Sandbox},
};

/// The time limit for a message to arrive: usually a second, more on a busy machine.
pub const LIMIT: Duration = Duration::from_secs(10);

/// The time limit for Alertmanager to report that it suppresses an alert. Versions before 0.28 did not report this for hours.
pub const STATE_LIMIT: Duration = Duration::from_secs(2);

impl Sandbox<'_> {
    /// A page goes to both channels at once, at any hour.
    pub fn delivers(&self) -> Result<(), Stop> {
        self.post(&self.incident, false)?;
        let both = || self.counts().iter().all(|count| *count > 0);
        poll::is_done(LIMIT, PACE, || both() || self.gave_up());
        if !both() {
            let [slack, mail] = self.counts();
            return Err(self
                .failed(
                    &self.incident[0],
                    "DatabaseDown is posted, and arrives in Slack and by email",
                    format!(
                        "messages in Slack: {slack}, by email: {mail}{}",
                        self.complaint()
                    ),
                )
                .into());
        }
        // Alerts that are reported one by one arrive now, in the next round of their group.
        poll::is_done(STATE_LIMIT, PACE, || {
            let all = |texts: Vec<String>| {
                let text = texts.join("\n");
                self.incident
                    .iter()
                    .all(|alert| text.contains(&alert.value))
            };
            all(self.slack.texts()) && all(self.mail.texts())
        });
        Ok(())
    }

    /// A ticket goes to Slack. What arrives there about it.
    pub fn tells_tickets(&self) -> Result<Vec<String>, Stop> {
        let [database, ticket] = [&self.incident[0].labels, &self.ticket[0].labels];
        // Another check decides whether it may be silenced.
        if self.context.config.silences(database, ticket) {
            return Ok(Vec::new());
        }
        let before = self.slack.texts().len();
        let gave_up_before = self.gave_up();
        self.post(&self.ticket, false)?;
        let told = || self.slack.texts().split_off(before);
        let settled = || !told().is_empty() || (self.gave_up() && !gave_up_before);
        poll::is_done(LIMIT, PACE, settled);
        if told().is_empty() {
            let found = format!("messages in Slack: 0{}", self.complaint());
            return Err(self
                .failed(
                    &self.ticket[0],
                    "MemoryHigh is posted, and arrives in Slack",
                    found,
                )
                .into());
        }
        // Alerts that are reported one by one arrive now, in the next round of their group.
        poll::is_done(STATE_LIMIT, PACE, || {
            let text = told().join("\n");
            self.ticket.iter().all(|alert| text.contains(&alert.value))
        });
        Ok(told())
    }

    /// Silenced or held alerts are not notified, but another page, posted last, is. Returns all that were posted.
    pub fn keeps_quiet(&self) -> Result<Vec<Firing>, Stop> {
        let config = &self.context.config;
        let errors = Firing::new(labels(ERRORS, JOB), "Too many errors", "errors");
        let ticket = Firing::new(labels(MEMORY, JOB), "Memory runs out", "memory");
        let last = Firing::new(invented("page"), "Something else", "else");
        let before = self.counts();
        // Another check decides whether the file's rules are right. This one checks that Alertmanager follows the file, at any
        // hour.
        let silences = |target| config.silences(&labels(DATABASE, JOB), &labels(target, JOB));
        let receivers = || config.receivers_at(&labels(MEMORY, JOB), Timestamp::now());
        let waits = receivers().is_empty();
        let in_slack = |route: &MatchedRoute| !route.receiver.slack_configs.is_empty();
        let told = receivers().iter().any(in_slack) && !silences(MEMORY);
        self.post(slice::from_ref(&ticket), false)?;
        let mut kept = Vec::new();
        if silences(ERRORS) {
            self.post(slice::from_ref(&errors), false)?;
            kept.push((&errors, "DatabaseDown fires, which silences it"));
        }
        if waits {
            kept.push((&ticket, "at this hour it waits"));
        }
        for (alert, _) in &kept {
            poll::latest(
                STATE_LIMIT,
                PACE,
                || self.alertmanager.groups(),
                |groups| alert.is_suppressed(groups),
            )?;
        }
        self.post(slice::from_ref(&last), false)?;
        if !self.both_tell_more_than([before[0] + usize::from(told), before[1]]) {
            return Err(self
                .failed(
                    &self.incident[0],
                    format!(
                        "a new page arrives both ways{}",
                        if told { ", and a ticket in Slack" } else { "" }
                    ),
                    format!("after {LIMIT:?} it has not{}", self.complaint()),
                )
                .into());
        }
        // What has come by mail may be the ticket: then that about the page is still under way.
        self.wait_for_texts_about(&last, before, [true; 2]);
        // The office hours may have begun or ended in the meantime; then either result is right.
        let texts = [self.slack.texts(), self.mail.texts()].concat().join("\n");
        for (alert, why) in &kept {
            if alert.is_in(&texts) && waits == receivers().is_empty() {
                let how = self
                    .context
                    .who_while(&self.incident[0].labels, &alert.labels);
                return Err(Failure::new(
                    format!("{} is not told: {why}", alert.name()),
                    format!("it is told:\n{}", printable(&texts)),
                    how,
                )
                .into());
            }
        }
        Ok(vec![errors, ticket, last])
    }

    /// Checks the content of the messages about some alerts of one group.
    pub fn says(&self, what: &str, alerts: &[Firing], texts: &[String]) -> Result<(), Failure> {
        let lacking = lacking(alerts, texts);
        if lacking.is_empty() {
            Ok(())
        } else {
            let about = format!("{} on three instances", alerts[0].name());
            let how = self.context.message(&alerts[0]);
            Err(messages::failed(self, what, &about, &lacking, texts, how))
        }
    }
}
