//! When somebody is told: the hours, at instants of weeks that are drawn anew each time.

use jiff::{Timestamp, tz::TimeZone};

use crate::{alertmanager::config::Labels, check::Failure};

use super::{
    alerts::{JOB, MEMORY, PAGES, invented, labels},
    legs::{described, missing},
    scene::{Scene, failure},
    weeks::{AFTER_HOURS, OPEN, Time, WEEKEND, WEEKS, at, instants, mondays, random, seoul, shown},
};

/// Each hour of each week, at some minute of it.
pub fn pages(scene: &Scene) -> Result<(), Failure> {
    let pages = PAGES.map(|kind| labels(kind, JOB));
    for labels in pages.into_iter().chain([invented("page")]) {
        let mut silent = Vec::new();
        for monday in mondays() {
            for hour in 0..7 * 24 {
                // The small hours first: they are what it is about.
                let hour = (hour + 3) % (7 * 24);
                for minute in [0, (random() % 60) as i8] {
                    let time = ((hour / 24) as i8, (hour % 24) as i8, minute, 0);
                    let instant = at(monday, time);
                    let missing = missing(&scene.config.told(&labels, instant));
                    if !missing.is_empty() {
                        silent.push((instant, missing.join(" and ")));
                    }
                }
            }
        }
        if let Some((instant, missing)) = silent.first() {
            let hours = silent.len() as u64 / WEEKS / 2;
            return Err(failure(
                format!(
                    "{} is told in Slack and by email at any hour",
                    labels["alertname"]
                ),
                format!(
                    "nothing by {missing} at {}\nand so in {hours} of the 168 hours of a week",
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
    let labels = labels(MEMORY, JOB);
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
            .perhaps(match told.is_empty() {
                true => closed(scene, &labels),
                false => Some("no route of it leads to Slack"),
            }));
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

fn is_held(scene: &Scene, times: &[Time], expected: &str) -> Result<(), Failure> {
    let labels = labels(MEMORY, JOB);
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

/// There is no tool that does this: amtool leaves out the hours.
fn how(labels: &Labels, instant: Timestamp) -> String {
    format!(
        "amtool leaves out the hours, so by hand: the routes of {}\nat {} in Seoul, which is {} in UTC",
        labels["alertname"],
        seoul().to_datetime(instant).strftime("%a %T"),
        TimeZone::UTC.to_datetime(instant).strftime("%a %T")
    )
}
