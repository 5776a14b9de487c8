//! `time_intervals`, at any instant. amtool ignores them, and Alertmanager applies them only to the present.

use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time, Weekday},
    tz::TimeZone,
};
use serde::Deserialize;

use super::ranges::{Range, Times, location};

/// Intervals under one name: an instant is in it if it is in one of the intervals.
#[derive(Clone, Debug, Deserialize)]
pub struct TimeIntervals {
    /// Its line in the file, counted from 1.
    #[serde(skip)]
    pub line: u64,
    pub name: String,
    #[serde(default)]
    time_intervals: Vec<TimeInterval>,
}

/// An instant is in the interval if it matches every field that is given; it matches a field if it is in one of its ranges.
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

    /// The time zone of one whose clock shows another time at `instant` than one in `zone`.
    pub fn elsewhere(&self, zone: &TimeZone, instant: Timestamp) -> Option<&str> {
        let mut zones = self
            .time_intervals
            .iter()
            .map(|interval| &interval.location);
        let other = zones.find(|other| other.to_offset(instant) != zone.to_offset(instant))?;
        other.iana_name()
    }

    /// Whether each of them lasts all day.
    pub fn have_no_times(&self) -> bool {
        let mut intervals = self.time_intervals.iter();
        intervals.all(|interval| interval.times.is_none())
    }

    /// The instants of this date, as their own clocks have it, at which one of them may begin or end.
    pub fn edges(&self, date: Date) -> impl Iterator<Item = Timestamp> {
        self.time_intervals.iter().flat_map(move |interval| {
            let times = interval.times.iter().flatten();
            let minutes = times.flat_map(|times| [times.start_time, times.end_time]);
            // Midnight: the days change.
            let minutes = minutes.chain([0]).filter(|minute| *minute < 24 * 60);
            minutes.filter_map(move |minute| {
                let time = Time::new((minute / 60) as i8, (minute % 60) as i8, 0, 0).ok()?;
                interval.location.to_timestamp(date.to_datetime(time)).ok()
            })
        })
    }

    /// The field that alone keeps `instant` out; `None` where there are several intervals or several such fields.
    pub fn left_out_by(&self, instant: Timestamp) -> Option<&'static str> {
        let [interval] = self.time_intervals.as_slice() else {
            return None;
        };
        let mut fields = interval.fields(instant).into_iter();
        let (name, _) = fields.find(|(_, holds)| !holds)?;
        fields.all(|(_, holds)| holds).then_some(name)
    }
}

impl TimeInterval {
    fn contains(&self, instant: Timestamp) -> bool {
        self.fields(instant).iter().all(|(_, holds)| *holds)
    }

    /// The fields of an interval, and which of them `instant` matches.
    fn fields(&self, instant: Timestamp) -> [(&'static str, bool); 5] {
        let there = self.location.to_datetime(instant);
        let within = |ranges: &Option<Vec<Range>>, value: i16| {
            ranges
                .as_ref()
                .is_none_or(|ranges| ranges.iter().any(|Range(range)| range.contains(&value)))
        };
        [
            ("times", self.has_time(there)),
            ("weekdays", within(&self.weekdays, weekday(there.weekday()))),
            ("days_of_month", self.has_day(there)),
            ("months", within(&self.months, there.month().into())),
            ("years", within(&self.years, there.year())),
        ]
    }

    fn has_time(&self, there: DateTime) -> bool {
        let minute = i16::from(there.hour()) * 60 + i16::from(there.minute());
        let has = |times: &Times| (times.start_time..times.end_time).contains(&minute);
        self.times
            .as_ref()
            .is_none_or(|times| times.iter().any(has))
    }

    /// A negative day counts from the end of the month.
    fn has_day(&self, there: DateTime) -> bool {
        let (day, days) = (i16::from(there.day()), i16::from(there.days_in_month()));
        let from_start = |day: i16| if day < 0 { days + day + 1 } else { day };
        let has = |Range(range): &Range| {
            (from_start(*range.start())..=from_start(*range.end())).contains(&day)
        };
        self.days_of_month
            .as_ref()
            .is_none_or(|ranges| ranges.iter().any(has))
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
