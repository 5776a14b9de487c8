//! The result of one fault.

use std::time::Duration;

use super::{
    fault::Fault,
    hour::HOURS,
    recipients::{Channel, Notification},
};

/// What happened during one fault. All times are relative to its beginning.
#[derive(Debug)]
pub struct FaultRun {
    pub fault: Fault,
    /// The signal that showed it first.
    pub seen: Option<(&'static str, Duration)>,
    pub pending: Option<Duration>,
    pub firing: Option<Duration>,
    pub severity: String,
    pub notifications: Vec<Notification>,
    /// Whether the alert that is a consequence of this one fired too and was silenced. `None` if there is no such alert.
    pub silenced: Option<bool>,
    pub resolved: Option<Duration>,
}

impl FaultRun {
    /// Whether all expected notifications arrived.
    pub fn everybody_notified(&self) -> bool {
        self.firing.is_some()
            && match self.severity.as_str() {
                "page" => HOURS
                    .iter()
                    .all(|hour| self.reached(hour.name) == [true, true]),
                _ => self.notifications.iter().any(|it| it.hour.working),
            }
    }

    /// Whether Slack and email were reached at this hour.
    pub fn reached(&self, hour: &str) -> [bool; 2] {
        [Channel::Slack, Channel::Email].map(|channel| {
            self.notifications
                .iter()
                .any(|it| it.hour.name == hour && it.channel == channel)
        })
    }

    /// Whether all expected notifications arrived (tickets during office hours only), the consequence was silenced, and the end was
    /// reported.
    pub fn right(&self) -> bool {
        let held = || self.notifications.iter().all(|it| it.hour.working);
        self.everybody_notified()
            && (self.severity == "page" || held())
            && self.silenced != Some(false)
            && self.resolved.is_some()
    }
}
