//! Texts that are longer than any line of a terminal.

use super::service::{RunningService, curl};
use crate::{
    check::Failure,
    harness::{random::random_word, text::varying},
};

/// The number of letters in a long text: an error of a database can have as many. A body that is taken as text may have 16 KiB.
const LONG: usize = 15_000;

/// The message has all of the text, up to its last word.
pub fn are_whole(service: &RunningService) -> Result<(), Failure> {
    let (word, last) = (random_word(), random_word());
    let text = format!("{word} {} {last}", "x".repeat(LONG));
    service.ask("POST", "/drill/log", &[], &text)?;
    let expected = format!("drill: {text}");
    let found = match service.event(&word) {
        Some(event) if event.text("msg") == expected => return Ok(()),
        Some(event) => {
            let letters = event.text("msg").chars().count();
            format!("msg has {} letters", varying("fewer", letters))
        }
        None => service.instead_of(&word),
    };
    let curl = curl("POST", "/drill/log", " --data-binary @-");
    Err(service.failure(
        &format!("head -c {LONG} /dev/zero | tr '\\0' x | {curl}"),
        format!("one line, with all {LONG} letters of the text in msg"),
        found,
        "the text is cut: what it says at its end is often what one looks for",
    ))
}
