//! The walk down the routing tree: who is told of an alert, and when.

use std::{collections::BTreeSet, time::Duration};

use jiff::Timestamp;

use super::{
    config::{Config, Labels, Receiver, Route},
    durations::duration,
};

/// A route at which an alert ends up, with all that it has from the routes above it.
#[derive(Clone, Debug, PartialEq)]
pub struct Leg<'a> {
    pub receiver: &'a Receiver,
    /// By what alerts become one message; `None`: by all that they have.
    pub group_by: Option<BTreeSet<&'a str>>,
    pub group_wait: Duration,
    pub group_interval: Duration,
    pub repeat_interval: Duration,
    mute: &'a [String],
    active: &'a [String],
}

impl Config {
    /// Where an alert with these labels ends up: the first child that matches, and those behind it while the ones before say
    /// `continue`.
    pub fn legs(&self, labels: &Labels) -> Vec<Leg<'_>> {
        let mut legs = Vec::new();
        self.walk(&self.route, self.top(), labels, &mut legs);
        legs
    }

    /// Those that speak at `instant`, and lead to somebody.
    pub fn told(&self, labels: &Labels, instant: Timestamp) -> Vec<Leg<'_>> {
        let legs = self.legs(labels).into_iter();
        legs.filter(|leg| leg.receiver.tells() && self.speaks(leg, instant))
            .collect()
    }

    /// Whether a leg speaks at `instant`: not while it is muted, and if it has hours, then only in them.
    pub fn speaks(&self, leg: &Leg, instant: Timestamp) -> bool {
        let now = |names: &[String]| {
            names
                .iter()
                .filter_map(|name| self.interval(name))
                .any(|interval| interval.contain(instant))
        };
        !now(leg.mute) && (leg.active.is_empty() || now(leg.active))
    }

    fn walk<'a>(
        &'a self,
        route: &'a Route,
        above: Leg<'a>,
        labels: &Labels,
        legs: &mut Vec<Leg<'a>>,
    ) -> bool {
        // They were read before, when the file was.
        let conditions = route.conditions().unwrap_or_default();
        if !conditions.iter().all(|matcher| matcher.holds(labels)) {
            return false;
        }
        let here = self.inherit(route, above);
        let before = legs.len();
        for child in &route.routes {
            if self.walk(child, here.clone(), labels, legs) && !child.goes_on {
                break;
            }
        }
        if legs.len() == before {
            legs.push(here);
        }
        true
    }

    /// All but the hours comes from above, where a route does not say otherwise.
    fn inherit<'a>(&'a self, route: &'a Route, above: Leg<'a>) -> Leg<'a> {
        let given = |text: &Option<String>, otherwise| {
            text.as_deref().and_then(duration).unwrap_or(otherwise)
        };
        let receiver = route
            .receiver
            .as_deref()
            .and_then(|name| self.receiver(name));
        Leg {
            receiver: receiver.unwrap_or(above.receiver),
            group_by: match &route.group_by {
                None => above.group_by,
                Some(labels) if labels.iter().any(|label| label == "...") => None,
                Some(labels) => Some(labels.iter().map(String::as_str).collect()),
            },
            group_wait: given(&route.group_wait, above.group_wait),
            group_interval: given(&route.group_interval, above.group_interval),
            repeat_interval: given(&route.repeat_interval, above.repeat_interval),
            mute: &route.mute_time_intervals,
            active: &route.active_time_intervals,
        }
    }

    /// Alertmanager's defaults.
    fn top(&self) -> Leg<'_> {
        const NOBODY: &Receiver = &Receiver::nobody();
        Leg {
            receiver: NOBODY,
            group_by: Some(BTreeSet::new()),
            group_wait: Duration::from_secs(30),
            group_interval: Duration::from_secs(5 * 60),
            repeat_interval: Duration::from_secs(4 * 60 * 60),
            mute: &[],
            active: &[],
        }
    }
}

impl Leg<'_> {
    /// What alerts of one group share.
    pub fn group<'a>(&self, labels: &'a Labels) -> Vec<(&'a str, &'a str)> {
        labels
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .filter(|(name, _)| self.group_by.as_ref().is_none_or(|by| by.contains(name)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_child_that_matches_wins_unless_it_says_continue() {
        let config = Config::read(
            "
            route:
              receiver: a
              group_by: [job]
              routes:
                - matchers: [severity=page]
                  continue: true
                  routes:
                    - { matchers: [team=x], receiver: b }
                - { receiver: c, match_re: { severity: 'page|ticket' }, repeat_interval: 1d12h }
                - { receiver: d, match: { severity: ticket } }
            receivers: [{ name: a }, { name: b }, { name: c }, { name: d }]",
        )
        .unwrap();
        let names = |labels: &[(&str, &str)]| -> Vec<String> {
            let labels = labels
                .iter()
                .map(|(name, value)| (name.to_string(), value.to_string()));
            let legs = config.legs(&labels.collect());
            legs.iter().map(|leg| leg.receiver.name.clone()).collect()
        };
        assert_eq!(names(&[("severity", "page")]), ["a", "c"]);
        assert_eq!(names(&[("severity", "page"), ("team", "x")]), ["b", "c"]);
        assert_eq!(names(&[("severity", "ticket")]), ["c"]);
        assert_eq!(names(&[]), ["a"]);
        let ticket = Labels::from([("severity".into(), "ticket".into())]);
        let legs = config.legs(&ticket);
        assert_eq!(legs[0].repeat_interval, Duration::from_secs(36 * 60 * 60));
        assert_eq!(legs[0].group_by, Some(BTreeSet::from(["job"])));
    }
}
