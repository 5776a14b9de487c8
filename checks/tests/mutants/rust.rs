//! Mutants of Rust code: each differs from it in one place, as a slip of the learner's would.

use std::sync::LazyLock;

use regex::Regex;

use super::mutant::{Mutant, replaced, without};

/// What becomes what. The spaces keep generics and references out.
const SWAPS: [(&str, &str); 16] = [
    (" == ", " != "),
    (" != ", " == "),
    (" < ", " >= "),
    (" > ", " <= "),
    (" <= ", " > "),
    (" >= ", " < "),
    (" && ", " || "),
    (" || ", " && "),
    (" + ", " - "),
    (" - ", " + "),
    (" * ", " / "),
    (" / ", " * "),
    ("true", "false"),
    ("false", "true"),
    ("HttpResponse::Ok()", "HttpResponse::Accepted()"),
    ("HttpResponse::ServiceUnavailable()", "HttpResponse::Ok()"),
];

static NUMBER: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\b\d[\d_]*\b").expect("valid"));
static TEXT: LazyLock<Regex> = LazyLock::new(|| Regex::new(r#""([^"\\{}]+)""#).expect("valid"));

/// What a person reads and no check can judge.
const WORDS_OF_ONES_OWN: [&str; 6] = [
    ".expect(", "trace!(", "debug!(", "info!(", "warn!(", "error!(",
];

/// All mutants of `code`, without its tests.
pub fn mutants(code: &str) -> Vec<Mutant> {
    let mut mutants = Vec::new();
    for (index, line) in code.lines().enumerate() {
        let trimmed = line.trim();
        if trimmed == "#[cfg(test)]" {
            break;
        }
        if ["//", "use ", "pub use ", "#", "mod "]
            .iter()
            .any(|start| trimmed.starts_with(start))
        {
            continue;
        }
        for (old, new) in SWAPS {
            for (at, _) in line.match_indices(old) {
                mutants.push(replaced(code, index, at..at + old.len(), new));
            }
        }
        for number in NUMBER.find_iter(line) {
            let value: u64 = number.as_str().replace('_', "").parse().unwrap_or_default();
            mutants.push(replaced(
                code,
                index,
                number.range(),
                &(2 * value + 1).to_string(),
            ));
        }
        if !WORDS_OF_ONES_OWN.iter().any(|macros| line.contains(macros)) {
            for text in TEXT.captures_iter(line).filter_map(|found| found.get(1)) {
                let changed = format!("{}x", text.as_str());
                mutants.push(replaced(code, index, text.range(), &changed));
            }
        }
        if is_whole(trimmed) {
            mutants.push(without(code, index));
        }
    }
    mutants
}

/// A call in a chain, or a statement, that is on one line and that the others compile without.
fn is_whole(line: &str) -> bool {
    let call = line.starts_with('.') && line.ends_with(')');
    let statement = line.ends_with(';')
        && ![
            "let ", "const ", "static ", "pub ", "type ", "return", "}", ")",
        ]
        .iter()
        .any(|start| line.starts_with(start));
    let count = |letter| line.matches(letter).count();
    (call || statement) && count('(') == count(')') && count('{') == count('}')
}
