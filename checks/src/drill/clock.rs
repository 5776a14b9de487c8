//! The hour that an Alertmanager believes. Its clock is this machine's, and cannot be set; but what it asks the clock is only
//! which of the file's intervals are open, so in its copy of the file every interval is either always open or never.

use anyhow::{Context, anyhow};
use jiff::{civil::DateTime, tz::TimeZone};
use serde_json::{Value, json};

use super::audience::Hour;
use crate::alertmanager::config::Config;

/// Where a file keeps its intervals; the second is the older name.
const INTERVALS: [&str; 2] = ["time_intervals", "mute_time_intervals"];

/// `copy`, a copy of `file`, as it is at `hour`.
///
/// # Errors
/// When the file cannot be read.
pub fn stopped(file: &str, copy: &str, hour: &Hour) -> anyhow::Result<String> {
    let config = Config::read(file).map_err(|why| anyhow!("alertmanager.yml: {why}"))?;
    let at: DateTime = hour.at.parse().context("an hour is a date and a time")?;
    let at = TimeZone::get("Asia/Seoul")?.to_timestamp(at)?;
    let mut copy: Value = serde_json::from_str(copy)?;
    for key in INTERVALS {
        let intervals = copy.get_mut(key).and_then(Value::as_array_mut);
        for interval in intervals.into_iter().flatten() {
            let name = interval["name"].as_str().unwrap_or_default();
            let open = config
                .interval(name)
                .is_some_and(|interval| interval.contain(at));
            interval["time_intervals"] = match open {
                true => json!([{ "times": [{ "start_time": "00:00", "end_time": "24:00" }] }]),
                false => json!([{ "years": ["1970"] }]),
            };
        }
    }
    Ok(copy.to_string())
}

#[cfg(test)]
mod tests {
    use super::stopped;
    use crate::drill::audience::HOURS;

    #[test]
    fn office_hours_are_open_in_the_office_only() -> anyhow::Result<()> {
        let file = "
            route: { receiver: a }
            receivers: [{ name: a }]
            time_intervals:
              - name: office
                time_intervals:
                  - weekdays: ['monday:friday']
                    times: [{ start_time: '09:00', end_time: '18:00' }]
                    location: Asia/Seoul";
        let copy = r#"{"time_intervals":[{"name":"office","time_intervals":[]}]}"#;
        for hour in &HOURS {
            let stopped = stopped(file, copy, hour)?;
            assert_eq!(stopped.contains("24:00"), hour.working, "{}", hour.name);
        }
        Ok(())
    }
}
