//! What a terminal shows at each moment, of the few codes that the self-check and cargo send.

use std::time::Duration;

use crate::common::terminal::Part;

pub const ROWS: u16 = 34;

/// What came so close together is one picture.
const AT_ONCE: Duration = Duration::from_millis(120);

/// A picture: how long after the first one it is seen, and its lines, with their colours.
pub struct Frame {
    pub at: Duration,
    pub text: String,
}

/// The pictures that the output makes, one after the other.
pub fn frames(parts: &[Part]) -> Vec<Frame> {
    let mut screen = Screen::default();
    let mut frames: Vec<Frame> = Vec::new();
    let begin = parts.first().map(|part| part.at);
    for part in parts {
        screen.write(&part.text);
        let at = begin.map_or(Duration::ZERO, |begin| part.at - begin);
        let text = screen.text();
        match frames.last_mut() {
            Some(last) if last.text == text => {}
            Some(last) if at - last.at < AT_ONCE => last.text = text,
            _ => frames.push(Frame { at, text }),
        }
    }
    // The first one is an empty terminal.
    frames.retain(|frame| !frame.text.trim().is_empty());
    frames
}

#[derive(Default)]
struct Screen {
    lines: Vec<String>,
    /// A code that is not complete yet.
    code: String,
    /// The next letter begins the line anew.
    returned: bool,
}

impl Screen {
    fn write(&mut self, text: &str) {
        for letter in text.chars() {
            match letter {
                _ if !self.code.is_empty() || letter == '\x1b' => self.extend_code(letter),
                '\n' => {
                    self.returned = false;
                    self.lines.push(String::new());
                }
                '\r' => self.returned = true,
                _ => self.line().push(letter),
            }
        }
    }

    fn extend_code(&mut self, letter: char) {
        self.code.push(letter);
        if !letter.is_ascii_alphabetic() {
            return;
        }
        let code = std::mem::take(&mut self.code);
        match letter {
            'J' => self.lines.clear(),
            'K' if !code.contains("[K") => self.line().clear(),
            'm' => self.line().push_str(&code),
            // The cursor goes home, to a screen that was cleared; or the rest of a line is erased, which is empty.
            _ => {}
        }
    }

    fn line(&mut self) -> &mut String {
        if self.lines.is_empty() {
            self.lines.push(String::new());
        }
        let last = self.lines.len() - 1;
        if std::mem::take(&mut self.returned) {
            self.lines[last].clear();
        }
        &mut self.lines[last]
    }

    /// The last lines, as many as fit.
    fn text(&self) -> String {
        let hidden = self.lines.len().saturating_sub(usize::from(ROWS));
        self.lines[hidden..].join("\n")
    }
}
