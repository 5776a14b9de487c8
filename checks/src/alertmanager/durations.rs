//! `1d12h`, as Prometheus writes it.

use std::time::Duration;

/// Reads one.
pub fn duration(text: &str) -> Option<Duration> {
    const UNITS: [(&str, u64); 7] = [
        ("ms", 1),
        ("s", 1_000),
        ("m", 60_000),
        ("h", 3_600_000),
        ("d", 86_400_000),
        ("w", 7 * 86_400_000),
        ("y", 365 * 86_400_000),
    ];
    let mut milliseconds = 0;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.find(|letter: char| !letter.is_ascii_digit());
        let Some(digits) = digits else {
            return (rest == "0").then_some(Duration::ZERO);
        };
        let (number, after) = rest.split_at(digits);
        let (unit, factor) = UNITS.iter().find(|(unit, _)| after.starts_with(unit))?;
        milliseconds += number.parse::<u64>().ok()?.checked_mul(*factor)?;
        rest = &after[unit.len()..];
    }
    Some(Duration::from_millis(milliseconds))
}

/// The same the other way round, in the largest unit that fits.
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
        assert_eq!(duration("5 minutes"), None);
        for text in ["10m", "90m", "4h", "1d", "1s"] {
            assert_eq!(duration(text).map(shown).as_deref(), Some(text));
        }
    }
}
