//! Parts of a log event: its key-values, and an encoding that is safe for terminals. Ready made.

use log::{
    Record,
    kv::{Error, Key, Value, VisitSource},
};
use serde_json::Map;

/// The fields of an event beside its text, by name.
pub type Fields = Map<String, serde_json::Value>;

/// The key-values of the event. A key whose name is in `taken`, or has occurred before, is stored under another name.
pub fn fields(record: &Record, taken: &[&str]) -> Fields {
    let mut visitor = Visitor {
        taken,
        fields: Fields::new(),
    };
    // The only possible errors are the visitor's own, and this visitor returns none.
    let _ = record.key_values().visit(&mut visitor);
    visitor.fields
}

struct Visitor<'a> {
    taken: &'a [&'a str],
    fields: Fields,
}

impl<'kvs> VisitSource<'kvs> for Visitor<'_> {
    fn visit_pair(&mut self, key: Key<'kvs>, value: Value<'kvs>) -> Result<(), Error> {
        let mut key = key.to_string();
        while self.taken.contains(&key.as_str()) || self.fields.contains_key(&key) {
            key.push('_');
        }
        let value = serde_json::to_value(&value).unwrap_or_else(|_| value.to_string().into());
        self.fields.insert(key, value);
        Ok(())
    }
}

/// The same JSON, with characters that are valid in JSON but interpreted by terminals written as `\u009b`.
///
/// JSON escapes control characters up to U+001F. Terminals also interpret some from U+007F on, and those that change the
/// direction of writing; and some parsers end a line at U+0085, U+2028 and U+2029.
pub fn harmless(json: &str) -> String {
    // Hardly any line has such a character. Most are ASCII, of which DEL alone is one, and that is found out fastest.
    let plain = json.is_ascii() && !json.contains('\u{7f}');
    if plain || !json.contains(is_obeyed) {
        return json.to_owned();
    }
    let mut line = String::with_capacity(json.len());
    for letter in json.chars() {
        if is_obeyed(letter) {
            line.push_str(&format!("\\u{:04x}", u32::from(letter)));
        } else {
            line.push(letter);
        }
    }
    line
}

fn is_obeyed(letter: char) -> bool {
    matches!(
        letter,
        '\u{7f}'..='\u{9f}'
            | '\u{61c}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
    )
}
