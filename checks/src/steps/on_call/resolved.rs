//! The end of the incident: the messages say that it is over.

use crate::{
    check::{Failure, Stop},
    harness::{
        poll,
        text::{printable, printable_lines},
    },
};

use super::{
    firing::Firing,
    incident::{LIMIT, STATE_LIMIT},
    messages::{BREAKS_OFF, gist},
    sandbox::{PACE, Sandbox},
};

const OVER: &str = "a reader sees that the incident is over";

impl Sandbox<'_> {
    /// One of the alerts ends, and then all that were posted; the messages about their end differ from the earlier ones.
    pub fn is_over(&self, others: &[Firing]) -> Result<(), Stop> {
        let begun = [self.slack.texts(), self.mail.texts()];
        let partly = self.is_partly_over(others)?;
        let before = [self.slack.texts(), self.mail.texts()];
        // All at once: an alert that still fires makes the message about its whole group say so.
        self.post(self.incident.iter().chain(others), true)?;
        if !self.both_tell_more_than([before[0].len(), before[1].len()]) {
            let found = format!("after {LIMIT:?} nobody is told{}", self.complaint());
            return Err(self.failed(&self.incident[0], OVER, found).into());
        }
        // The first message may be about the others.
        poll::is_done(STATE_LIMIT, PACE, || {
            let about = |texts: Vec<String>, before: usize| {
                let mut new = texts.into_iter().skip(before);
                new.any(|text| self.incident.iter().any(|alert| alert.is_in(&text)))
            };
            about(self.slack.texts(), before[0].len()) && about(self.mail.texts(), before[1].len())
        });
        let slack = self.slack.texts().len();
        self.post(&self.ticket, true)?;
        poll::is_done(STATE_LIMIT, PACE, || self.slack.texts().len() > slack);
        if self.gave_up() {
            let complaint = self.complaint();
            let perhaps = if complaint.contains(".Alerts.Firing") {
                "a template asks for what only an alert that fires has: at the end .Alerts.Firing is empty"
            } else {
                BREAKS_OFF
            };
            let found = format!("not every message about the end is sent{complaint}");
            return Err(self
                .failed(&self.incident[0], OVER, found)
                .perhaps(perhaps)
                .into());
        }
        let told = [
            ("Slack", self.slack.texts(), self.slack.titles()),
            ("the mail", self.mail.texts(), self.mail.titles()),
        ];
        for ((way, texts, titles), (begun, before)) in
            told.into_iter().zip(begun.iter().zip(before))
        {
            self.says_it_is_over(way, begun, &texts[before.len()..])?;
            for (text, title) in texts.iter().zip(titles).skip(before.len()) {
                self.does_not_fire(way, text, &title)?;
            }
        }
        Ok(self.did_not_say_over(&partly)?)
    }

    fn says_it_is_over(
        &self,
        way: &str,
        before: &[String],
        after: &[String],
    ) -> Result<(), Failure> {
        let said: Vec<String> = before.iter().map(|text| gist(text)).collect();
        // First those about the incident, so that it does not matter which message came first.
        let mut after: Vec<&String> = after.iter().collect();
        after.sort_by_key(|text| !self.incident.iter().any(|alert| alert.is_in(text)));
        let Some(same) = after.into_iter().find(|text| said.contains(&gist(text))) else {
            return Ok(());
        };
        let found = format!(
            "{way} says the same as when it began:\n{}",
            printable_lines(same.trim())
        );
        let perhaps = "no word of it depends on .Status, which is firing or resolved; a colour alone is not enough";
        Err(self.failed(&self.incident[0], OVER, found).perhaps(perhaps))
    }

    /// The first line alone must not mislead. Messages about alerts that were silenced until now may come as well.
    fn does_not_fire(&self, way: &str, text: &str, title: &str) -> Result<(), Failure> {
        let mut alerts = self.incident.iter().chain(&self.ticket);
        if !alerts.any(|alert| alert.is_in(text)) {
            return Ok(());
        }
        let lower = title.to_lowercase();
        // Zero may be firing.
        if !lower.contains("firing") || lower.contains("resolved") || lower.contains('0') {
            return Ok(());
        }
        let found = format!(
            "the first line of {way}, when it is over:\n{}",
            printable(title)
        );
        let perhaps = "the word FIRING is written out there, instead of {{ .Status }}";
        Err(self.failed(&self.incident[0], OVER, found).perhaps(perhaps))
    }
}
