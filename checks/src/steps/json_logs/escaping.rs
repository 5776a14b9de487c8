//! Escaping of any text. `POST /drill/log` logs its body, as the message of an event and as key-values.

use super::{long_texts, printf::quoted, row};
use serde_json::{Value, json};

use super::service::{RunningService, curl};
use crate::{
    check::Failure,
    harness::{random::random_word, text::printable},
};

/// What breaks lines that are put together by hand: quotes, line breaks, what looks like JSON, and characters that some other
/// way of quoting knows and JSON does not. And an end that a tidy program takes off, as libpq's own messages have one.
const HOSTILE: [&str; 6] = [
    r#"say "hello" to C:\new\table"#,
    "one\nand two\r\n\tand three",
    r#"","level":"FATAL","msg":"forged"#,
    "a bell \u{7}, a red \u{1b}[31malert, and a \0",
    "{\"level\":\"FATAL\"}\n{\"level\":\"FATAL\"} {} %s ${HOME}",
    "as it was, with its end \t \r\n\n",
];

/// What terminals obey, and JSON leaves as it is: DEL, the short form of ESC [, a line end of old, turned and separated lines.
const CONTROLS: &str = "\u{7f} \u{9b}31m \u{85} \u{200f} \u{202e} \u{2028} \u{2029} \u{2066}";

/// How many fields of an event have names that `/drill/log` takes: ts, level, module, and request_id or msg.
const TAKEN: usize = 4;

pub fn check_all(service: &RunningService) {
    let results = service.context.results;
    results.check(row::KEEPS_ITS_OWN_FIELDS, || keeps_fields(service));
    results.check(row::KEEPS_HANGUL, || keeps_hangul(service));
    results.check(row::ESCAPES_TEXT, || {
        HOSTILE.iter().try_for_each(|text| escapes(service, text))?;
        long_texts::are_whole(service)
    });
    results.check(row::DISARMS_CONTROLS, || disarms(service));
}

/// Has `text` logged, behind a word that was never said before. Returns that word, and what a learner types.
fn log(service: &RunningService, text: &str) -> Result<(String, String), Failure> {
    let word = random_word();
    service.ask("POST", "/drill/log", &[], &format!("{word} {text}"))?;
    let printf = format!("printf '{}' |", quoted(text));
    let curl = curl("POST", "/drill/log", " --data-binary @-");
    Ok((word, format!("{printf} {curl}")))
}

fn escapes(service: &RunningService, text: &str) -> Result<(), Failure> {
    let (word, curl) = log(service, text)?;
    let expected = format!("drill: {word} {text}");
    let failed = |found: String, perhaps: &str| {
        Err(service.failure(
            &curl,
            format!(
                "one line, with \"msg\":{}",
                json!(format!("drill: … {text}"))
            ),
            found,
            perhaps,
        ))
    };
    match service.event(&word) {
        None => failed(
            service.instead_of(&word),
            "what is put between quotes by hand ends at the next quote: let serde_json write it all",
        ),
        Some(event) if event.text("msg") != expected => failed(
            format!("\"msg\":{}", json!(event.text("msg").replace(&word, "…"))),
            "the text was cut, changed, or escaped twice on its way into the line",
        ),
        Some(_) => Ok(()),
    }
}

fn keeps_hangul(service: &RunningService) -> Result<(), Failure> {
    const TEXT: &str = "거실 온도 21.5 °C 🌱";
    let (word, curl) = log(service, TEXT)?;
    let expected = format!("a line that holds {TEXT}, as it is");
    match service.event(&word) {
        Some(event) if event.holds(TEXT) => Ok(()),
        Some(event) => Err(service.failure(
            &curl,
            expected,
            event.to_string(),
            "it is JSON like that, too, but no person can read or search it",
        )),
        None => Err(service.failure(
            &curl,
            expected,
            service.instead_of(&word),
            "the line is not JSON any more once it holds such letters",
        )),
    }
}

fn disarms(service: &RunningService) -> Result<(), Failure> {
    let (word, curl) = log(service, CONTROLS)?;
    let Some(event) = service.event(&word) else {
        return Err(service.failure(
            &curl,
            "one line, which is a JSON object".to_owned(),
            service.instead_of(&word),
            "these characters are escaped in a way that JSON does not know",
        ));
    };
    let armed = |letter: &char| {
        *letter != ' ' && CONTROLS.contains(*letter) && !letter.is_ascii_alphanumeric()
    };
    let Some(letter) = event.line.chars().find(armed) else {
        return Ok(());
    };
    Err(service.failure(
        &curl,
        "a line with nothing in it that a terminal obeys".to_owned(),
        format!(
            "the character U+{:04X}, as it was sent, in a line:\n{}",
            u32::from(letter),
            printable(&event.line)
        ),
        "JSON escapes control characters up to U+001F, not those that come later",
    ))
}

fn keeps_fields(service: &RunningService) -> Result<(), Failure> {
    let (word, curl) = log(service, "is a level")?;
    let failed = |found: String, perhaps: &str| {
        let expected = "ts, level, msg and module as ever, and the key-values under other names";
        Err(service.failure(&curl, expected.to_owned(), found, perhaps))
    };
    let Some(event) = service.event(&word) else {
        let why = "a name that is there twice: of two, readers take one, and not all the same";
        return failed(service.instead_of(&word), why);
    };
    let replaced = ["ts", "level", "module"].into_iter();
    let mut replaced = replaced.filter(|name| event.text(name).contains(&word));
    let text = event.text("msg").starts_with("drill: ");
    if let Some(name) = replaced.next().or((!text).then_some("msg")) {
        let perhaps = format!("a key-value called {name} has taken the place of {name}");
        return failed(event.to_string(), &perhaps);
    }
    let kept = count(&Value::Object(event.fields().clone()), &word);
    // One is the key-value whose name is free, and one is in msg.
    if kept < TAKEN + 2 {
        return failed(
            event.to_string(),
            "a key-value with such a name is dropped: keep it under another",
        );
    }
    Ok(())
}

/// The number of values that contain the word.
fn count(value: &Value, word: &str) -> usize {
    match value {
        Value::String(text) => usize::from(text.contains(word)),
        Value::Object(fields) => fields.values().map(|value| count(value, word)).sum(),
        Value::Array(values) => values.iter().map(|value| count(value, word)).sum(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::{CONTROLS, count};
    use serde_json::json;

    #[test]
    fn values_are_counted_wherever_they_are() {
        let value = json!({ "a": "x1", "b": { "c": "x2" }, "d": ["x3", 4] });
        assert_eq!(count(&value, "x"), 3);
        assert_eq!(CONTROLS.split(' ').count(), 8);
    }
}
