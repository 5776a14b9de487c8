//! The watchdog, an extra of step 6: a program is told of it, and no person.

use std::time::Duration;

use crate::{
    check::Failure,
    tools::alertmanager::{durations::shown, matcher::Labels, routes::MatchedRoute},
};

use super::{
    alerts::WATCHDOG,
    context::Context,
    walk::{lines, place},
};

/// More than the minute of the lesson, and less than what a service outside waits for.
const RARELY: Duration = Duration::from_secs(2 * 60);

/// An alert that always fires would be repeated for ever.
pub fn tells_nobody(context: &Context) -> Result<(), Failure> {
    let config = &context.config;
    let labels: Labels = WATCHDOG
        .map(|(name, value)| (name.into(), value.into()))
        .into();
    let routes = config.matched_routes(&labels);
    let for_people = |route: &&MatchedRoute| {
        let receiver = route.receiver;
        !receiver.slack_configs.is_empty() || !receiver.email_configs.is_empty()
    };
    let Some(told) = routes.iter().find(for_people) else {
        return calls_often(context, &labels, &routes);
    };
    let cause = if told.line == config.route.line {
        "no child matches severity=\"none\", and the route at the top leads to a person, as it should"
            .to_owned()
    } else {
        format!("the route {} takes it, too", place(told.line))
    };
    Err(Failure::new(
        "the watchdog goes to a receiver without Slack and email",
        lines(config, &routes, None),
        context.who(&labels),
    )
    .perhaps(cause))
}

/// A program that expects it, if there is one, calls a person when it has not heard of it for some minutes. Others may hear of it
/// more rarely.
fn calls_often(context: &Context, labels: &Labels, routes: &[MatchedRoute]) -> Result<(), Failure> {
    let is_rare = |route: &MatchedRoute| {
        let both = [
            ("group_interval", route.group_interval),
            ("repeat_interval", route.repeat_interval),
        ];
        both.into_iter().find(|(_, given)| *given > RARELY)
    };
    let told = routes.iter().filter(|route| route.receiver.tells());
    let rare: Option<Vec<_>> = told.map(is_rare).collect();
    let Some((what, given)) = rare.and_then(|rare| rare.first().copied()) else {
        return Ok(());
    };
    Err(Failure::new(
        "the program that expects the watchdog hears of it every minute",
        format!(
            "{what}: {}\n{}",
            shown(given),
            lines(&context.config, routes, None)
        ),
        context.who(labels),
    )
    .perhaps("what a route does not say it takes from the one above; a repetition waits for the next `group_interval`"))
}
