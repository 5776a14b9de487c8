//! Walks down the routing tree: who is notified of an alert, and when.

use std::{collections::BTreeSet, time::Duration};

use jiff::Timestamp;

use super::{
    config::{Config, Receiver, Route},
    durations::duration,
    matcher::Labels,
};

/// A route in which an alert ends up, with everything that it inherits from the routes above it.
#[derive(Clone, Debug, PartialEq)]
pub struct MatchedRoute<'a> {
    /// The route's line in the file.
    pub line: u64,
    pub receiver: &'a Receiver,
    /// The labels that group alerts into one message; `None`: all of their labels.
    pub group_by: Option<BTreeSet<&'a str>>,
    pub group_wait: Duration,
    pub group_interval: Duration,
    pub repeat_interval: Duration,
    pub mute: &'a [String],
    pub active: &'a [String],
}

impl Config {
    /// The routes in which an alert with these labels ends up: the first child that matches, and later ones as long as each match
    /// has `continue`.
    pub fn matched_routes(&self, labels: &Labels) -> Vec<MatchedRoute<'_>> {
        let mut matched = Vec::new();
        self.walk(&self.route, self.top(), labels, &mut matched);
        matched
    }

    /// Those that are active at `instant` and whose receiver has a channel.
    pub fn receivers_at(&self, labels: &Labels, instant: Timestamp) -> Vec<MatchedRoute<'_>> {
        let matched = self.matched_routes(labels).into_iter();
        matched
            .filter(|route| route.receiver.tells() && self.is_active(route, instant))
            .collect()
    }

    /// Whether a route is active at `instant`: it is not muted then, and if it has active hours, they include `instant`.
    pub fn is_active(&self, route: &MatchedRoute, instant: Timestamp) -> bool {
        let now = |names: &[String]| {
            names
                .iter()
                .filter_map(|name| self.interval(name))
                .any(|interval| interval.contain(instant))
        };
        !now(route.mute) && (route.active.is_empty() || now(route.active))
    }

    fn walk<'a>(
        &'a self,
        route: &'a Route,
        above: MatchedRoute<'a>,
        labels: &Labels,
        matched: &mut Vec<MatchedRoute<'a>>,
    ) -> bool {
        // The matchers were already parsed once, with the file.
        let conditions = route.conditions().unwrap_or_default();
        if !conditions.iter().all(|matcher| matcher.holds(labels)) {
            return false;
        }
        let here = self.inherit(route, above);
        let before = matched.len();
        for child in &route.routes {
            if self.walk(child, here.clone(), labels, matched) && !child.goes_on {
                break;
            }
        }
        if matched.len() == before {
            matched.push(here);
        }
        true
    }

    /// A route inherits everything except its hours from the route above, unless it sets a value of its own.
    fn inherit<'a>(&'a self, route: &'a Route, above: MatchedRoute<'a>) -> MatchedRoute<'a> {
        let given = |text: &Option<String>, otherwise| {
            text.as_deref().and_then(duration).unwrap_or(otherwise)
        };
        let receiver = route
            .receiver
            .as_deref()
            .and_then(|name| self.receiver(name));
        MatchedRoute {
            line: route.line,
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
    fn top(&self) -> MatchedRoute<'_> {
        const NOBODY: &Receiver = &Receiver::nobody();
        MatchedRoute {
            line: 0,
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

impl MatchedRoute<'_> {
    /// The labels that all alerts of one group share, with their values.
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
            let matched = config.matched_routes(&labels.collect());
            matched
                .iter()
                .map(|route| route.receiver.name.clone())
                .collect()
        };
        assert_eq!(names(&[("severity", "page")]), ["a", "c"]);
        assert_eq!(names(&[("severity", "page"), ("team", "x")]), ["b", "c"]);
        assert_eq!(names(&[("severity", "ticket")]), ["c"]);
        assert_eq!(names(&[]), ["a"]);
        let ticket = Labels::from([("severity".into(), "ticket".into())]);
        let matched = config.matched_routes(&ticket);
        assert_eq!(
            matched[0].repeat_interval,
            Duration::from_secs(36 * 60 * 60)
        );
        assert_eq!(matched[0].group_by, Some(BTreeSet::from(["job"])));
    }
}
