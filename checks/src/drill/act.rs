//! One fault, from its beginning until everything is as it was.

use std::{
    collections::BTreeSet,
    thread,
    time::{Duration, Instant},
};

use super::{
    audience::{Audience, Channel, Told},
    fault::{Fault, SIGNALS},
    stage::Stage,
    timeline::{Kind, Timeline},
    traffic::Traffic,
};

/// How often everything is looked at.
const PACE: Duration = Duration::from_millis(200);

/// How long it may take until everybody has been told: the probe of the database alone takes up to 15 s, which no drill makes
/// faster.
const TELL_LIMIT: Duration = Duration::from_secs(120);

/// How long we listen for somebody who should not be told. Those who should have been told by then, by the same rules.
const LISTEN: Duration = Duration::from_secs(4);

/// How long it may take until everything is well again, and said to be.
const END_LIMIT: Duration = Duration::from_secs(120);

/// What happened during one fault. All times count from its beginning.
#[derive(Debug)]
pub struct Act {
    pub fault: Fault,
    /// The signal that saw it first.
    pub seen: Option<(&'static str, Duration)>,
    pub pending: Option<Duration>,
    pub firing: Option<Duration>,
    pub severity: String,
    pub told: Vec<Told>,
    /// Whether the alert that this one causes fired too, and nobody was told. `None`: it causes none.
    pub silenced: Option<bool>,
    pub resolved: Option<Duration>,
}

/// All that an act takes.
pub struct Cast<'a> {
    pub stage: &'a mut Stage,
    pub audiences: &'a mut [Audience],
    pub traffic: &'a Traffic,
    pub timeline: &'a mut Timeline,
    /// What Prometheus said of alerts last, as name and state.
    alerts: BTreeSet<(String, String)>,
}

