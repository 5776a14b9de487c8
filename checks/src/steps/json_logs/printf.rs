//! Any text, as a learner types it.

/// For `printf`, with what a terminal would not take as octal numbers.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::new();
    for letter in text.chars() {
        match letter {
            '\\' => quoted.push_str(r"\\"),
            '%' => quoted.push_str("%%"),
            ' '..='~' if letter != '\'' => quoted.push(letter),
            letter if letter.is_alphanumeric() || letter > '\u{ffff}' => quoted.push(letter),
            _ => {
                for byte in letter.encode_utf8(&mut [0; 4]).bytes() {
                    quoted.push_str(&format!("\\{byte:03o}"));
                }
            }
        }
    }
    quoted
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn what_is_typed_is_what_was_sent() {
        assert_eq!(
            quoted("a 'b' 5% \\\n\u{9b} 한"),
            r"a \047b\047 5%% \\\012\302\233 한"
        );
    }
}
