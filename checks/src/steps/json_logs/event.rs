//! A line of log that is a JSON object.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor},
};
use serde_json::{Map, Value};

use crate::harness::text::printable;

/// One event. Its fields are read with [`Event::field`].
#[derive(Clone, Debug)]
pub struct Event {
    /// The line as written.
    pub line: String,
    fields: Map<String, Value>,
}

impl Event {
    /// `Err` says why the line is not an object.
    pub fn read(line: &str) -> Result<Event, String> {
        match serde_json::from_str(line) {
            Ok(Object(fields)) => Ok(Event {
                line: line.to_owned(),
                fields,
            }),
            Err(error) => Err(match serde_json::from_str::<Value>(line) {
                Ok(Value::Object(_)) => error.to_string(),
                Ok(Value::String(_)) => {
                    "this is a text: JSON that was made JSON once more".to_owned()
                }
                Ok(_) => "this is JSON, but not an object".to_owned(),
                Err(error) => format!("this is not JSON: {error}"),
            }),
        }
    }

    /// Whether the line contains this word in any field.
    pub fn holds(&self, word: &str) -> bool {
        self.line.contains(word)
    }

    /// Whether a field of text contains these words, however the line escapes them.
    pub fn says(&self, words: &str) -> bool {
        let mut texts = self.fields.values().filter_map(Value::as_str);
        texts.any(|text| text.contains(words))
    }

    /// `Null` if there is no such field.
    pub fn field(&self, name: &str) -> &Value {
        self.fields.get(name).unwrap_or(&Value::Null)
    }

    /// Empty if there is no such field, or if it is no text.
    pub fn text(&self, name: &str) -> &str {
        self.field(name).as_str().unwrap_or_default()
    }

    /// All fields.
    pub fn fields(&self) -> &Map<String, Value> {
        &self.fields
    }
}

/// The line, without characters that control a terminal.
impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", printable(&self.line))
    }
}

/// An object without duplicate fields: of two, some readers take the first and others the last.
struct Object(Map<String, Value>);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Object, D::Error> {
        deserializer.deserialize_map(Fields)
    }
}

struct Fields;

impl<'de> Visitor<'de> for Fields {
    type Value = Object;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut given: A) -> Result<Object, A::Error> {
        let mut fields = Map::new();
        while let Some((name, value)) = given.next_entry::<String, Value>()? {
            if fields.contains_key(&name) {
                return Err(A::Error::custom(format!(
                    "the field {name:?} is there twice"
                )));
            }
            fields.insert(name, value);
        }
        Ok(Object(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::Event;

    #[test]
    fn a_line_is_an_event_only_if_it_is_one_object() {
        assert_eq!(
            Event::read(r#"{"msg":"한글"}"#).unwrap().text("msg"),
            "한글"
        );
        for (line, why) in [
            ("[INFO] hello", "not JSON"),
            (r#"{"a":1}{"a":2}"#, "not JSON"),
            (r#""{\"a\":1}""#, "once more"),
            ("[1]", "not an object"),
            (r#"{"a":1,"a":2}"#, "twice"),
        ] {
            let said = Event::read(line).unwrap_err();
            assert!(said.contains(why), "{line}: {said}");
        }
    }
}
