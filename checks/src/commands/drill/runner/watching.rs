//! Watching a fault: which alerts fire, and who is notified.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use super::{PACE, Runner};
use crate::{
    commands::drill::{
        fault::SIGNALS,
        fault_run::FaultRun,
        hour::Hour,
        recipients::{Channel, Notification},
        timeline::Kind,
    },
    harness::poll,
    tools::prometheus::Alert,
};

impl Runner<'_> {
    /// Polls everything until `enough` holds or the time is up. Returns whether it held.
    pub(super) fn watch(
        &mut self,
        run: &mut FaultRun,
        limit: Duration,
        enough: impl Fn(&FaultRun, &BTreeSet<(String, String)>) -> bool,
    ) -> bool {
        poll::is_done(limit, PACE, || {
            self.look(run);
            enough(run, &self.alerts)
        })
    }

    /// If Prometheus does not answer for a moment, there are no new alerts to report.
    fn look(&mut self, run: &mut FaultRun) {
        if run.seen.is_none() {
            let first = SIGNALS
                .iter()
                .find(|signal| matches!(self.prometheus.count(signal.query), Ok(1..)));
            run.seen =
                first.map(|signal| (signal.name, self.timeline.note(Kind::Signal, signal.name)));
        }
        if let Ok(alerts) = self.alerts_for_people() {
            self.note_alerts(&alerts, run);
        }
        self.listen(run);
    }

    /// Reports alerts that are new and alerts that are gone.
    fn note_alerts(&mut self, alerts: &[Alert], run: &mut FaultRun) {
        let key = |alert: &Alert| (alert.name().to_owned(), alert.state.clone());
        for alert in alerts {
            if !self.alerts.contains(&key(alert)) {
                self.note_alert(alert, run);
            }
        }
        let now: BTreeSet<(String, String)> = alerts.iter().map(key).collect();
        let names = |alerts: &BTreeSet<(String, String)>| -> BTreeSet<String> {
            alerts.iter().map(|(name, _)| name.clone()).collect()
        };
        for gone in names(&self.alerts).difference(&names(&now)) {
            self.timeline.note(Kind::Resolved, gone);
        }
        self.alerts = now;
    }

    fn note_alert(&mut self, alert: &Alert, run: &mut FaultRun) {
        let (name, severity) = (alert.name(), alert.label("severity"));
        let firing = alert.state == "firing";
        let kind = if firing { Kind::Firing } else { Kind::Pending };
        let after = self.timeline.note(kind, &format!("{name} ({severity})"));
        if name == run.fault.alert() {
            run.severity = severity.to_owned();
            let first = if firing {
                &mut run.firing
            } else {
                &mut run.pending
            };
            first.get_or_insert(after);
        }
    }

    /// The notifications since the last call; identical ones share a line.
    fn listen(&mut self, run: &mut FaultRun) {
        let mut news: BTreeMap<String, Vec<(&'static Hour, Channel)>> = BTreeMap::new();
        for recipients in self.recipients.iter_mut() {
            let hour = recipients.hour;
            for (channel, title) in recipients.news() {
                news.entry(title).or_default().push((hour, channel));
            }
        }
        for (title, readers) in news {
            let after = self.timeline.note(Kind::Notification, &title);
            for channel in [Channel::Slack, Channel::Email] {
                let hours: Vec<&str> = readers
                    .iter()
                    .filter(|(_, by)| *by == channel)
                    .map(|(hour, _)| hour.name)
                    .collect();
                if !hours.is_empty() {
                    let what = format!("{}: {}", channel.name(), hours.join(", "));
                    self.timeline.go_on(&what);
                }
            }
            run.notifications
                .extend(readers.into_iter().map(|(hour, channel)| Notification {
                    hour,
                    channel,
                    after,
                    title: title.clone(),
                }));
        }
    }
}
