//! Alerts that begin during the incident, as a colleague may add them tomorrow. Each message says of each alert what to do.

use std::slice;

use crate::{
    check::{Failure, Stop},
    harness::poll,
    tools::alertmanager::{config::Config, matcher::Labels},
};

use super::{
    alerts::invented,
    firing::Firing,
    incident::LIMIT,
    messages::{self, BREAKS_OFF, FACTS, lacking},
    sandbox::{PACE, Sandbox},
};

/// An alert, and what was said since it began, in Slack and by email.
pub struct Meanwhile {
    about: &'static str,
    /// First the alert, then those of the same message.
    alerts: Vec<Firing>,
    said: [Vec<String>; 2],
    /// Whether nothing was said although the way leads to somebody, because a template broke off.
    broke_off: [bool; 2],
}

impl Meanwhile {
    pub fn alert(&self) -> &Firing {
        &self.alerts[0]
    }
}

const NO_SEVERITY: &str = "an alert without a severity";

impl Sandbox<'_> {
    /// A page, and an alert that no route knows.
    pub fn tells_of_others(&self) -> Result<[Meanwhile; 2], Stop> {
        Ok([
            self.tells_of("another page", Firing::invented(invented("page")))?,
            self.tells_of(NO_SEVERITY, Firing::invented(invented("")))?,
        ])
    }

    /// Whether it is told, and to whom, is another check's matter.
    fn tells_of(&self, about: &'static str, alert: Firing) -> Result<Meanwhile, Stop> {
        let (before, gave_up_before) = (self.counts(), self.gave_up());
        self.post(slice::from_ref(&alert), false)?;
        let incident = &self.incident[0].labels;
        let config = &self.context.config;
        let ways = self.ways(slice::from_ref(&alert));
        let leads = ways.map(|way| !way.channels.is_empty());
        let gave_up = || self.gave_up() && !gave_up_before;
        if !config.silences(incident, &alert.labels) {
            poll::is_done(LIMIT, PACE, || {
                let mut counts = self.counts().into_iter().zip(before).zip(leads);
                gave_up() || counts.all(|((now, then), leads)| now > then || !leads)
            });
            // The first message may be a late one about another alert.
            self.wait_for_texts_about(&alert, before, leads);
        }
        let mut said = self.said_since(before);
        let mut broke_off = [false; 2];
        for ((texts, leads), broke_off) in said.iter_mut().zip(leads).zip(&mut broke_off) {
            if !leads || texts.iter().any(|text| alert.is_in(text)) {
                texts.retain(|text| leads && alert.is_in(text));
            }
            *broke_off = leads && texts.is_empty() && gave_up();
        }
        let mut alerts = vec![alert.clone()];
        if messages_of(config, &alert.labels) == messages_of(config, incident) {
            alerts.extend(self.incident.clone());
        }
        Ok(Meanwhile {
            about,
            alerts,
            said,
            broke_off,
        })
    }

    /// Checks what Slack (0) or the mail (1) says of an alert that began during the incident.
    pub fn says_meanwhile(&self, way: usize, meanwhile: &Meanwhile) -> Result<(), Failure> {
        let about = format!("{}, which begins during the incident", meanwhile.about);
        let how = || {
            let alert = meanwhile.alert();
            self.context.message_with(&self.incident[0], alert)
        };
        if meanwhile.broke_off[way] {
            let found = format!("nothing arrives{}", self.complaint());
            return Err(Failure::new(about, found, how()).perhaps(BREAKS_OFF));
        }
        let texts = &meanwhile.said[way];
        let lacking = lacking(&meanwhile.alerts, texts);
        if texts.is_empty() || lacking.is_empty() {
            return Ok(());
        }
        let name = ["the message", "the mail"][way];
        let failure = messages::failed(self, name, &about, &lacking, texts, how());
        if meanwhile.about == NO_SEVERITY && lacking.len() == FACTS {
            return Err(failure.perhaps("the text depends on the severity, and this alert has none: write one for all others, too"));
        }
        Err(failure)
    }
}

/// The lines of the routes that an alert takes, each with what the alerts of one message share there.
fn messages_of<'a>(config: &Config, labels: &'a Labels) -> Vec<(u64, Vec<(&'a str, &'a str)>)> {
    let routes = config.matched_routes(labels).into_iter();
    routes
        .map(|route| (route.line, route.group(labels)))
        .collect()
}
