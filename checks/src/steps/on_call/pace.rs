//! Grouping and repetition of messages.

use std::time::Duration;

use crate::{
    check::Failure,
    harness::random::random_word,
    tools::alertmanager::{
        durations::{duration, shown},
        matcher::Labels,
        routes::MatchedRoute,
    },
};

use super::{
    alerts::sample_alerts,
    context::Context,
    walk::{grouping, place},
};

/// Two alerts that differ in one label: by the instance they are one incident, by the job they are two.
pub fn groups(context: &Context) -> Result<(), Failure> {
    for one in ["page", "ticket"]
        .iter()
        .flat_map(|severity| sample_alerts(severity, &context.config))
    {
        let with = |label: &str| {
            let mut other = one.clone();
            other.insert(label.to_owned(), random_word());
            other
        };
        let (instance, job) = (with("instance"), with("job"));
        for route in context.config.matched_routes(&one) {
            let same = |other| route.group(&one) == route.group(other);
            if one.contains_key("instance") && !same(&instance) {
                let expected = format!("{} on two instances is one message", one["alertname"]);
                let cause = if route.group_by.is_none() {
                    "`...` stands for all labels, and the instance is one of them"
                } else {
                    "group_by has a label that is different on each instance"
                };
                return Err(failed(context, &route, [&one, &instance], expected).perhaps(cause));
            }
            if same(&job) {
                let expected = format!("{} of two jobs is two messages", one["alertname"]);
                let cause = "no label of group_by tells one service from another, so the second incident waits for group_interval";
                return Err(failed(context, &route, [&one, &job], expected).perhaps(cause));
            }
        }
    }
    Ok(())
}

fn failed(
    context: &Context,
    route: &MatchedRoute,
    pair: [&Labels; 2],
    expected: String,
) -> Failure {
    let group = |labels| {
        let pairs = route.group(labels);
        let pairs = pairs
            .iter()
            .map(|(name, value)| format!("{name}={value:?}"));
        pairs.collect::<Vec<_>>().join(", ")
    };
    let found = format!(
        "route {}, receiver {:?}\n{}\nthe first is in the message about   {{{}}}\nthe second in the message about     {{{}}}",
        place(route.line),
        route.receiver.name,
        grouping(route),
        group(pair[0]),
        group(pair[1])
    );
    Failure::new(expected, found, context.who(pair[0]))
}

/// The lower and the upper limit of a duration, in Prometheus's format.
#[derive(Clone, Copy)]
struct Bounds {
    what: &'static str,
    least: &'static str,
    most: &'static str,
}

pub fn keeps(context: &Context) -> Result<(), Failure> {
    const WAIT: Bounds = Bounds {
        what: "group_wait",
        least: "0s",
        most: "1m",
    };
    // A ticket can wait until the morning, but an alert that ends before its message is sent is never reported.
    const TICKET_WAIT: Bounds = Bounds { most: "1h", ..WAIT };
    const INTERVAL: Bounds = Bounds {
        what: "group_interval",
        least: "10s",
        most: "10m",
    };
    const REPEAT: Bounds = Bounds {
        what: "repeat_interval",
        least: "30m",
        most: "1d",
    };
    // Alertmanager remembers notifications for five days.
    const TICKET_REPEAT: Bounds = Bounds {
        most: "5d",
        ..REPEAT
    };
    let pages = sample_alerts("page", &context.config).into_iter();
    let tickets = sample_alerts("ticket", &context.config).into_iter();
    let pages = pages.map(|labels| (labels, "page", WAIT, REPEAT));
    let tickets = tickets.map(|labels| (labels, "ticket", TICKET_WAIT, TICKET_REPEAT));
    for (labels, severity, wait, repeat) in pages.chain(tickets) {
        for route in context.config.matched_routes(&labels) {
            for (bounds, given) in [
                (wait, route.group_wait),
                (INTERVAL, route.group_interval),
                (repeat, route.repeat_interval),
            ] {
                bounds.hold(given).map_err(|cause| {
                    Failure::new(
                        format!(
                            "{} of a {}: from {} to {}",
                            bounds.what, severity, bounds.least, bounds.most
                        ),
                        format!(
                            "{}: {}\nroute {}, receiver {:?}",
                            bounds.what,
                            shown(given),
                            place(route.line),
                            route.receiver.name
                        ),
                        context.who(&labels),
                    )
                    .perhaps(cause)
                })?;
            }
        }
    }
    Ok(())
}

impl Bounds {
    fn hold(&self, given: Duration) -> Result<(), &'static str> {
        let bound = |text| duration(text).unwrap_or_default();
        if given < bound(self.least) {
            Err("people mute what comes too often, and with it the next alert")
        } else if given > bound(self.most) {
            Err("a message that comes so late helps nobody any more")
        } else {
            Ok(())
        }
    }
}
