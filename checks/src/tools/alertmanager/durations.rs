//! Durations such as `1d12h`, in Prometheus's format.

use std::time::Duration;

use promql_parser::util::parse_duration;

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
    parse_duration(text).ok()
}

/// The reverse: formats a duration in the largest unit that fits.
pub fn shown(duration: Duration) -> String {
    let seconds = duration.as_secs();
    for (unit, length) in [("d", 86_400), ("h", 3_600), ("m", 60)] {
        if seconds > 0 && seconds.is_multiple_of(length) {
            return format!("{}{unit}", seconds / length);
        }
    }
    format!("{}s", duration.as_secs_f64())
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
        for text in ["", "5 minutes", "5", "1.5", "inf", "m", "30m1h"] {
            assert_eq!(duration(text), None, "{text}");
        }
        for text in ["10m", "90m", "4h", "1d", "1s"] {
            assert_eq!(duration(text).map(shown).as_deref(), Some(text));
        }
    }
}