impl<'a> Cast<'a> {
    pub fn new(
        stage: &'a mut Stage,
        audiences: &'a mut [Audience],
        traffic: &'a Traffic,
        timeline: &'a mut Timeline,
    ) -> Cast<'a> {
        Cast {
            stage,
            audiences,
            traffic,
            timeline,
            alerts: BTreeSet::new(),
        }
    }

    /// Breaks it, watches until everybody has been told, mends it, and watches until all is well.
    ///
    /// # Errors
    /// When the stage itself does not do what it is asked.
    pub fn play(&mut self, fault: Fault) -> anyhow::Result<Act> {
        let mut act = Act {
            fault,
            seen: None,
            pending: None,
            firing: None,
            severity: String::new(),
            told: Vec::new(),
            silenced: None,
            resolved: None,
        };
        self.timeline.begin(fault.title());
        self.stage.begin(fault)?;
        self.timeline.note(Kind::Fault, "begins");
        self.watch(&mut act, TELL_LIMIT, |act, _| act.everybody_told());
        self.watch(&mut act, LISTEN, |_, _| false);
        if let (Some(caused), true) = (fault.causes(), act.everybody_told()) {
            act.silenced = Some(self.is_silenced(&mut act, caused));
        }
        let told = act.told.len();
        self.stage.mend(fault)?;
        self.timeline.note(Kind::Mended, "");
        self.watch(&mut act, END_LIMIT, |act, alerts| {
            alerts.is_empty() && (told == 0 || act.told.len() > told)
        });
        // From here on it is about the end.
        let ended = act.told.split_off(told);
        act.resolved = ended.first().map(|told| told.after);
        Ok(act)
    }

    /// Lets customers run into the fault, until the alert about them fires as well: nobody needs to hear that.
    fn is_silenced(&mut self, act: &mut Act, caused: &'static str) -> bool {
        let told = act.told.len();
        self.traffic.ask_the_database(true);
        let fires = |alerts: &BTreeSet<(String, String)>| {
            alerts.contains(&(caused.to_owned(), "firing".to_owned()))
        };
        let fired = self.watch(act, TELL_LIMIT, |_, alerts| fires(alerts));
        self.watch(act, LISTEN, |_, _| false);
        self.traffic.ask_the_database(false);
        let silent = act.told.len() == told;
        act.told.truncate(told);
        if fired && silent {
            let what = format!("{caused} fires too, and nobody is told: its cause is known");
            self.timeline.note(Kind::Silenced, &what);
        }
        self.watch(act, TELL_LIMIT, |_, alerts| !fires(alerts));
        fired && silent
    }

    /// Looks at everything again and again until `enough`, or until the time is up. Whether it was enough.
    fn watch(
        &mut self,
        act: &mut Act,
        limit: Duration,
        enough: impl Fn(&Act, &BTreeSet<(String, String)>) -> bool,
    ) -> bool {
        let give_up = Instant::now() + limit;
        loop {
            self.look(act);
            if enough(act, &self.alerts) {
                return true;
            }
            if Instant::now() > give_up {
                return false;
            }
            thread::sleep(PACE);
        }
    }

    /// A Prometheus that does not answer for a moment has nothing new to say.
    fn look(&mut self, act: &mut Act) {
        let prometheus = self.stage.prometheus().clone();
        if act.seen.is_none() {
            let first = SIGNALS
                .iter()
                .find(|signal| matches!(prometheus.count(signal.query), Ok(1..)));
            act.seen = first.map(|signal| {
                let after = self.timeline.note(Kind::Signal, signal.name);
                (signal.name, after)
            });
        }
        if let Ok(alerts) = prometheus.alerts() {
            let now: BTreeSet<(String, String)> = alerts
                .iter()
                .map(|alert| (alert.name().to_owned(), alert.state.clone()))
                .collect();
            for alert in &alerts {
                let (name, state) = (alert.name(), alert.state.as_str());
                if self.alerts.contains(&(name.to_owned(), alert.state.clone())) {
                    continue;
                }
                let severity = alert.label("severity");
                let kind = match state {
                    "firing" => Kind::Firing,
                    _ => Kind::Pending,
                };
                let after = self.timeline.note(kind, &format!("{name} ({severity})"));
                if name == act.fault.alert() {
                    act.severity = severity.to_owned();
                    match kind {
                        Kind::Firing => act.firing.get_or_insert(after),
                        _ => act.pending.get_or_insert(after),
                    };
                }
            }
            let names = |alerts: &BTreeSet<(String, String)>| -> BTreeSet<String> {
                alerts.iter().map(|(name, _)| name.clone()).collect()
            };
            for gone in names(&self.alerts).difference(&names(&now)) {
                self.timeline.note(Kind::Resolved, gone);
            }
            self.alerts = now;
        }
        for audience in self.audiences.iter_mut() {
            for (channel, title) in audience.news() {
                let hour = audience.hour;
                let what = format!("{} ({}) {}: {title}", hour.name, hour.when, channel.name());
                let after = self.timeline.note(Kind::Told, &what);
                act.told.push(Told {
                    hour,
                    channel,
                    after,
                    title,
                });
            }
        }
    }
}

impl Act {
    /// Whether whoever should have been told has been.
    fn everybody_told(&self) -> bool {
        self.firing.is_some()
            && match self.severity.as_str() {
                "page" => super::audience::HOURS
                    .iter()
                    .all(|hour| self.reached(hour.name) == [true, true]),
                _ => self
                    .told
                    .iter()
                    .any(|told| told.hour.working),
            }
    }

    /// Whether Slack and email were reached at this hour.
    pub fn reached(&self, hour: &str) -> [bool; 2] {
        [Channel::Slack, Channel::Email].map(|channel| {
            self.told
                .iter()
                .any(|told| told.hour.name == hour && told.channel == channel)
        })
    }

    /// Whether the right people were told, at every hour, and nobody twice: a page at any hour by both ways, a ticket only while
    /// somebody is at work.
    pub fn right(&self) -> bool {
        let held = || {
            self.told
                .iter()
                .all(|told| told.hour.working)
        };
        self.everybody_told()
            && (self.severity == "page" || held())
            && self.silenced != Some(false)
            && self.resolved.is_some()
    }
}
