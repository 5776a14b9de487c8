//! How many messages: what is one, and when it comes again.

use std::time::Duration;

use crate::{
    alertmanager::{
        config::Labels,
        durations::{duration, shown},
        routes::Leg,
    },
    check::Failure,
    steps::random_word,
};

use super::{
    alerts::{DATABASE, JOB, MEMORY, labels},
    scene::{Scene, failure},
};

/// The same alert from two instances is one incident; another alert of another service is another.
pub fn groups(scene: &Scene) -> Result<(), Failure> {
    for kind in [DATABASE, MEMORY] {
        let (one, other) = (labels(kind, JOB), labels(kind, JOB));
        for leg in scene.config.legs(&one) {
            if leg.group(&one) != leg.group(&other) {
                return Err(failed(
                    scene,
                    &leg,
                    &one,
                    format!("{} on two instances is one message", kind.0),
                    "two messages",
                    "it is grouped by something that the two do not share",
                ));
            }
            let mut elsewhere = labels((DATABASE.0, kind.1, true), &random_word());
            elsewhere.insert("alertname".to_owned(), format!("Alert{}", random_word()));
            if leg.group(&one) == leg.group(&elsewhere) {
                return Err(failed(
                    scene,
                    &leg,
                    &one,
                    format!(
                        "{} and another alert of another job are two messages",
                        kind.0
                    ),
                    "one message: the second incident waits for group_interval",
                    "it is grouped by nothing that tells the two apart",
                ));
            }
        }
    }
    Ok(())
}

fn failed(
    scene: &Scene,
    leg: &Leg,
    labels: &Labels,
    expected: String,
    found: &str,
    cause: &str,
) -> Failure {
    let by = match &leg.group_by {
        None => "...".to_owned(),
        Some(labels) => labels.iter().copied().collect::<Vec<_>>().join(", "),
    };
    let found = format!(
        "{found}\nreceiver {:?}, group_by: [{by}]",
        leg.receiver.name
    );
    failure(expected, found, scene.route_of(labels)).perhaps(Some(cause))
}

/// What a pace must be at least and at most, in Prometheus's words.
#[derive(Clone, Copy)]
struct Bounds {
    what: &'static str,
    least: &'static str,
    most: &'static str,
}

pub fn keeps(scene: &Scene) -> Result<(), Failure> {
    const WAIT: Bounds = Bounds {
        what: "group_wait",
        least: "0s",
        most: "1m",
    };
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
    // Alertmanager remembers for five days what it has told.
    const TICKET_REPEAT: Bounds = Bounds {
        most: "5d",
        ..REPEAT
    };
    for (kind, repeat) in [(DATABASE, REPEAT), (MEMORY, TICKET_REPEAT)] {
        let labels = labels(kind, JOB);
        for leg in scene.config.legs(&labels) {
            for (bounds, given) in [
                (WAIT, leg.group_wait),
                (INTERVAL, leg.group_interval),
                (repeat, leg.repeat_interval),
            ] {
                bounds.hold(given).map_err(|cause| {
                    failure(
                        format!(
                            "{} of a {}: from {} to {}",
                            bounds.what, kind.1, bounds.least, bounds.most
                        ),
                        format!(
                            "{}: {}, receiver {:?}",
                            bounds.what,
                            shown(given),
                            leg.receiver.name
                        ),
                        scene.route_of(&labels),
                    )
                    .perhaps(Some(cause))
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
            Err("what comes too often is muted by whoever gets it, and so is the next one")
        } else if given > bound(self.most) {
            Err("what comes so late is too late, or forgotten by then")
        } else {
            Ok(())
        }
    }
}
