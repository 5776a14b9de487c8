//! Mutants of a configuration: each threshold, window, matcher, label and interval changed, each line left out.

use std::sync::LazyLock;

use regex::Regex;

use super::mutant::{Mutant, replaced, without};

const SWAPS: [(&str, &str); 12] = [
    (" == ", " != "),
    (" > ", " < "),
    (" < ", " > "),
    (" / ", " * "),
    (" and ", " or "),
    (" unless ", " and "),
    (" or ", " and "),
    ("=~", "!~"),
    ("!~", "=~"),
    ("=\"", "!=\""),
    ("true", "false"),
    ("rate(", "sum("),
];

static NUMBER: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\d+(\.\d+)?").expect("valid"));

/// All mutants of `text`.
pub fn mutants(text: &str) -> Vec<Mutant> {
    let mut mutants = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        for (old, new) in SWAPS {
            for (at, _) in line.match_indices(old) {
                mutants.push(replaced(text, index, at..at + old.len(), new));
            }
        }
        for number in NUMBER.find_iter(line) {
            let value: f64 = number.as_str().parse().unwrap_or_default();
            let changed = if value == 0.0 { 1.0 } else { 2.0 * value };
            mutants.push(replaced(text, index, number.range(), &changed.to_string()));
        }
        let scalar = trimmed.trim_start_matches("- ");
        if let Some((_, value)) = scalar.split_once(": ") {
            let at = line.len() - value.len();
            if value.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
                mutants.push(replaced(text, index, at..line.len(), &format!("{value}x")));
            }
            if !trimmed.starts_with("- ") {
                mutants.push(without(text, index));
            }
        } else if trimmed.starts_with("- ") && !trimmed.ends_with(':') {
            mutants.push(without(text, index));
        }
    }
    mutants
}
