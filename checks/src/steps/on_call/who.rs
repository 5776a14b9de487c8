//! Who is notified: where the routes lead.

use crate::{
    check::Failure,
    harness::random::random_word,
    tools::alertmanager::{
        config::{Config, Route},
        matcher::Labels,
        routes::MatchedRoute,
    },
};

use super::{
    alerts::{ALL, JOB, WATCHDOG, labels, sample_alerts},
    context::Context,
    walk::{lines, missing, place},
};

/// What "Found" begins with as long as the step is untouched.
pub const NOBODY: &str = "no receiver tells anybody";

pub fn tells_somebody(context: &Context) -> Result<(), Failure> {
    for kind in ALL {
        let labels = labels(kind, JOB);
        let routes = context.config.matched_routes(&labels);
        if routes.iter().any(|route| route.receiver.tells()) {
            continue;
        }
        let untouched = context.config.receivers.iter().all(|it| !it.tells());
        let found = if untouched {
            NOBODY.to_owned()
        } else {
            lines(&context.config, &routes, None)
        };
        return Err(Failure::new(
            format!("somebody is told of {}, in Slack or by email", kind.0),
            found,
            context.who(&labels),
        )
        .perhaps(if untouched {
            "this is the file as it comes: the step is waiting for you"
        } else {
            "the receiver of this route has neither slack_configs nor email_configs"
        }));
    }
    Ok(())
}

/// All pages, including unknown ones: only the severity counts.
pub fn pages_both(context: &Context) -> Result<(), Failure> {
    for labels in sample_alerts("page", &context.config) {
        let routes = context.config.matched_routes(&labels);
        let missing = missing(&routes.iter().collect::<Vec<_>>());
        if missing.is_empty() {
            continue;
        }
        return Err(Failure::new(
            "a page is told in Slack and by email",
            format!(
                "{}\nmissing: {}",
                lines(&context.config, &routes, None),
                missing.join(" and ")
            ),
            context.who(&labels),
        )
        .perhaps_if(why_missing(&context.config, &labels, &routes)));
    }
    Ok(())
}

fn why_missing(config: &Config, labels: &Labels, routes: &[MatchedRoute]) -> Option<String> {
    if has_both_if_all_went_on(config, labels) {
        let cause =
            "a later route matches, too, but the first that matches has no `continue: true`";
        return Some(cause.to_owned());
    }
    if let [route] = routes
        && route.receiver.tells()
        && route.line != config.route.line
    {
        return Some(format!(
            "the receiver {:?} ({}) has only one of slack_configs and email_configs",
            route.receiver.name,
            place(route.receiver.line)
        ));
    }
    let of_the_top = routes.iter().all(|route| route.line == config.route.line);
    (of_the_top && !config.route.routes.is_empty()).then(|| {
        format!(
            "no child matches it: do they ask for more than severity={:?}?",
            labels["severity"]
        )
    })
}

pub fn catches_the_rest(context: &Context) -> Result<(), Failure> {
    let config = &context.config;
    let mentioned = config.mentions().into_iter();
    let mentioned = mentioned.filter(|(label, _)| label == "severity");
    let mut severities: Vec<String> = vec![String::new(), random_word()];
    // Of the watchdog no person needs to be told.
    let for_people = |severity: &String| severity != WATCHDOG[1].1;
    severities.extend(mentioned.map(|(_, value)| value).filter(for_people));
    severities.extend(["page", "ticket"].map(str::to_owned));
    for severity in severities {
        for labels in sample_alerts(&severity, config) {
            let routes = config.matched_routes(&labels);
            if routes.iter().any(|route| route.receiver.tells()) {
                continue;
            }
            let end = routes.first().map_or(0, |route| route.line);
            let cause = if end == config.route.line {
                "no child matches it, and the receiver of the route at the top tells nobody"
                    .to_owned()
            } else {
                format!(
                    "the route {} takes it, and its receiver tells nobody",
                    place(end)
                )
            };
            return Err(Failure::new(
                "every alert reaches a person, also one that no route expects",
                lines(config, &routes, None),
                context.who(&labels),
            )
            .perhaps(cause));
        }
    }
    Ok(())
}

/// All who are told, also of an alert that no route expects.
pub fn sends_resolved(context: &Context) -> Result<(), Failure> {
    let config = &context.config;
    let misspelt = random_word();
    for labels in ["page", "ticket", "", &misspelt]
        .iter()
        .flat_map(|severity| sample_alerts(severity, config))
    {
        for route in config.matched_routes(&labels) {
            let receiver = route.receiver;
            for (way, channels) in [
                ("slack_configs", &receiver.slack_configs),
                ("email_configs", &receiver.email_configs),
            ] {
                if channels.iter().all(|channel| channel.send_resolved) {
                    continue;
                }
                return Err(Failure::new(
                    "those who are told of the beginning are told of the end",
                    format!(
                        "{way} of receiver {:?} ({}): send_resolved is not true",
                        receiver.name,
                        place(receiver.line)
                    ),
                    context.who(&labels),
                )
                .perhaps("send_resolved is off by default, for Slack and for email"));
            }
        }
    }
    Ok(())
}

/// Whether both would be told if every route had `continue`.
fn has_both_if_all_went_on(config: &Config, labels: &Labels) -> bool {
    fn go_on(route: &mut Route) {
        route.goes_on = true;
        route.routes.iter_mut().for_each(go_on);
    }
    let mut config = config.clone();
    go_on(&mut config.route);
    let routes = config.matched_routes(labels);
    missing(&routes.iter().collect::<Vec<_>>()).is_empty()
}
