//! Just enough of SQL's spelling to tell where a statement ends.

/// The statements of a text: at least one, which may be empty. Comments are removed; outside quotation marks, letters become
/// lower-case and white space becomes single spaces.
pub fn split(sql: &str) -> Vec<String> {
    let mut text = String::new();
    let mut statements = Vec::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let quote = quote(rest);
        let end = match first {
            '-' if rest.starts_with("--") => past(rest, 2, "\n"),
            '/' if rest.starts_with("/*") => past(rest, 2, "*/"),
            _ if !quote.is_empty() => past(rest, quote.len(), quote),
            _ => first.len_utf8(),
        };
        let (token, after) = rest.split_at(end);
        rest = after;
        match first {
            ';' => statements.push(std::mem::take(&mut text)),
            '-' | '/' if end > 1 => text.push(' '),
            _ if !quote.is_empty() => text.push_str(token),
            _ => text.push_str(&token.to_lowercase()),
        }
    }
    statements.push(text);
    for statement in &mut statements {
        *statement = statement.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    statements.retain(|statement| !statement.is_empty());
    if statements.is_empty() {
        statements.push(String::new());
    }
    statements
}

/// The quotation mark that a text starts with: one character, or `$$` or `$name$` as around a function body.
fn quote(text: &str) -> &str {
    if text.starts_with(['\'', '"']) {
        return &text[..1];
    }
    let Some(length) = text.strip_prefix('$').and_then(|tag| tag.find('$')) else {
        return "";
    };
    let tag = &text[1..=length];
    let is_tag = tag.chars().all(is_word) && !tag.starts_with(|c: char| c.is_ascii_digit());
    if is_tag { &text[..length + 2] } else { "" }
}

/// The position after the first `end` at or after `from`.
fn past(text: &str, from: usize, end: &str) -> usize {
    let found = text[from..].find(end);
    found.map_or(text.len(), |at| from + at + end.len())
}

pub fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}
