//! Real texts, damaged.

use std::ops::Range;

use arbtest::arbitrary::{Result, Unstructured};

/// What means something to one reader or another.
const TOKENS: [&str; 48] = [
    "\n",
    "\r\n",
    "\0",
    " ",
    "\t",
    "\u{2028}",
    "\u{feff}",
    "가",
    "\"",
    "'",
    "`",
    "\\",
    "\\u",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "<",
    ">",
    ",",
    ";",
    ":",
    ": ",
    "- ",
    "-",
    "+",
    "=",
    "=~",
    "!~",
    "#",
    "&a ",
    "*a ",
    "<<: *a",
    "|",
    "!!str ",
    "%",
    "&amp;",
    "@@\n",
    "--",
    "0",
    "-1",
    "999:0",
    "1e999",
    "99999999999999999999",
    "NaN",
    "\r\n.\r\n",
];

/// The longest piece that is removed, doubled or taken from elsewhere.
const PIECE: usize = 200;

/// How often a token is repeated: brackets in brackets.
const DEEP: [usize; 3] = [3, 30, 3_000];

pub fn damaged(corpus: &[Vec<u8>], random: &mut Unstructured) -> Result<Vec<u8>> {
    let mut text = random.choose(corpus)?.clone();
    for _ in 0..random.int_in_range(1..=6)? {
        let piece = piece(&text, random)?;
        match random.int_in_range(0..=6)? {
            0 => drop(text.drain(piece)),
            1 => {
                let twice = text[piece.clone()].to_vec();
                text.splice(piece.start..piece.start, twice);
            }
            2 => {
                let bytes: Vec<u8> = random.arbitrary()?;
                text.splice(piece, bytes);
            }
            3 => drop(text.splice(piece.start..piece.start, random.choose(&TOKENS)?.bytes())),
            4 => {
                let token = random.choose(&TOKENS)?.repeat(*random.choose(&DEEP)?);
                text.splice(piece.start..piece.start, token.into_bytes());
            }
            5 => {
                let word = word(&text, piece.start);
                text.splice(word, random.choose(&TOKENS)?.bytes());
            }
            _ => {
                let other = random.choose(corpus)?;
                let from = self::piece(other, random)?;
                text.splice(piece, other[from].iter().copied());
            }
        }
    }
    Ok(text)
}

fn piece(text: &[u8], random: &mut Unstructured) -> Result<Range<usize>> {
    let start = random.int_in_range(0..=text.len())?;
    let end = text.len().min(start + random.int_in_range(0..=PIECE)?);
    Ok(start..end)
}

/// What stands at a place between spaces, quotation marks and brackets.
fn word(text: &[u8], at: usize) -> Range<usize> {
    let ends = |byte: &u8| byte.is_ascii_whitespace() || b"\"'`()[]{}<>,".contains(byte);
    let start = text[..at].iter().rposition(ends).map_or(0, |end| end + 1);
    let end = text[at..].iter().position(ends);
    start..end.map_or(text.len(), |end| at + end)
}
