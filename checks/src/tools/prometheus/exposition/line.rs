//! One line of the text format.

use super::{Labels, Sample};

/// The types that a metric can be declared with.
const KINDS: [&str; 5] = ["counter", "gauge", "histogram", "summary", "untyped"];

pub enum Line<'a> {
    /// An empty line, or a comment without a meaning.
    Nothing,
    /// Name and text.
    Help(&'a str, &'a str),
    /// Name and type.
    Type(&'a str, &'a str),
    Sample(Sample),
}

pub fn read(line: &str) -> Result<Line<'_>, String> {
    let Some(comment) = line.strip_prefix('#') else {
        return match line {
            "" => Ok(Line::Nothing),
            _ => sample(line).map(Line::Sample),
        };
    };
    let (word, rest) = word(comment.trim_start());
    if !["HELP", "TYPE"].contains(&word) {
        return Ok(Line::Nothing);
    }
    let (name, rest) = self::word(rest);
    if !is_name(name, true) {
        return Err(format!("{name:?} cannot be the name of a metric"));
    }
    match word {
        "HELP" => Ok(Line::Help(name, rest)),
        _ if KINDS.contains(&rest) => Ok(Line::Type(name, rest)),
        _ => Err(format!("{rest:?} is no type of a metric")),
    }
}

/// `name{label="value",…} number timestamp`
fn sample(line: &str) -> Result<Sample, String> {
    let end = line.find(|letter: char| letter == '{' || letter.is_whitespace());
    let (name, rest) = line.split_at(end.unwrap_or(line.len()));
    if !is_name(name, true) {
        return Err(format!("{name:?} cannot be the name of a metric"));
    }
    let (labels, rest) = match rest.trim_start().strip_prefix('{') {
        Some(rest) => labels(rest)?,
        None => (Labels::new(), rest),
    };
    let mut words = rest.split_whitespace();
    let value = words.next().ok_or("there is no value")?;
    let value = value
        .parse()
        .map_err(|_| format!("{value:?} is not a number"))?;
    let timestamp = words.next().is_none_or(|word| word.parse::<i64>().is_ok());
    if !timestamp || words.next().is_some() {
        return Err("after the value comes a timestamp, or nothing".to_owned());
    }
    Ok(Sample {
        name: name.to_owned(),
        labels,
        value,
    })
}

/// Parses the text after `{`; also returns what follows the `}`.
///
/// # Errors
/// Why it cannot be parsed.
pub fn labels(mut rest: &str) -> Result<(Labels, &str), String> {
    let mut labels = Labels::new();
    loop {
        rest = rest.trim_start();
        if let Some(rest) = rest.strip_prefix('}') {
            return Ok((labels, rest));
        }
        let (name, after) = rest.split_once('=').ok_or("the labels have no end")?;
        let name = name.trim_end();
        if !is_name(name, false) {
            return Err(format!("{name:?} cannot be the name of a label"));
        }
        let quoted = after.trim_start().strip_prefix('"');
        let quoted = quoted.ok_or_else(|| format!("the value of {name} is not in quotes"))?;
        let (value, after) = unquote(quoted)?;
        if labels.insert(name.to_owned(), value).is_some() {
            return Err(format!("the label {name} is there twice"));
        }
        rest = after.trim_start();
        match rest.strip_prefix(',') {
            Some(after) => rest = after,
            None if rest.starts_with('}') => {}
            None => return Err(format!("a comma is missing after {name}")),
        }
    }
}

/// Parses the text after the opening quote: the value, and what follows the closing quote.
fn unquote(text: &str) -> Result<(String, &str), String> {
    let mut value = String::new();
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Ok((value, &text[at + 1..])),
            '\\' => value.push(match letters.next().map(|(_, letter)| letter) {
                Some('n') => '\n',
                Some(letter @ ('"' | '\\')) => letter,
                _ => return Err("a backslash that escapes nothing".to_owned()),
            }),
            _ => value.push(letter),
        }
    }
    Err("a quote is not closed".to_owned())
}

fn word(text: &str) -> (&str, &str) {
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (word, rest.trim())
}

fn is_name(name: &str, colons: bool) -> bool {
    let fits =
        |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || colons && letter == ':';
    !name.is_empty()
        && name.chars().all(fits)
        && !name.starts_with(|first: char| first.is_ascii_digit())
}
