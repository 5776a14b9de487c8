//! What stands beside what, or below it where the terminal is too narrow.

use std::fmt::Write;

use crate::ui::{
    columns::width,
    style::{DIM, wrapped},
};

/// Where an id begins.
pub const INDENT: usize = 4;

/// The width of the longest id.
const ID_WIDTH: usize = 35;

/// An id, and what is said of it: beside it, or where there is no room for that, below it.
pub fn in_columns(id: &str, said: &str) -> String {
    let line = format!("{id:ID_WIDTH$} {said}");
    if INDENT + line.chars().count() <= width() {
        line
    } else {
        below(id, said)
    }
}

/// An id, and below it what is said of it.
pub fn below(id: &str, said: &str) -> String {
    format!("{id}\n{}", wrapped(said, INDENT + 2))
}

/// A label, and beside it a text that may have many lines, which `lay_out` puts into the column beside the labels. Where that
/// column would be a narrow one, the text stands below its label.
pub fn field(label: &str, value: &str, lay_out: fn(&str, usize) -> String) -> String {
    const BESIDE: usize = 20;
    const NARROW: usize = 40;
    let mut text = String::new();
    if width() < BESIDE + NARROW {
        let _ = writeln!(text, "      {DIM}{label}{DIM:#}");
        for line in value.lines() {
            let _ = writeln!(text, "{}", lay_out(line, INDENT + 4));
        }
        return text;
    }
    for (number, line) in value.lines().enumerate() {
        let line = lay_out(line, BESIDE);
        if number == 0 {
            let beside = line.get(BESIDE..).unwrap_or_default();
            let _ = writeln!(text, "      {DIM}{label:<14}{DIM:#}{beside}");
        } else {
            let _ = writeln!(text, "{line}");
        }
    }
    text
}

/// `text` as it is: a command that is broken into lines cannot be pasted.
pub fn indented(text: &str, indent: usize) -> String {
    format!("{:indent$}{text}", "")
}
