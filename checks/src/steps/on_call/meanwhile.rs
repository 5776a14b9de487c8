//! Alerts that begin during the incident, as a colleague may add them tomorrow. Each message says of each alert what to do.

use std::slice;

use crate::{
    check::{Failure, Stop},
    harness::poll,
    tools::alertmanager::{
        config::{Channel, Config, Receiver},
        matcher::Labels,
    },
};

use super::{
    alerts::invented,
    firing::Firing,
    incident::{LIMIT, STATE_LIMIT},
    messages::{self, lacking},
    sandbox::{PACE, Said, Sandbox},
};

/// An alert, and what was said since it began.
pub struct Meanwhile {
    about: &'static str,
    /// First the alert, then those of the same message.
    alerts: Vec<Firing>,
    said: Said,
}

impl Meanwhile {
    pub fn alert(&self) -> &Firing {
        &self.alerts[0]
    }
}

impl Sandbox<'_> {
    /// A page, and an alert that no route knows.
    pub fn tells_of_others(&self) -> Result<[Meanwhile; 2], Stop> {
        Ok([
            self.tells_of("another page", Firing::invented(invented("page")))?,
            self.tells_of(
                "an alert without a severity",
                Firing::invented(invented("")),
            )?,
        ])
    }

    /// Whether it is told, and to whom, is another check's matter.
    fn tells_of(&self, about: &'static str, alert: Firing) -> Result<Meanwhile, Stop> {
        let before = self.counts();
        self.post(slice::from_ref(&alert), false)?;
        let incident = &self.incident[0].labels;
        let config = &self.context.config;
        let routes = config.matched_routes(&alert.labels);
        let leads = |way: fn(&Receiver) -> &Vec<Channel>| {
            let mut receivers = routes.iter().map(|route| route.receiver);
            receivers.any(|receiver| !way(receiver).is_empty())
        };
        let ways = [leads(|it| &it.slack_configs), leads(|it| &it.email_configs)];
        if !config.silences(incident, &alert.labels) {
            poll::is_done(LIMIT, PACE, || {
                let mut counts = self.counts().into_iter().zip(before).zip(ways);
                self.gave_up() || counts.all(|((now, then), leads)| now > then || !leads)
            });
            // The first message may be a late one about another alert.
            poll::is_done(STATE_LIMIT, PACE, || {
                let Said { slack, mail } = self.said_since(before);
                let mut said = [slack, mail].into_iter().zip(ways);
                said.all(|(texts, leads)| !leads || texts.iter().any(|text| alert.is_in(text)))
            });
        }
        let mut said = self.said_since(before);
        for texts in [&mut said.slack, &mut said.mail] {
            if texts.iter().any(|text| alert.is_in(text)) {
                texts.retain(|text| alert.is_in(text));
            }
        }
        let mut alerts = vec![alert.clone()];
        if messages_of(config, &alert.labels) == messages_of(config, incident) {
            alerts.extend(self.incident.clone());
        }
        Ok(Meanwhile {
            about,
            alerts,
            said,
        })
    }

    /// Checks what one way says of an alert that began during the incident. No message by that way is another check's matter.
    pub fn says_meanwhile(
        &self,
        way: &str,
        texts: fn(&Said) -> &Vec<String>,
        meanwhile: &Meanwhile,
    ) -> Result<(), Failure> {
        let Meanwhile {
            about,
            alerts,
            said,
        } = meanwhile;
        let texts = texts(said);
        let lacking = lacking(alerts, texts);
        if texts.is_empty() || lacking.is_empty() {
            return Ok(());
        }
        let about = format!("{about}, which begins during the incident");
        let how = self
            .context
            .message_with(&self.incident[0], meanwhile.alert());
        Err(messages::failed(self, way, &about, &lacking, texts, how))
    }
}

/// The lines of the routes that an alert takes, each with what the alerts of one message share there.
fn messages_of<'a>(config: &Config, labels: &'a Labels) -> Vec<(u64, Vec<(&'a str, &'a str)>)> {
    let routes = config.matched_routes(labels).into_iter();
    routes
        .map(|route| (route.line, route.group(labels)))
        .collect()
}
