//! One change of a text.

use std::ops::Range;

/// A text with one change.
pub struct Mutant {
    /// `old line -> new line`, or `old line -> (gone)`.
    pub change: String,
    pub text: String,
}

/// With `new` in place of the bytes `range` of the line at `index`.
pub fn replaced(text: &str, index: usize, range: Range<usize>, new: &str) -> Mutant {
    let line = text.lines().nth(index).unwrap_or_default();
    let changed = [&line[..range.start], new, &line[range.end..]].concat();
    Mutant {
        change: format!("{} -> {}", line.trim(), changed.trim()),
        text: with_line(text, index, Some(&changed)),
    }
}

/// Without the line at `index`.
pub fn without(text: &str, index: usize) -> Mutant {
    let line = text.lines().nth(index).unwrap_or_default();
    Mutant {
        change: format!("{} -> (gone)", line.trim()),
        text: with_line(text, index, None),
    }
}

fn with_line(text: &str, index: usize, new: Option<&str>) -> String {
    let lines = text.lines().enumerate();
    let lines = lines.filter_map(|(at, line)| if at == index { new } else { Some(line) });
    lines.fold(String::new(), |text, line| text + line + "\n")
}
