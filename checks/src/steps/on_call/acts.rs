//! What is played: an incident begins, other things happen beside it, and it ends.

use std::{
    thread,
    time::{Duration, Instant},
};

use jiff::Timestamp;

use crate::{check::Failure, http::printable};

use super::{
    alerts::{DATABASE, ERRORS, Firing, JOB, MEMORY, invented, labels},
    messages::{self, gist, lacking},
    play::{PACE, Play, RUNBOOK},
};

/// How long a message may be under way: a second, and more on a machine that is busy.
const LIMIT: Duration = Duration::from_secs(10);

/// How long Alertmanager may take to say that it keeps an alert to itself. Before 0.28 it did not say so of hours.
const STATE_LIMIT: Duration = Duration::from_secs(2);

impl Play<'_> {
    /// A page goes both ways, now, at whatever hour.
    pub fn delivers(&self) -> anyhow::Result<Result<(), Failure>> {
        self.post(&self.incident, false)?;
        let both = || self.counts().iter().all(|count| *count > 0);
        self.wait(LIMIT, || both() || self.gave_up());
        if !both() {
            let [slack, mail] = self.counts();
            return Ok(Err(self.failed(
                "DatabaseDown is posted, and arrives in Slack and by email",
                format!(
                    "messages in Slack: {slack}, by email: {mail}{}",
                    self.complaint()
                ),
            )));
        }
        // Whatever was told one by one comes now, with the next round of its group.
        self.wait(STATE_LIMIT, || {
            let all = |texts: Vec<String>| {
                let text = texts.join("\n");
                self.incident
                    .iter()
                    .all(|alert| text.contains(&alert.value))
            };
            all(self.slack.texts()) && all(self.mail.texts())
        });
        Ok(Ok(()))
    }

    /// What is silenced or held at this hour is not told; and another page, which is posted last, is.
    pub fn keeps_quiet(&self) -> anyhow::Result<Result<(), Failure>> {
        let config = &self.scene.config;
        let errors = Firing::new(labels(ERRORS, JOB), "Too many errors", RUNBOOK);
        let ticket = Firing::new(labels(MEMORY, JOB), "Memory runs out", RUNBOOK);
        let last = Firing::new(invented("page"), "Something else", RUNBOOK);
        let before = self.counts();
        let ticket_is_told = || {
            !config
                .told(&labels(MEMORY, JOB), Timestamp::now())
                .is_empty()
        };
        let told = ticket_is_told();
        self.post(&[errors.clone(), ticket.clone()], false)?;
        let mut kept = Vec::new();
        if config.silences(&labels(DATABASE, JOB), &labels(ERRORS, JOB)) {
            kept.push((&errors, "DatabaseDown fires, which silences it"));
        }
        if !told {
            kept.push((&ticket, "at this hour it waits"));
        }
        for (alert, _) in &kept {
            let deadline = Instant::now() + STATE_LIMIT;
            while !alert.is_suppressed(&self.alertmanager.groups()?) && Instant::now() < deadline {
                thread::sleep(PACE);
            }
        }
        self.post(&[last], false)?;
        let came = self.wait(LIMIT, || {
            let now = self.counts();
            now[0] > before[0] + usize::from(told) && now[1] > before[1]
        });
        if !came {
            return Ok(Err(self.failed(
                format!(
                    "a new page arrives both ways{}",
                    if told { ", and a ticket in Slack" } else { "" }
                ),
                format!("after {LIMIT:?} it has not{}", self.complaint()),
            )));
        }
        // The hour may have struck meanwhile; then either is right.
        let texts = [self.slack.texts(), self.mail.texts()].concat().join("\n");
        for (alert, why) in kept {
            if alert.is_in(&texts) && (told == ticket_is_told()) {
                return Ok(Err(self.failed(
                    format!("{} is not told: {why}", alert.name()),
                    format!("it is told:\n{}", printable(&texts)),
                )));
            }
        }
        Ok(Ok(()))
    }

    /// The incident ends; what is said then is not what was said before.
    pub fn is_over(&self) -> anyhow::Result<Result<(), Failure>> {
        let before = [self.slack.texts(), self.mail.texts()];
        self.post(&self.incident, true)?;
        let came = self.wait(LIMIT, || {
            let now = self.counts();
            now[0] > before[0].len() && now[1] > before[1].len()
        });
        let expected = "whoever reads it sees that the incident is over";
        if !came {
            let found = format!("after {LIMIT:?} nobody is told{}", self.complaint());
            return Ok(Err(self.failed(expected, found)));
        }
        for (texts, before) in [self.slack.texts(), self.mail.texts()]
            .into_iter()
            .zip(before)
        {
            let said: Vec<String> = before.iter().map(|text| gist(text)).collect();
            if let Some(same) = texts[before.len()..]
                .iter()
                .find(|text| said.contains(&gist(text)))
            {
                let found = format!("the same as when it began:\n{}", printable(same.trim()));
                return Ok(Err(self.failed(expected, found).perhaps(Some(
                    "a colour is not enough, if it is there at all: .Status says firing or resolved",
                ))));
            }
        }
        Ok(Ok(()))
    }

    /// What the messages about the incident say.
    pub fn says(&self, what: &str, texts: &[String]) -> Result<(), Failure> {
        let lacking = lacking(&self.incident, texts);
        match lacking.is_empty() {
            true => Ok(()),
            false => Err(messages::failed(self, what, &lacking, texts)),
        }
    }
}
