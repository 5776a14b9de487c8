//! Minutes become seconds: the learner's own rules and routes, sixty times as fast.

use serde_json::Value;

/// How much faster.
pub const FASTER: u64 = 60;

/// The keys whose value is one duration.
const DURATIONS: [&str; 7] = [
    "for",
    "keep_firing_for",
    "interval",
    "query_offset",
    "group_wait",
    "group_interval",
    "repeat_interval",
];

/// The units of Prometheus, in milliseconds. The longer name first where one begins like another.
const UNITS: [(&str, u64); 7] = [
    ("ms", 1),
    ("s", 1_000),
    ("m", 60_000),
    ("h", 3_600_000),
    ("d", 86_400_000),
    ("w", 604_800_000),
    ("y", 31_536_000_000),
];

/// Makes every duration in a rule file or in the routes of Alertmanager sixty times as short, those in expressions too.
pub fn shorten(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                match value {
                    Value::String(text) if DURATIONS.contains(&key.as_str()) => {
                        *text = shortened(text);
                    }
                    Value::String(text) if key == "expr" => *text = in_expression(text),
                    other => shorten(other),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(shorten),
        _ => {}
    }
}

/// `2m` becomes `2000ms`. What is no duration stays as it is: whoever reads it will say so.
fn shortened(text: &str) -> String {
    match milliseconds(text) {
        Some((all, "")) => format!("{}ms", (all / FASTER).max(1)),
        _ => text.to_owned(),
    }
}

/// A whole duration, `1h30m`, at the beginning of `text`, in milliseconds, and what comes after it.
fn milliseconds(text: &str) -> Option<(u64, &str)> {
    let (mut all, mut rest) = (0_u64, text);
    loop {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, after) = rest.split_at(digits);
        let unit = UNITS.iter().find_map(|(name, worth)| {
            after.strip_prefix(name).map(|after| (after, *worth))
        });
        match (number.parse::<u64>(), unit) {
            (Ok(number), Some((after, worth))) => {
                all = all.checked_add(number.checked_mul(worth)?)?;
                rest = after;
            }
            _ => break,
        }
    }
    let word = |c: char| c.is_alphanumeric() || c == '_';
    (rest.len() < text.len() && !rest.starts_with(word)).then_some((all, rest))
}

/// An expression with its ranges and offsets shortened: `rate(errors[5m])` becomes `rate(errors[5000ms])`. In quotation marks
/// nothing is a duration, and neither is the end of a name.
fn in_expression(expression: &str) -> String {
    let mut short = String::new();
    let mut rest = expression;
    let (mut quote, mut before) = (None, ' ');
    while let Some(letter) = rest.chars().next() {
        let begins = quote.is_none()
            && letter.is_ascii_digit()
            && !(before.is_alphanumeric() || "_.".contains(before));
        if let Some((all, after)) = milliseconds(rest).filter(|_| begins) {
            short.push_str(&format!("{}ms", (all / FASTER).max(1)));
            (before, rest) = ('s', after);
            continue;
        }
        quote = match quote {
            None if "\"'`".contains(letter) => Some(letter),
            Some(open) if open == letter && before != '\\' => None,
            other => other,
        };
        short.push(letter);
        (before, rest) = (letter, &rest[letter.len_utf8()..]);
    }
    short
}

#[cfg(test)]
mod tests {
    use super::shorten;
    use serde_json::json;

    #[test]
    fn durations_become_sixty_times_as_short_and_nothing_else_does() {
        let mut rules = json!({
            "for": "2m",
            "interval": "1h30m",
            "summary": "for 5m",
            "expr": r#"rate(a5m{route="5m"}[5m] offset 1m) > 0.05 and max_over_time(x[30m:15s]) > 5"#,
        });
        shorten(&mut rules);
        let short = json!({
            "for": "2000ms",
            "interval": "90000ms",
            "summary": "for 5m",
            "expr": r#"rate(a5m{route="5m"}[5000ms] offset 1000ms) > 0.05 and max_over_time(x[30000ms:250ms]) > 5"#,
        });
        assert_eq!(rules, short);
    }
}
