//! One of three instances is well again: the first line must not say what it says when all are.

use crate::{
    check::{Failure, Stop},
    harness::{poll, text::printable},
};

use super::{
    firing::Firing,
    incident::{LIMIT, STATE_LIMIT},
    sandbox::{PACE, Sandbox},
};

/// The first lines of Slack's messages, and of the mails.
type Titles = [Vec<String>; 2];

/// What is read first, while only a part of the incident is over.
pub struct PartlyOver {
    before: Titles,
    meanwhile: Titles,
}

impl Sandbox<'_> {
    /// One instance's alert ends, while `others` fire.
    pub fn is_partly_over(&self, others: &[Firing]) -> Result<PartlyOver, Stop> {
        let (before, counts) = (self.titles(), self.counts());
        self.post(&self.incident[..1], true)?;
        let config = &self.context.config;
        let silences = |other: &Firing| config.silences(&other.labels, &self.incident[0].labels);
        if others.iter().any(silences) {
            let meanwhile = Titles::default();
            return Ok(PartlyOver { before, meanwhile });
        }
        if !self.both_tell_more_than(counts) {
            let found = format!(
                "after {LIMIT:?} it has not arrived both in Slack and by email{}",
                self.complaint()
            );
            let expected = "a message that one of three instances is well again";
            return Err(self.failed(&self.incident[0], expected, found).into());
        }
        // Where one way leads to several places, each gets a message.
        poll::is_done(STATE_LIMIT, PACE, || {
            let about = |text: &&String| self.incident.iter().any(|alert| alert.is_in(text));
            let said = self.said_since(counts).into_iter();
            let mut ways = said.zip(self.ways(&self.incident));
            ways.all(|(texts, way)| texts.iter().filter(about).count() >= way.channels.len())
        });
        let mut meanwhile = self.titles();
        for (titles, before) in meanwhile.iter_mut().zip(&before) {
            titles.drain(..before.len());
        }
        Ok(PartlyOver { before, meanwhile })
    }

    fn titles(&self) -> Titles {
        [self.slack.titles(), self.mail.titles()]
    }

    /// Compares these first lines with those of the end, which has come.
    pub fn did_not_say_over(&self, partly: &PartlyOver) -> Result<(), Failure> {
        // Another check says that the instances belong to one message.
        let [one, two] = [&self.incident[0].labels, &self.incident[1].labels];
        let routes = self.context.config.matched_routes(one);
        if routes
            .iter()
            .any(|route| route.group(one) != route.group(two))
        {
            return Ok(());
        }
        let ways = ["Slack", "the mail"].into_iter().zip(self.titles());
        for ((way, titles), (before, meanwhile)) in
            ways.zip(partly.before.iter().zip(&partly.meanwhile))
        {
            let end = &titles[before.len() + meanwhile.len()..];
            let Some(said) = meanwhile
                .iter()
                .find(|title| end.contains(title) && !before.contains(title))
            else {
                continue;
            };
            let expected = "a first line that does not say that all is over while two of three instances still fire";
            let found = format!(
                "the first line of {way}, while two still fire:\n{}",
                printable(said)
            );
            let perhaps = "it asks .Alerts.Resolved, or one alert; the .Status of the message is resolved only when all of its alerts have ended";
            return Err(self
                .failed(&self.incident[0], expected, found)
                .perhaps(perhaps));
        }
        Ok(())
    }
}
