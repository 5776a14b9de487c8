//! The watchdog, an extra of step 6: a program is told of it, and no person.

use crate::{
    check::Failure,
    tools::alertmanager::{matcher::Labels, routes::MatchedRoute},
};

use super::{
    alerts::WATCHDOG,
    context::Context,
    walk::{lines, place},
};

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
        return Ok(());
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
