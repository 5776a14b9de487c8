//! Simulated hours for Alertmanager. Its clock is the machine's and cannot be set, but all it asks the clock is
//! which of the file's intervals are active, so in its copy of the file every interval is either always active or never.

use anyhow::{Context, anyhow};
use jiff::{civil::DateTime, tz::TimeZone};
use serde_json::{Value, json};

use super::hour::Hour;
use crate::tools::alertmanager::config::Config;

/// The keys of the intervals; the second is the older name.
const INTERVALS: [&str; 2] = ["time_intervals", "mute_time_intervals"];

/// Changes `copy`, a copy of `file`, to what `file` means at `hour`.
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
            interval["time_intervals"] = if open {
                json!([{ "times": [{ "start_time": "00:00", "end_time": "24:00" }] }])
            } else {
                json!([{ "years": ["1970"] }])
            };
        }
    }
    Ok(copy.to_string())
}

#[cfg(test)]
mod tests {
    use super::stopped;
    use crate::commands::drill::hour::HOURS;

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
