//! The lines that are kept of a log: whatever a program writes, they take a bounded amount of memory.

use std::{
    collections::VecDeque,
    io::{self, BufRead, Read},
};

use super::Stream;

/// The most lines that are kept, and the most bytes; the oldest are dropped first.
const KEPT: usize = 50_000;
const KEPT_BYTES: usize = 64 * 1024 * 1024;

/// The longest line, in bytes. What follows counts as another line.
const LONGEST: u64 = 256 * 1024;

/// One line, without its end.
#[derive(Clone, Debug)]
pub struct Line {
    pub text: String,
    pub stream: Stream,
}

#[derive(Default)]
pub struct Lines {
    pub kept: VecDeque<Line>,
    bytes: usize,
}

impl Lines {
    pub fn push(&mut self, line: Line) {
        self.bytes += line.text.len();
        self.kept.push_back(line);
        while self.kept.len() > KEPT || self.bytes > KEPT_BYTES {
            let dropped = self.kept.pop_front();
            self.bytes -= dropped.map_or(0, |line| line.text.len());
        }
    }
}

/// Reads the next line, or as much of it as is kept. `None`: there is none.
pub fn next(from: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    let read = from.by_ref().take(LONGEST).read_until(b'\n', &mut line)?;
    let text = String::from_utf8_lossy(&line).trim_end().to_owned();
    Ok((read > 0).then_some(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_line_end_is_kept_in_part() -> io::Result<()> {
        let mut endless = io::BufReader::new(io::repeat(b'x').take(2 * KEPT_BYTES as u64));
        let mut lines = Lines::default();
        while let Some(text) = next(&mut endless)? {
            let stream = Stream::Stdout;
            lines.push(Line { text, stream });
            assert!(lines.bytes <= KEPT_BYTES);
        }
        assert_eq!(lines.bytes, KEPT_BYTES);
        let kept: usize = lines.kept.iter().map(|line| line.text.len()).sum();
        assert_eq!(kept, KEPT_BYTES);
        Ok(())
    }
}
