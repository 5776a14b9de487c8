//! When notifications are sent: the hours, at every instant of ten years at which something can change.

use crate::{
    check::Failure,
    tools::alertmanager::{matcher::Labels, routes::MatchedRoute},
};

use super::{
    alerts::sample_alerts,
    calendar::{Mistake, Period, seoul},
    context::Context,
    walk::{held, lines, missing, place, twice},
};

const ALWAYS: [Period; 3] = [Period::Night, Period::Office, Period::Weekend];

pub fn pages(context: &Context) -> Result<(), Failure> {
    for labels in sample_alerts("page", &context.config) {
        let routes = context.config.matched_routes(&labels);
        let silent = |active: &[&MatchedRoute]| !missing(active).is_empty();
        if let Some(mistake) = context.calendar.find(&routes, &ALWAYS, silent) {
            let expected = format!(
                "{} is told in Slack and by email at any hour",
                labels["alertname"]
            );
            let cause = "its route has hours; the route of a page has none";
            return Err(failed(context, expected, &labels, &mistake).perhaps(cause));
        }
    }
    Ok(())
}

/// No page is told twice in the same place, at any hour.
pub fn pages_once(context: &Context) -> Result<(), Failure> {
    is_told_once(context, "page", &ALWAYS)
}

/// Slack is notified from 09:00:00 to 17:59:59, once.
pub fn tickets(context: &Context) -> Result<(), Failure> {
    for labels in sample_alerts("ticket", &context.config) {
        let routes = context.config.matched_routes(&labels);
        let silent = |active: &[&MatchedRoute]| missing(active).contains(&"Slack");
        if let Some(mistake) = context.calendar.find(&routes, &[Period::Office], silent) {
            let expected = "a ticket is told in Slack on weekdays from 09:00 to 17:59:59 in Seoul";
            let cause = why_silent(context, &routes, &mistake);
            return Err(failed(context, expected, &labels, &mistake).perhaps_if(cause));
        }
    }
    is_told_once(context, "ticket", &[Period::Office])
}

fn is_told_once(context: &Context, severity: &str, periods: &[Period]) -> Result<(), Failure> {
    for labels in sample_alerts(severity, &context.config) {
        let routes = context.config.matched_routes(&labels);
        let again = |active: &[&MatchedRoute]| twice(active).is_some();
        if context.calendar.find(&routes, periods, again).is_some() {
            let way = twice(&routes.iter().collect::<Vec<_>>()).unwrap_or_default();
            let cause = if routes.len() > 1 {
                "after `continue: true` the alert goes on to a route that leads to the same place"
            } else {
                "the receiver has two entries that lead to the same place"
            };
            return Err(Failure::new(
                format!("a {severity} is told once in each place"),
                format!("twice: {way}\n{}", lines(&context.config, &routes, None)),
                context.who(&labels),
            )
            .perhaps(cause));
        }
    }
    Ok(())
}

pub fn after_hours(context: &Context) -> Result<(), Failure> {
    let expected = "outside 09:00 to 17:59:59 in Seoul a ticket waits";
    is_held(context, Period::Night, expected)
}

pub fn weekends(context: &Context) -> Result<(), Failure> {
    let expected = "on a Saturday or Sunday in Seoul a ticket waits";
    is_held(context, Period::Weekend, expected)
}

fn is_held(context: &Context, period: Period, expected: &str) -> Result<(), Failure> {
    for labels in sample_alerts("ticket", &context.config) {
        let routes = context.config.matched_routes(&labels);
        let told = |active: &[&MatchedRoute]| active.iter().any(|route| route.receiver.tells());
        if let Some(mistake) = context.calendar.find(&routes, &[period], told) {
            let cause = why_told(context, &routes, &mistake);
            return Err(failed(context, expected, &labels, &mistake).perhaps_if(cause));
        }
    }
    Ok(())
}

fn failed(
    context: &Context,
    expected: impl Into<String>,
    labels: &Labels,
    mistake: &Mistake,
) -> Failure {
    let routes = context.config.matched_routes(labels);
    let found = format!(
        "at {}, and so {}:\n{}",
        mistake.shown(),
        mistake.extent,
        lines(&context.config, &routes, Some(mistake.at))
    );
    Failure::new(expected, found, context.who_at(mistake, labels))
}

/// Why there is no notification of a ticket when there should be one.
fn why_silent(context: &Context, routes: &[MatchedRoute], mistake: &Mistake) -> Option<String> {
    let config = &context.config;
    let mut held = routes
        .iter()
        .filter(|route| held(config, route, mistake.at).is_some());
    let Some(route) = held.next() else {
        return Some("no route of it leads to Slack".to_owned());
    };
    let told = |active: &[&MatchedRoute]| !active.is_empty();
    let at_night = context
        .calendar
        .find(routes, &[Period::Night], told)
        .is_some();
    let in_hours = context
        .calendar
        .find(routes, &[Period::Office], told)
        .is_some();
    let names = route.mute.iter().chain(route.active);
    let mut intervals = names.filter_map(|name| config.interval(name));
    let mut elsewhere = intervals.clone().filter_map(|interval| {
        let zone = interval.elsewhere(&seoul(), mistake.at)?;
        Some((interval, zone))
    });
    if let Some((interval, zone)) = elsewhere.next() {
        let more = match zone {
            "UTC" => "UTC, as without a `location`",
            zone => zone,
        };
        return Some(format!(
            "{:?} ({}) has its hours in {more}: they are to be hours in Seoul",
            interval.name,
            place(interval.line)
        ));
    }
    if at_night && !in_hours {
        return Some(
            "it is told when it should not be, and the other way round: mute or active?".to_owned(),
        );
    }
    intervals.find_map(|interval| {
        let field = interval.left_out_by(mistake.at)?;
        let more = if field == "times" {
            ": the end of a range is excluded"
        } else {
            ""
        };
        Some(format!(
            "`{field}` of {:?} ({}) leaves it out{more}",
            interval.name,
            place(interval.line)
        ))
    })
}

/// Why there is a notification of a ticket when there should be none.
fn why_told(context: &Context, routes: &[MatchedRoute], mistake: &Mistake) -> Option<String> {
    let config = &context.config;
    let mut told = routes
        .iter()
        .filter(|route| config.is_active(route, mistake.at));
    let route = told.find(|route| route.receiver.tells())?;
    if route.active.is_empty() && route.mute.is_empty() {
        return Some(format!(
            "the route {} has no hours of its own, and inherits none: it tells at any hour",
            place(route.line)
        ));
    }
    let mut active = route.active.iter().filter_map(|name| config.interval(name));
    let interval = active.find(|interval| interval.contain(mistake.at));
    let name = |name: &str, line| format!("{name:?} ({})", place(line));
    Some(match interval {
        Some(it) if it.have_no_times() => {
            format!("{} has no `times`: all day long", name(&it.name, it.line))
        }
        Some(it) => format!("{} contains this time", name(&it.name, it.line)),
        None => "none of its mute_time_intervals contains this time".to_owned(),
    })
}
