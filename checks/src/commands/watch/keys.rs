//! The keys that the learner presses. On a terminal each counts at once; otherwise, and on Windows, after Enter.

use std::{
    io::{Read, stdin},
    sync::mpsc::{Receiver, channel},
    thread,
};

/// What a key stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Key {
    Run,
    Hint,
    List,
    Next,
    Difference,
    Quit,
    Other,
}

/// The keys from now on. The channel closes with the input.
pub fn pressed() -> Receiver<Key> {
    let (keys, pressed) = channel();
    thread::spawn(move || {
        for byte in stdin().lock().bytes().map_while(Result::ok) {
            let key = match byte.to_ascii_lowercase() {
                b'r' => Key::Run,
                b'h' => Key::Hint,
                b'l' => Key::List,
                b'n' => Key::Next,
                b'd' => Key::Difference,
                b'q' => Key::Quit,
                _ => Key::Other,
            };
            if keys.send(key).is_err() {
                return;
            }
        }
    });
    pressed
}
