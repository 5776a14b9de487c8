//! When somebody is told: the hours, at instants of weeks that are drawn anew each time.

use std::hash::{BuildHasher, Hasher, RandomState};

use jiff::{
    Timestamp,
    civil::{Date, DateTime, date, time},
    tz::TimeZone,
};

use crate::{alertmanager::config::Labels, check::Failure};

use super::{
    alerts::{JOB, PAGES, invented, labels},
    scene::{Scene, failure},
    who::{described, missing, ticket},
};

const SEOUL: &str = "Asia/Seoul";

/// How many weeks are looked at each time, of how many: those of the next years.
const WEEKS: u64 = 3;
const ALL_WEEKS: u64 = 4 * 52;

/// The instants where mistakes show: day of the week from Monday, and time of day in Seoul.
const OPEN: [(i8, i8, i8, i8); 7] = [
    (0, 9, 0, 0), // 00:00 in UTC
    (4, 17, 59, 59),
    (1, 9, 0, 0),
    (2, 12, 30, 0),
    (3, 17, 59, 0),
    (4, 9, 0, 0),
    (0, 17, 59, 59),
];
const AFTER_HOURS: [(i8, i8, i8, i8); 7] = [
    (4, 18, 0, 0),
    (0, 8, 59, 59),
    (1, 3, 0, 0),
    (2, 0, 0, 0),
    (3, 23, 59, 59),
    (4, 8, 59, 59),
    (2, 18, 0, 0),
];
const WEEKEND: [(i8, i8, i8, i8); 6] = [
    (5, 12, 0, 0),
    (6, 12, 0, 0),
    (5, 9, 0, 0),
    (6, 9, 0, 0),
    (5, 17, 59, 59),
    (6, 17, 59, 59),
];

/// Each hour of each week, at some minute of it.
pub fn pages(scene: &Scene) -> Result<(), Failure> {
    let pages = PAGES.map(|kind| labels(kind, JOB));
    for labels in pages.into_iter().chain([invented("page")]) {
        let mut silent = Vec::new();
        for monday in mondays() {
            for hour in 0..7 * 24 {
                // The small hours first: they are what it is about.
                let hour = (hour + 3) % (7 * 24);
                let minute = (random() % 60) as i8;
                let instant = at(monday, ((hour / 24) as i8, (hour % 24) as i8, minute, 0));
                let told = scene.config.told(&labels, instant);
                if !missing(&told).is_empty() {
                    silent.push((instant, missing(&told).join(" and ")));
                }
            }
        }
        if let Some((instant, missing)) = silent.first() {
            let hours = silent.len() as u64 / WEEKS;
            return Err(failure(
                format!(
                    "{} is told in Slack and by email at any hour",
                    labels["alertname"]
                ),
                format!(
                    "nothing by {missing} at {}\nand so in some {hours} of the 168 hours of a week",
                    shown(*instant)
                ),
                how(&labels, *instant),
            )
            .perhaps(Some("its route has hours; a page has none")));
        }
    }
    Ok(())
}

/// Slack hears of it from 09:00:00 to 17:59:59.
pub fn tickets(scene: &Scene) -> Result<(), Failure> {
    let labels = ticket();
    for instant in instants(&OPEN) {
        let told = scene.config.told(&labels, instant);
        if missing(&told).contains(&"Slack") {
            let found = match told.is_empty() {
                true => format!("nobody is told at {}", shown(instant)),
                false => format!("at {}\n{}", shown(instant), described(&told)),
            };
            return Err(failure(
                "a ticket is told in Slack on weekdays from 09:00 to 17:59:59 in Seoul",
                found,
                how(&labels, instant),
            )
            .perhaps(closed(scene, &labels)));
        }
    }
    Ok(())
}

pub fn after_hours(scene: &Scene) -> Result<(), Failure> {
    is_held(
        scene,
        &AFTER_HOURS,
        "outside 09:00 to 17:59:59 in Seoul a ticket waits",
    )
}

pub fn weekends(scene: &Scene) -> Result<(), Failure> {
    is_held(
        scene,
        &WEEKEND,
        "on a Saturday or Sunday in Seoul a ticket waits",
    )
}

fn is_held(scene: &Scene, times: &[(i8, i8, i8, i8)], expected: &str) -> Result<(), Failure> {
    let labels = ticket();
    for instant in instants(times) {
        let told = scene.config.told(&labels, instant);
        if !told.is_empty() {
            let always = mondays().all(|monday| {
                (0..7).all(|day| {
                    !scene
                        .config
                        .told(&labels, at(monday, (day, 3, 0, 0)))
                        .is_empty()
                })
            });
            let cause = always.then_some("it is told at any hour: no route of it has hours");
            return Err(failure(
                expected,
                format!("it is told at {}\n{}", shown(instant), described(&told)),
                how(&labels, instant),
            )
            .perhaps(cause));
        }
    }
    Ok(())
}

/// Why a ticket is not told when it should be.
fn closed(scene: &Scene, labels: &Labels) -> Option<&'static str> {
    let told = |time| {
        let told = scene.config.told(labels, instants(&[time]).next()?);
        Some(!told.is_empty())
    };
    let (noon, night, evening) = (
        told((2, 12, 30, 0))?,
        told((2, 3, 0, 0))?,
        told((2, 20, 0, 0))?,
    );
    if !noon && night {
        Some("it is told when it should not be, and the other way round: mute or active?")
    } else if evening && !told((2, 10, 0, 0))? {
        Some("hours without a location are hours in UTC, nine behind Seoul")
    } else if noon {
        Some("the end of an interval does not belong to it, its start does")
    } else {
        None
    }
}

fn instants(times: &[(i8, i8, i8, i8)]) -> impl Iterator<Item = Timestamp> {
    times
        .iter()
        .flat_map(|time| mondays().map(move |monday| at(monday, *time)))
}

fn mondays() -> impl Iterator<Item = Date> {
    const FIRST: Date = date(2026, 11, 30);
    (0..WEEKS).map(|_| {
        let week = (random() % ALL_WEEKS) as i32;
        FIRST + jiff::Span::new().weeks(week)
    })
}

fn at(monday: Date, (day, hour, minute, second): (i8, i8, i8, i8)) -> Timestamp {
    let there: DateTime =
        (monday + jiff::Span::new().days(day)).to_datetime(time(hour, minute, second, 0));
    let seoul = TimeZone::get(SEOUL).expect("the time zones are in the program");
    seoul.to_timestamp(there).expect("Seoul has no summer time")
}

/// `Fri 2027-03-05 17:59:59 in Seoul (08:59:59 in UTC)`
fn shown(instant: Timestamp) -> String {
    let seoul = TimeZone::get(SEOUL).expect("the time zones are in the program");
    let utc = TimeZone::UTC.to_datetime(instant);
    format!(
        "{} in Seoul ({} in UTC)",
        seoul.to_datetime(instant).strftime("%a %F %T"),
        utc.strftime("%a %T")
    )
}

/// There is no tool that does this: amtool leaves out the hours.
fn how(labels: &Labels, instant: Timestamp) -> String {
    let seoul = TimeZone::get(SEOUL).expect("the time zones are in the program");
    format!(
        "by hand: the routes of {}, and their hours at\n{} in Seoul, or {} in UTC",
        labels["alertname"],
        seoul.to_datetime(instant).strftime("%a %T"),
        TimeZone::UTC.to_datetime(instant).strftime("%a %T")
    )
}

fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}
