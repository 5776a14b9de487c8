//! Durations such as `1d12h`, in Prometheus's format.

use std::time::Duration;

use promql_parser::util::{display_duration, parse_duration};

/// Parses a duration. Unlike PromQL, a configuration allows no bare number except 0, and a duration may be zero.
pub fn duration(text: &str) -> Option<Duration> {
    if text.parse::<f64>().is_ok() {
        return (text == "0").then_some(Duration::ZERO);
    }
    let zero = |letter: char| letter == '0' || !letter.is_ascii_digit();
    if text.chars().all(zero) {
        let like_it = parse_duration(&text.replace('0', "1"));
        return like_it.ok().map(|_| Duration::ZERO);
    }
    // Go counts nanoseconds, in 64 bits.
    let duration = parse_duration(text).ok()?;
    i64::try_from(duration.as_nanos())
        .is_ok()
        .then_some(duration)
}

/// The reverse: formats a duration in the largest unit that fits, or in several.
pub fn shown(duration: Duration) -> String {
    let whole = |(unit, length): (&str, u64)| {
        let seconds = duration.as_secs();
        let fits = seconds.is_multiple_of(length) && duration.subsec_nanos() == 0;
        let number = u32::try_from(seconds / length).ok()?;
        (fits && (number > 0 || length == 1)).then(|| format!("{number}{unit}"))
    };
    let units = [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)];
    let shown = units.into_iter().find_map(whole);
    shown.unwrap_or_else(|| display_duration(&duration))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read() {
        assert_eq!(duration("1h30m"), Some(Duration::from_secs(5400)));
        assert_eq!(duration("100ms"), Some(Duration::from_millis(100)));
        assert_eq!(duration("0"), Some(Duration::ZERO));
        assert_eq!(duration("0s"), Some(Duration::ZERO));
        for text in ["", "5 minutes", "5", "1.5", "inf", "m", "30m1h", "293y"] {
            assert_eq!(duration(text), None, "{text}");
        }
        for text in [
            "10m",
            "90m",
            "4h",
            "1d",
            "1s",
            "100ms",
            "1h30ms",
            "1001d100ms",
        ] {
            assert_eq!(duration(text).map(shown).as_deref(), Some(text));
        }
    }
}
