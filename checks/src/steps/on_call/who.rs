//! Who is told: where the routes lead.

use crate::{
    alertmanager::config::{Config, Labels, Receiver, Route},
    check::Failure,
    steps::random_word,
};

use super::{
    alerts::{ALL, JOB, PAGES, invented, labels},
    legs::{described, missing},
    scene::{Scene, failure},
};

/// How what is found begins where nobody has begun.
pub const NOBODY: &str = "no receiver tells anybody";

pub fn tells_somebody(scene: &Scene) -> Result<(), Failure> {
    for kind in ALL {
        let labels = labels(kind, JOB);
        let legs = scene.config.legs(&labels);
        if legs.iter().any(|leg| leg.receiver.tells()) {
            continue;
        }
        let untouched = scene.config.receivers.iter().all(|it| !it.tells());
        let found = match untouched {
            true => NOBODY.to_owned(),
            false => described(&legs),
        };
        return Err(failure(
            format!("somebody is told of {}, in Slack or by email", kind.0),
            found,
            scene.route_of(&labels),
        )
        .perhaps(Some(match untouched {
            true => "this is the file as it comes: the step is waiting for you",
            false => "no route matches its labels, and the one at the top leads nowhere",
        })));
    }
    Ok(())
}

/// All pages, also one that nobody has thought of yet: it is the severity that counts.
pub fn pages_both(scene: &Scene) -> Result<(), Failure> {
    let known = PAGES.map(|kind| labels(kind, JOB));
    for labels in known.into_iter().chain([invented("page")]) {
        let legs = scene.config.legs(&labels);
        let missing = missing(&legs);
        if missing.is_empty() {
            continue;
        }
        let would = missing_if_all_went_on(&scene.config, &labels);
        return Err(failure(
            "a page is told in Slack and by email",
            format!("{}\nmissing: {}", described(&legs), missing.join(" and ")),
            scene.route_of(&labels),
        )
        .perhaps(if would.is_empty() {
            Some("a route behind it would match, too, but the first that matches ends the walk")
        } else if labels["alertname"].starts_with("Alert") {
            Some("the routes go by names: an alert that is new tomorrow is in none of them")
        } else {
            None
        }));
    }
    Ok(())
}

pub fn catches_the_rest(scene: &Scene) -> Result<(), Failure> {
    for severity in [String::new(), random_word()] {
        let labels = invented(&severity);
        let legs = scene.config.legs(&labels);
        if !legs.iter().any(|leg| leg.receiver.tells()) {
            return Err(failure(
                "whatever no route expects reaches a person all the same",
                described(&legs),
                scene.route_of(&labels),
            )
            .perhaps(Some(
                "one typing error in a severity, and the alert ends here",
            )));
        }
    }
    Ok(())
}

pub fn sends_resolved(scene: &Scene) -> Result<(), Failure> {
    for kind in ALL {
        let labels = labels(kind, JOB);
        for leg in scene.config.legs(&labels) {
            let Receiver {
                name,
                slack_configs,
                email_configs,
                ..
            } = leg.receiver;
            for (way, channels) in [
                ("slack_configs", slack_configs),
                ("email_configs", email_configs),
            ] {
                if channels.iter().any(|channel| !channel.send_resolved) {
                    return Err(failure(
                        "whoever is told that it began is told that it is over",
                        format!("{way} of receiver {name:?} do not send what is resolved"),
                        scene.route_of(&labels),
                    )
                    .perhaps(Some("for Slack and for email the default is not to")));
                }
            }
        }
    }
    Ok(())
}

fn missing_if_all_went_on(config: &Config, labels: &Labels) -> Vec<&'static str> {
    fn go_on(route: &mut Route) {
        route.goes_on = true;
        route.routes.iter_mut().for_each(go_on);
    }
    let mut config = config.clone();
    go_on(&mut config.route);
    missing(&config.legs(labels))
}
