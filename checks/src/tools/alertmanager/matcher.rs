//! Matchers such as `severity="page"`.

use regex::Regex;

pub use crate::tools::prometheus::exposition::Labels;

/// One condition on one label.
#[derive(Clone, Debug)]
pub struct Matcher {
    pub label: String,
    /// Whether the condition is that `value` matches, or that it does not.
    holds: bool,
    value: Value,
}

#[derive(Clone, Debug)]
enum Value {
    Text(String),
    Pattern(Regex),
}

impl Matcher {
    /// `operator` is one of `=`, `!=`, `=~` and `!~`.
    pub fn new(label: &str, operator: &str, value: &str) -> Result<Matcher, String> {
        let value = match operator {
            "=" | "!=" => Value::Text(value.to_owned()),
            _ => {
                // The whole value has to match; and in Alertmanager, unlike Prometheus, a dot does not match a line break.
                let pattern = Regex::new(&format!("^(?:{value})$"));
                Value::Pattern(pattern.map_err(|error| error.to_string())?)
            }
        };
        Ok(Matcher {
            label: label.to_owned(),
            holds: !operator.starts_with('!'),
            value,
        })
    }

    /// Parses one matcher, or several separated by commas, with or without braces.
    pub fn read_all(text: &str) -> Result<Vec<Matcher>, String> {
        let inner = text.trim();
        let inner = inner.strip_prefix('{').unwrap_or(inner);
        let inner = inner.strip_suffix('}').unwrap_or(inner);
        split(inner)
            .iter()
            .map(|one| one.trim())
            .filter(|one| !one.is_empty())
            .map(Matcher::read)
            .collect()
    }

    fn read(text: &str) -> Result<Matcher, String> {
        let bad = || format!("this is no matcher: {text}");
        let at = text.find(['=', '!']).ok_or_else(bad)?;
        let (label, rest) = text.split_at(at);
        let operator = ["=~", "!~", "!=", "="]
            .into_iter()
            .find(|operator| rest.starts_with(operator))
            .ok_or_else(bad)?;
        let value = unquoted(rest[operator.len()..].trim()).ok_or_else(bad)?;
        let label = unquoted(label.trim()).ok_or_else(bad)?;
        Matcher::new(&label, operator, &value)
    }

    /// The values that it names: its text, or the alternatives of its pattern that are plain words but for `.*` and `.+`.
    pub fn values(&self) -> Vec<String> {
        let pattern = match &self.value {
            Value::Text(text) => return vec![text.clone()],
            Value::Pattern(pattern) => pattern.as_str(),
        };
        let inner = pattern.trim_start_matches("^(?:").trim_end_matches(")$");
        let words = inner
            .split('|')
            .map(|word| word.replace(".*", "").replace(".+", "x"));
        let plain = |word: &String| regex::escape(word).replace("\\-", "-") == *word;
        words.filter(plain).collect()
    }

    /// Whether it matches an alert with these labels. A missing label counts as empty.
    pub fn holds(&self, labels: &Labels) -> bool {
        let given = labels.get(&self.label).map_or("", String::as_str);
        let fits = match &self.value {
            Value::Text(text) => text == given,
            Value::Pattern(pattern) => pattern.is_match(given),
        };
        fits == self.holds
    }
}

/// The matchers from the three fields of a configuration that contain them.
pub(super) fn conditions(
    equal: &Labels,
    regex: &Labels,
    matchers: &[String],
) -> Result<Vec<Matcher>, String> {
    let mut all = Vec::new();
    for (label, value) in equal {
        all.push(Matcher::new(label, "=", value)?);
    }
    for (label, value) in regex {
        all.push(Matcher::new(label, "=~", value)?);
    }
    for text in matchers {
        all.extend(Matcher::read_all(text)?);
    }
    Ok(all)
}

/// Splits at commas outside quotation marks.
fn split(text: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let (mut quoted, mut escaped) = (false, false);
    for letter in text.chars() {
        match letter {
            ',' if !quoted => {
                pieces.push(String::new());
                continue;
            }
            '"' if !escaped => quoted = !quoted,
            _ => {}
        }
        escaped = letter == '\\' && !escaped;
        if let Some(piece) = pieces.last_mut() {
            piece.push(letter);
        }
    }
    pieces
}

/// The text without its quotation marks, if it has both of them or none.
fn unquoted(text: &str) -> Option<String> {
    let inner = match text.strip_prefix('"') {
        Some(rest) => rest.strip_suffix('"')?,
        None => text,
    };
    let mut plain = String::new();
    let mut letters = inner.chars().peekable();
    while let Some(letter) = letters.next() {
        match (letter, letters.peek()) {
            ('\\', Some('n')) => plain.push('\n'),
            ('\\', Some('"' | '\\')) => plain.extend(letters.peek()),
            (other, _) => {
                plain.push(other);
                continue;
            }
        }
        letters.next();
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matchers_are_read_as_alertmanager_reads_them() {
        let labels = Labels::from([
            ("severity".into(), "page".into()),
            ("a".into(), "x,y".into()),
        ]);
        let holds = |text: &str| {
            let all = Matcher::read_all(text).unwrap();
            all.iter().all(|matcher| matcher.holds(&labels))
        };
        for text in [
            "severity=page",
            r#"severity = "page""#,
            r#"{severity="page", a="x,y",}"#,
            "severity=~pa.+",
            "severity!~pa",
            r#"severity!="ticket""#,
            "none=",
            "",
        ] {
            assert!(holds(text), "{text}");
        }
        for text in [
            "severity=ticket",
            "severity=~pa",
            "a!=\"x,y\"",
            "none!=\"\"",
        ] {
            assert!(!holds(text), "{text}");
        }
        for text in ["severity", "severity=\"page", "a=~("] {
            assert!(Matcher::read_all(text).is_err(), "{text}");
        }
    }
}
