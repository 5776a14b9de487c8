//! Running one fault, from its beginning until everything has recovered.

mod watching;

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use anyhow::bail;

use super::{
    environment::Environment,
    fault::{Fault, SIGNALS},
    fault_run::FaultRun,
    recipients::{Notification, Recipients},
    timeline::{Kind, Timeline},
    traffic::Traffic,
};
use crate::{
    harness::poll,
    steps::alert_rules::rules::NOBODY,
    tools::prometheus::{Alert, Prometheus},
};

/// Polling interval.
const PACE: Duration = Duration::from_millis(200);

/// The time limit for all notifications: the probe of the database alone takes up to 15 s, which the drill cannot speed
/// up.
const NOTIFICATION_LIMIT: Duration = Duration::from_secs(120);

/// How long to wait for notifications that should not arrive. By the same rules, the expected ones have arrived by then.
const LISTEN: Duration = Duration::from_secs(4);

/// The time limit for everything to recover and to be reported as resolved.
const END_LIMIT: Duration = Duration::from_secs(120);

/// The time limit for everything to be healthy at first: the database is probed at the start and every 15 s.
const QUIET_LIMIT: Duration = Duration::from_secs(60);

/// How long no notification must have arrived: three group intervals of a second each.
const QUIET: Duration = Duration::from_secs(3);

/// What it takes to run a fault.
pub struct Runner<'a> {
    pub environment: &'a mut Environment,
    pub prometheus: &'a Prometheus,
    pub recipients: &'a mut [Recipients],
    pub traffic: &'a Traffic,
    pub timeline: &'a mut Timeline,
    /// The last alerts of Prometheus, as name and state.
    alerts: BTreeSet<(String, String)>,
}

impl<'a> Runner<'a> {
    pub fn new(
        environment: &'a mut Environment,
        prometheus: &'a Prometheus,
        recipients: &'a mut [Recipients],
        traffic: &'a Traffic,
        timeline: &'a mut Timeline,
    ) -> Runner<'a> {
        Runner {
            environment,
            prometheus,
            recipients,
            traffic,
            timeline,
            alerts: BTreeSet::new(),
        }
    }

    /// Waits until no alert is left: before the first scrape the target was absent, and a rule has noticed that.
    ///
    /// # Errors
    /// When something stays wrong.
    pub fn wait_until_all_is_well(&mut self) -> anyhow::Result<()> {
        let give_up = Instant::now() + QUIET_LIMIT;
        let wrong = poll::latest(QUIET_LIMIT, PACE, || self.what_is_wrong(), Option::is_none)?;
        if let Some(why) = wrong {
            bail!("before anything was broken, all is not well for {QUIET_LIMIT:?}: {why}");
        }
        // Notifications about earlier alerts may still be on their way.
        let mut last = Instant::now();
        let left = give_up.saturating_duration_since(last);
        poll::is_done(left, PACE, || {
            for recipients in self.recipients.iter_mut() {
                if !recipients.news().is_empty() {
                    last = Instant::now();
                }
            }
            last.elapsed() >= QUIET
        });
        Ok(())
    }

    /// All but the watchdog, which always fires.
    fn alerts_for_people(&self) -> anyhow::Result<Vec<Alert>> {
        let mut alerts = self.prometheus.alerts()?;
        alerts.retain(|alert| alert.label("severity") != NOBODY);
        Ok(alerts)
    }

    fn what_is_wrong(&self) -> anyhow::Result<Option<String>> {
        if let Some(alert) = self.alerts_for_people()?.first() {
            let wrong = format!("the alert {} is {}", alert.name(), alert.state);
            return Ok(Some(wrong));
        }
        let seen = SIGNALS
            .iter()
            .find(|signal| !matches!(self.prometheus.count(signal.query), Ok(0)));
        Ok(seen.map(|signal| format!("{} says so", signal.name)))
    }

    /// Breaks it, watches until all recipients are notified, repairs it, and watches until they know that too.
    ///
    /// # Errors
    /// When the environment does not respond.
    pub fn run(&mut self, fault: Fault) -> anyhow::Result<FaultRun> {
        let mut run = FaultRun {
            fault,
            seen: None,
            pending: None,
            firing: None,
            severity: String::new(),
            notifications: Vec::new(),
            silenced: None,
            resolved: None,
        };
        self.timeline.begin(fault.title());
        self.environment.begin(fault)?;
        self.timeline.note(Kind::Fault, "begins");
        self.watch(&mut run, NOTIFICATION_LIMIT, |run, _| {
            run.everybody_notified()
        });
        self.watch(&mut run, LISTEN, |_, _| false);
        if let (Some(caused), true) = (fault.causes(), run.everybody_notified()) {
            run.silenced = Some(self.is_silenced(&mut run, caused));
        }
        let count = run.notifications.len();
        self.environment.repair(fault)?;
        self.timeline.note(Kind::Repaired, "");
        self.watch(&mut run, END_LIMIT, |run, alerts| {
            let (begun, ended) = run.notifications.split_at(count);
            alerts.is_empty() && all_heard(begun, ended)
        });
        // The rest are about the end of the fault.
        let ended = run.notifications.split_off(count);
        if all_heard(&run.notifications, &ended) {
            run.resolved = ended.first().map(|first| first.after);
        }
        Ok(run)
    }

    /// Lets customers run into the fault until the alert about their errors fires, too. It must be silenced.
    fn is_silenced(&mut self, run: &mut FaultRun, caused: &'static str) -> bool {
        let count = run.notifications.len();
        self.traffic.ask_the_database(true);
        let fires = |alerts: &BTreeSet<(String, String)>| {
            alerts.contains(&(caused.to_owned(), "firing".to_owned()))
        };
        let fired = self.watch(run, NOTIFICATION_LIMIT, |_, alerts| fires(alerts));
        self.watch(run, LISTEN, |_, _| false);
        self.traffic.ask_the_database(false);
        let silent = run.notifications.len() == count;
        run.notifications.truncate(count);
        if fired && silent {
            let what = format!("{caused} fires too; its cause is known already");
            self.timeline.note(Kind::Silenced, &what);
        }
        self.watch(run, NOTIFICATION_LIMIT, |_, alerts| !fires(alerts));
        fired && silent
    }
}

/// Whether the end reached all, at each hour and by each channel, that the beginning reached.
fn all_heard(begun: &[Notification], ended: &[Notification]) -> bool {
    let same = |one: &Notification, other: &Notification| {
        (one.hour.name, one.channel) == (other.hour.name, other.channel)
    };
    begun
        .iter()
        .all(|begin| ended.iter().any(|end| same(begin, end)))
}
