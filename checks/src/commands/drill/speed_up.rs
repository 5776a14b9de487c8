//! The learner's own rules and routes, sixty times as fast: minutes become seconds.

use std::time::Duration;

use serde_json::Value;

use crate::tools::alertmanager::durations::duration;

/// The speed-up factor.
pub const FASTER: u64 = 60;

/// The keys whose value is a single duration.
const DURATIONS: [&str; 7] = [
    "for",
    "keep_firing_for",
    "interval",
    "query_offset",
    "group_wait",
    "group_interval",
    "repeat_interval",
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

/// `2m` becomes `2000ms`. What is not a duration is left for Prometheus or Alertmanager to reject. 0 is left as well: in an
/// expression it is a number.
fn shortened(text: &str) -> String {
    let short = |long: Duration| (long.as_millis() / u128::from(FASTER)).max(1);
    match duration(text) {
        Some(long) if !long.is_zero() => format!("{}ms", short(long)),
        _ => text.to_owned(),
    }
}

/// An expression with its ranges and offsets shortened: `rate(errors[5m])` becomes `rate(errors[5000ms])`. In quotation marks
/// nothing is a duration, and neither is the end of a name.
fn in_expression(expression: &str) -> String {
    let mut short = String::new();
    let mut rest = expression;
    let (mut quote, mut before) = (None, ' ');
    let word = |letter: char| letter.is_alphanumeric() || "_.".contains(letter);
    while let Some(letter) = rest.chars().next() {
        if quote.is_none() && word(letter) {
            // A name, a number or a duration, whole.
            let end = rest.find(|letter| !word(letter)).unwrap_or(rest.len());
            short.push_str(&shortened(&rest[..end]));
            (before, rest) = (letter, &rest[end..]);
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
            "expr": r#"rate(a5m{route="5m"}[5m] offset 1m) > 0.05 and max_over_time(x[30m:15s]) > 5 or up == 0"#,
        });
        shorten(&mut rules);
        let short = json!({
            "for": "2000ms",
            "interval": "90000ms",
            "summary": "for 5m",
            "expr": r#"rate(a5m{route="5m"}[5000ms] offset 1000ms) > 0.05 and max_over_time(x[30000ms:250ms]) > 5 or up == 0"#,
        });
        assert_eq!(rules, short);
    }
}
