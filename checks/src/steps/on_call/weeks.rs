//! Instants of weeks that are drawn anew each time.

use std::hash::{BuildHasher, Hasher, RandomState};

use jiff::{
    Span, Timestamp,
    civil::{Date, DateTime, date, time},
    tz::TimeZone,
};

/// How many weeks are looked at each time, of how many: those of the next years.
pub const WEEKS: u64 = 3;
const ALL_WEEKS: u64 = 4 * 52;

/// A day of the week, counted from Monday, and a time of day in Seoul.
pub type Time = (i8, i8, i8, i8);

// The instants where mistakes show.
pub const OPEN: [Time; 7] = [
    (0, 9, 0, 0), // 00:00 in UTC
    (4, 17, 59, 59),
    (1, 9, 0, 0),
    (2, 12, 30, 0),
    (3, 17, 59, 0),
    (4, 9, 0, 0),
    (0, 17, 59, 59),
];
pub const AFTER_HOURS: [Time; 7] = [
    (4, 18, 0, 0),
    (0, 8, 59, 59),
    (1, 3, 0, 0),
    (2, 0, 0, 0),
    (3, 23, 59, 59),
    (4, 8, 59, 59),
    (2, 18, 0, 0),
];
pub const WEEKEND: [Time; 6] = [
    (5, 12, 0, 0),
    (6, 12, 0, 0),
    (5, 9, 0, 0),
    (6, 9, 0, 0),
    (5, 17, 59, 59),
    (6, 17, 59, 59),
];

/// These times in each of some weeks.
pub fn instants(times: &[Time]) -> impl Iterator<Item = Timestamp> {
    times
        .iter()
        .flat_map(|time| mondays().map(move |monday| at(monday, *time)))
}

/// When some weeks begin.
pub fn mondays() -> impl Iterator<Item = Date> {
    const FIRST: Date = date(2026, 11, 30);
    (0..WEEKS).map(|_| {
        let week = (random() % ALL_WEEKS) as i32;
        FIRST + Span::new().weeks(week)
    })
}

/// An instant of the week that begins on `monday`.
pub fn at(monday: Date, (day, hour, minute, second): Time) -> Timestamp {
    let there: DateTime =
        (monday + Span::new().days(day)).to_datetime(time(hour, minute, second, 0));
    seoul()
        .to_timestamp(there)
        .expect("Seoul has no summer time")
}

/// `Fri 2027-03-05 17:59:59 in Seoul (08:59:59 in UTC)`
pub fn shown(instant: Timestamp) -> String {
    let seoul = seoul();
    let utc = TimeZone::UTC.to_datetime(instant);
    format!(
        "{} in Seoul ({} in UTC)",
        seoul.to_datetime(instant).strftime("%a %F %T"),
        utc.strftime("%a %T")
    )
}

pub fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}

pub fn seoul() -> TimeZone {
    TimeZone::get("Asia/Seoul").expect("the time zones are in the program")
}
