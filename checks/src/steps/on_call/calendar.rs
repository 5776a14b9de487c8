//! The next ten years, exactly: every instant at which the hours of a file begin or end, or those that the lesson asks for, and for
//! four weeks every quarter of an hour. Between two of them nothing changes, so a mistake cannot hide in a month or on a holiday.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Span, Timestamp, civil::Weekday, civil::time, tz::TimeZone};

use crate::{
    harness::text::varying,
    tools::alertmanager::{config::Config, routes::MatchedRoute},
};

const YEARS: i64 = 10;
const WEEKS_IN_QUARTERS: i64 = 4;
const DAY: i64 = 24 * 60 * 60;
const QUARTER: i64 = 15 * 60;

/// The part of the week that an instant is in, by Seoul's clocks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Period {
    Office,
    Night,
    Weekend,
}

/// The instants, in order, and for each name of an interval whether they are in it.
pub struct Calendar {
    instants: Vec<Timestamp>,
    periods: Vec<Period>,
    within: BTreeMap<String, Vec<bool>>,
}

/// Where a route does what it should not.
pub struct Mistake {
    pub at: Timestamp,
    /// Whether it happens in every week.
    pub weekly: bool,
    /// For how long, in a week; or on how many days.
    pub extent: String,
}

impl Calendar {
    /// From the next Monday in Seoul on.
    pub fn new(config: &Config) -> Calendar {
        let seoul = seoul();
        let today = seoul.to_datetime(Timestamp::now()).date();
        let wait = 7 - i64::from(today.weekday().to_monday_zero_offset());
        let monday = today + Span::new().days(wait);
        let start = seoul.to_timestamp(monday.to_datetime(time(0, 0, 0, 0)));
        let start = start.expect("Seoul has no summer time").as_second();

        let quarters = (0..WEEKS_IN_QUARTERS * 7 * DAY / QUARTER).map(|n| start + n * QUARTER);
        let mut seconds: BTreeSet<i64> = quarters.collect();
        for days in 0..YEARS * 365 {
            let midnight = start + days * DAY;
            seconds.extend([0, 9, 18].map(|hour| midnight + hour * 60 * 60));
            let date = monday + Span::new().days(days);
            let edges = config.intervals().flat_map(|interval| interval.edges(date));
            seconds.extend(
                edges
                    .map(Timestamp::as_second)
                    .filter(|edge| *edge >= start),
            );
        }
        let instants: Vec<Timestamp> = seconds
            .into_iter()
            .filter_map(|second| Timestamp::from_second(second).ok())
            .collect();
        let within = config.intervals().map(|interval| {
            let within = instants.iter().map(|instant| interval.contain(*instant));
            (interval.name.clone(), within.collect())
        });
        Calendar {
            periods: instants.iter().map(|instant| period(*instant)).collect(),
            within: within.collect(),
            instants,
        }
    }

    /// The first instant of these periods at which `wrong` holds for the routes that are active then: one of each week, if there is
    /// any.
    pub fn find(
        &self,
        routes: &[MatchedRoute],
        periods: &[Period],
        wrong: impl Fn(&[&MatchedRoute]) -> bool,
    ) -> Option<Mistake> {
        // Few combinations of routes are active in all the years.
        let mut known = BTreeMap::new();
        let mut is_wrong = |index: usize| {
            let active: Vec<bool> = routes.iter().map(|it| self.is_active(it, index)).collect();
            *known.entry(active).or_insert_with_key(|active| {
                let pairs = routes.iter().zip(active);
                let active: Vec<_> = pairs.filter(|(_, is)| **is).map(|(it, _)| it).collect();
                wrong(&active)
            })
        };
        let wrong: Vec<usize> = (0..self.instants.len())
            .filter(|index| periods.contains(&self.periods[*index]) && is_wrong(*index))
            .collect();
        let first = *wrong.first()?;
        Some(self.weekly(&wrong).unwrap_or_else(|| Mistake {
            at: self.instants[first],
            weekly: false,
            extent: self.days(&wrong),
        }))
    }

    fn is_active(&self, route: &MatchedRoute, index: usize) -> bool {
        let any = |names: &[String]| {
            let within = names.iter().filter_map(|name| self.within.get(name));
            within.into_iter().any(|within| within[index])
        };
        !any(route.mute) && (route.active.is_empty() || any(route.active))
    }

    /// The first of these that recurs in every week.
    fn weekly(&self, wrong: &[usize]) -> Option<Mistake> {
        const WEEK: i64 = 7 * DAY;
        let start = self.instants[0].as_second();
        let since = |index: usize| self.instants[index].as_second() - start;
        let mut counts = BTreeMap::new();
        for index in wrong {
            *counts.entry(since(*index) % WEEK).or_insert(0) += 1;
        }
        let weeks = YEARS * 365 / 7;
        let recurs = |index: &&usize| counts[&(since(**index) % WEEK)] >= weeks;
        let first = *wrong.iter().find(recurs)?;
        let length = |index: usize| {
            let next = self.instants.get(index + 1);
            next.map_or(0, |next| {
                next.as_second() - self.instants[index].as_second()
            })
        };
        let in_first_week = wrong.iter().filter(|index| since(**index) < WEEK);
        let minutes = in_first_week.map(|index| length(*index)).sum::<i64>() / 60;
        Some(Mistake {
            at: self.instants[first],
            weekly: true,
            extent: format!("{} in each week", hours_and_minutes(minutes)),
        })
    }

    fn days(&self, wrong: &[usize]) -> String {
        let dates = wrong
            .iter()
            .map(|index| seoul().to_datetime(self.instants[*index]).date());
        let days = dates.collect::<BTreeSet<_>>().len();
        format!("on {} days of the next ten years", varying("number", days))
    }
}

fn hours_and_minutes(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} minutes"),
        (hours, 0) => format!("{hours} hours"),
        (hours, minutes) => format!("{hours} hours and {minutes} minutes"),
    }
}

fn period(instant: Timestamp) -> Period {
    let there = seoul().to_datetime(instant);
    match there.weekday() {
        Weekday::Saturday | Weekday::Sunday => Period::Weekend,
        _ if (9..18).contains(&there.hour()) => Period::Office,
        _ => Period::Night,
    }
}

pub fn seoul() -> TimeZone {
    TimeZone::get("Asia/Seoul").expect("the time zones are in the program")
}

/// `Fri 2027-03-05 18:00:00 in Seoul (Fri 09:00:00 in UTC)`; which day it is depends on the date of the run, unless it recurs.
impl Mistake {
    pub fn shown(&self) -> String {
        let there = seoul().to_datetime(self.at);
        let utc = TimeZone::UTC.to_datetime(self.at);
        let day = |day: String| {
            if self.weekly {
                day
            } else {
                varying("day", day).to_string()
            }
        };
        format!(
            "{} {} {} in Seoul ({} {} in UTC)",
            day(there.strftime("%a").to_string()),
            varying("date", there.strftime("%F")),
            there.strftime("%T"),
            day(utc.strftime("%a").to_string()),
            utc.strftime("%T")
        )
    }
}
