//! Makes foreign text safe to show, and marks values that differ in each run.

use std::{
    fmt::{self, Display, Formatter},
    sync::atomic::{AtomicBool, Ordering},
};

/// Whether messages show the names of varying values instead of the values.
static NAMES_SHOWN: AtomicBool = AtomicBool::new(false);

/// How much of a body is shown.
const LONGEST_SHOWN: usize = 400;

/// The same of a message to people, in bytes.
const LONGEST_MESSAGE: usize = 700;

/// `text`, truncated where it gets long. Control characters (including those of escape sequences, and those that change the
/// direction of writing) are spelled out.
pub fn printable(text: &str) -> String {
    let mut shown = String::new();
    for (count, character) in text.chars().enumerate() {
        if count == LONGEST_SHOWN {
            shown.push_str(" …");
            break;
        }
        let turns = matches!(character, '\u{61c}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if (character.is_control() && character != '\n') || turns {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// The first lines of a message to people about several things, [`printable`] and whole.
pub fn printable_lines(text: &str) -> String {
    let mut shown = String::new();
    for line in text.lines() {
        if shown.len() + line.len() > LONGEST_MESSAGE {
            shown.push_str("…\n");
            break;
        }
        shown.push_str(&printable(line));
        shown.push('\n');
    }
    shown.truncate(shown.trim_end().len());
    shown
}

/// A value that was measured or drawn at random. A message shows the value; where messages are compared with earlier ones, its
/// name instead.
pub struct Varying<T> {
    name: &'static str,
    value: T,
}

/// See [`Varying`].
pub fn varying<T: Display>(name: &'static str, value: T) -> Varying<T> {
    Varying { name, value }
}

impl<T: Display> Display for Varying<T> {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        if NAMES_SHOWN.load(Ordering::Relaxed) {
            write!(f, "<{}>", self.name)
        } else {
            self.value.fmt(f)
        }
    }
}

/// From now on messages show names in place of varying values: for tests that compare messages.
pub fn show_names_of_varying_values() {
    NAMES_SHOWN.store(true, Ordering::Relaxed);
}
