//! The headers of a message.

use httparse::Header;

/// Names and values.
pub type Headers = Vec<(String, String)>;

/// As they came, in any encoding.
pub fn kept(headers: &[Header]) -> Headers {
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    let headers = headers.iter();
    headers
        .map(|header| (header.name.to_owned(), text(header.value)))
        .collect()
}

/// The value of the last header of this name.
pub fn find<'a>(headers: &'a Headers, name: &str) -> Option<&'a str> {
    let found = headers
        .iter()
        .rev()
        .find(|(given, _)| given.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.as_str())
}
