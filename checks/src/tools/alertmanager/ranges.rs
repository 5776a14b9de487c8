//! The parts of intervals: times of day, ranges of days, months and years, and time zones.

use std::{ops::RangeInclusive, str::FromStr};

use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, de::Error};

/// Minutes of a day; the last one is excluded.
#[derive(Clone, Debug, Deserialize)]
pub struct Times {
    #[serde(deserialize_with = "minute")]
    pub start_time: i16,
    #[serde(deserialize_with = "minute")]
    pub end_time: i16,
}

/// The first and the last value; both are included.
#[derive(Clone, Debug)]
pub struct Range(pub RangeInclusive<i16>);

const WEEKDAYS: [&str; 7] = [
    "sunday",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
];

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

impl<'de> Deserialize<'de> for Range {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Range, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

impl FromStr for Range {
    type Err = String;

    /// `monday:friday`, `5`, `-3:-1`
    fn from_str(text: &str) -> Result<Range, String> {
        let (start, end) = text.split_once(':').unwrap_or((text, text));
        let number = |name: &str| {
            let lower = name.to_lowercase();
            let of_week = WEEKDAYS.iter().position(|day| *day == lower);
            let of_year = MONTHS.iter().position(|month| *month == lower);
            let named = of_week.or(of_year.map(|month| month + 1));
            let named = named.and_then(|number| i16::try_from(number).ok());
            let number = named.or(name.parse().ok());
            number.ok_or_else(|| format!("{name:?} is neither a day, a month nor a number"))
        };
        Ok(Range(number(start)?..=number(end)?))
    }
}

fn minute<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i16, D::Error> {
    let text = String::deserialize(deserializer)?;
    let digits = |part: &str| -> Option<i16> {
        let two = part.len() == 2 && part.bytes().all(|digit| digit.is_ascii_digit());
        two.then(|| part.parse().ok())?
    };
    let minute = text.split_once(':').and_then(|(hour, minute)| {
        let (hour, minute) = (digits(hour)?, digits(minute)?);
        (minute < 60 && hour * 60 + minute <= 24 * 60).then_some(hour * 60 + minute)
    });
    minute.ok_or_else(|| D::Error::custom(format!("{text:?} is no time of day, like '09:00'")))
}

/// A time zone by its name.
pub fn location<'de, D: Deserializer<'de>>(deserializer: D) -> Result<TimeZone, D::Error> {
    let name = String::deserialize(deserializer)?;
    match name.as_str() {
        // The time zone of the container, which has none of its own.
        "Local" | "UTC" | "" => Ok(TimeZone::UTC),
        name => TimeZone::get(name)
            .map_err(|_| D::Error::custom(format!("there is no time zone {name:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::Times;

    #[test]
    fn a_time_of_day_is_read_as_alertmanager_reads_it() {
        let read = |time: &str| {
            let yaml = format!("{{ start_time: '{time}', end_time: '24:00' }}");
            serde_saphyr::from_str::<Times>(&yaml)
                .ok()
                .map(|times| times.start_time)
        };
        assert_eq!(read("09:30"), Some(9 * 60 + 30));
        assert_eq!(read("24:00"), Some(24 * 60));
        for time in [
            "999:0", "24:01", "-1:00", "+9:00", "9:000", "09.30", "25:00", "09:60",
        ] {
            assert_eq!(read(time), None, "{time}");
        }
    }
}
