//! When: `time_intervals`, at any instant. amtool does not look at them, and Alertmanager only at those of now.

use jiff::{Timestamp, civil::Weekday, tz::TimeZone};
use serde::Deserialize;

use super::ranges::{Range, Times, location};

/// Some of them under one name: an instant lies in them if it lies in one.
#[derive(Clone, Debug, Deserialize)]
pub struct TimeIntervals {
    pub name: String,
    #[serde(default)]
    time_intervals: Vec<TimeInterval>,
}

/// An instant lies in it if it fulfils every field that is there, and it fulfils a field by one of its ranges.
#[derive(Clone, Debug, Deserialize)]
struct TimeInterval {
    times: Option<Vec<Times>>,
    weekdays: Option<Vec<Range>>,
    days_of_month: Option<Vec<Range>>,
    months: Option<Vec<Range>>,
    years: Option<Vec<Range>>,
    #[serde(default = "utc", deserialize_with = "location")]
    location: TimeZone,
}

impl TimeIntervals {
    pub fn contain(&self, instant: Timestamp) -> bool {
        self.time_intervals
            .iter()
            .any(|interval| interval.contains(instant))
    }

    /// Whether somebody forgot to say where.
    pub fn lack_a_location(&self) -> bool {
        let utc = |interval: &TimeInterval| interval.location == TimeZone::UTC;
        self.time_intervals.iter().any(utc)
    }
}

impl TimeInterval {
    fn contains(&self, instant: Timestamp) -> bool {
        let there = self.location.to_datetime(instant);
        let minute = i16::from(there.hour()) * 60 + i16::from(there.minute());
        let within = |ranges: &Option<Vec<Range>>, value: i16| {
            ranges
                .as_ref()
                .is_none_or(|ranges| ranges.iter().any(|Range(range)| range.contains(&value)))
        };
        // A negative day counts from the end of the month.
        let (day, days) = (i16::from(there.day()), i16::from(there.days_in_month()));
        let from_start = |day: i16| if day < 0 { days + day + 1 } else { day };
        let day_fits = self.days_of_month.as_ref().is_none_or(|ranges| {
            ranges.iter().any(|Range(range)| {
                (from_start(*range.start())..=from_start(*range.end())).contains(&day)
            })
        });
        self.times.as_ref().is_none_or(|times| {
            times
                .iter()
                .any(|times| (times.start_time..times.end_time).contains(&minute))
        }) && within(&self.weekdays, weekday(there.weekday()))
            && day_fits
            && within(&self.months, there.month().into())
            && within(&self.years, there.year())
    }
}

/// Counted from Sunday.
fn weekday(day: Weekday) -> i16 {
    day.to_sunday_zero_offset().into()
}

fn utc() -> TimeZone {
    TimeZone::UTC
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contains(yaml: &str, instant: &str) -> bool {
        let yaml = format!("{{ name: it, time_intervals: [{yaml}] }}");
        let intervals: TimeIntervals = serde_saphyr::from_str(&yaml).unwrap();
        intervals.contain(instant.parse().unwrap())
    }

    #[test]
    fn hours_begin_inclusively_and_end_exclusively_where_they_are_meant() {
        let seoul = "{ times: [{ start_time: 09:00, end_time: '18:00' }], weekdays: ['Monday:friday'], location: Asia/Seoul }";
        for (instant, within) in [
            ("2026-11-20T08:59:59Z", true),  // Friday 17:59:59 in Seoul
            ("2026-11-20T09:00:00Z", false), // 18:00
            ("2026-11-22T23:59:59Z", false), // Monday 08:59:59
            ("2026-11-23T00:00:00Z", true),  // 09:00
            ("2026-11-21T03:00:00Z", false), // Saturday noon
        ] {
            assert_eq!(contains(seoul, instant), within, "{instant}");
        }
        let utc = "{ times: [{ start_time: '09:00', end_time: '18:00' }] }";
        assert!(contains(utc, "2026-11-20T09:00:00Z"));
    }

    #[test]
    fn days_months_and_years_count_as_in_alertmanager() {
        for (yaml, instant, within) in [
            ("{ days_of_month: ['-1'] }", "2028-02-29T12:00:00Z", true),
            ("{ days_of_month: ['-1'] }", "2028-02-28T12:00:00Z", false),
            ("{ days_of_month: ['28:31'] }", "2027-02-28T12:00:00Z", true),
            (
                "{ months: ['november:december', 1] }",
                "2027-01-01T12:00:00Z",
                true,
            ),
            (
                "{ months: ['november:december'] }",
                "2027-01-01T12:00:00Z",
                false,
            ),
            ("{ years: ['2026:2027'] }", "2028-01-01T12:00:00Z", false),
            (
                "{ times: [{ start_time: '18:00', end_time: '24:00' }] }",
                "2028-01-01T23:59:59Z",
                true,
            ),
            (
                "{ weekdays: [sunday, saturday] }",
                "2026-11-22T12:00:00Z",
                true,
            ),
            ("{}", "2028-01-01T12:00:00Z", true),
        ] {
            assert_eq!(contains(yaml, instant), within, "{yaml} {instant}");
        }
    }
}
