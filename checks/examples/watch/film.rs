//! Pictures one after the other in one SVG, without a script: a browser shows each for as long as it was seen.

use std::fmt::Write;

use anstyle_svg::Term;

use crate::screen::{Frame, ROWS};

/// How long the last picture stays.
const LAST: f64 = 6.0;

const WIDTH: usize = 740;
const LINE: usize = 18;

pub fn svg(frames: &[Frame]) -> String {
    let begins: Vec<f64> = frames
        .iter()
        .map(|frame| (frame.at - frames[0].at).as_secs_f64())
        .collect();
    let total = begins.last().copied().unwrap_or_default() + LAST;
    let (mut styles, mut pictures, mut film) = (Vec::new(), String::new(), String::new());
    for (index, frame) in frames.iter().enumerate() {
        let drawn = Term::new().render_svg(&frame.text);
        let style = between(&drawn, "<style>", "</style>");
        for rule in style
            .lines()
            .filter(|rule| rule.trim_start().starts_with(".fg"))
        {
            if !styles.contains(&rule.to_owned()) {
                styles.push(rule.to_owned());
            }
        }
        let text = between(&drawn, "<text", "</text>");
        let _ = writeln!(
            pictures,
            "  <g class=\"frame f{index}\"><text{text}</text></g>"
        );
        film += &shown(index, begins[index], begins.get(index + 1).copied(), total);
    }
    let height = usize::from(ROWS) * LINE + 2 * 10;
    let (last, styles) = (frames.len().saturating_sub(1), styles.join("\n"));
    format!(
        "<svg width=\"{WIDTH}px\" height=\"{height}px\" xmlns=\"http://www.w3.org/2000/svg\">
  <style>
    .bg {{ fill: #000000 }}
    .container {{ padding: 0 10px; line-height: {LINE}px; }}
    .bold {{ font-weight: bold; }}
    .dimmed {{ opacity: 0.6; }}
    tspan {{ font: 14px SFMono-Regular, Consolas, Liberation Mono, Menlo, monospace; white-space: pre; }}
{styles}
    .frame {{ visibility: hidden; animation: {total:.2}s step-end infinite; }}
{film}    @media (prefers-reduced-motion: reduce) {{ .frame {{ animation: none !important; }} .f{last} {{ visibility: visible; }} }}
  </style>

  <rect width=\"100%\" height=\"100%\" y=\"0\" rx=\"4.5\" class=\"bg\" />

{pictures}</svg>
"
    )
}

/// When the picture is seen, in percent of the whole film.
fn shown(index: usize, begin: f64, end: Option<f64>, total: f64) -> String {
    let percent = |seconds: f64| seconds / total * 100.0;
    let mut keys = String::new();
    if begin > 0.0 {
        keys += "0% { visibility: hidden; } ";
    }
    let _ = write!(keys, "{:.3}% {{ visibility: visible; }}", percent(begin));
    if let Some(end) = end {
        let _ = write!(keys, " {:.3}% {{ visibility: hidden; }}", percent(end));
    }
    format!("    .f{index} {{ animation-name: k{index}; }} @keyframes k{index} {{ {keys} }}\n")
}

fn between<'a>(text: &'a str, begin: &str, end: &str) -> &'a str {
    let rest = text.split_once(begin).map_or("", |(_, rest)| rest);
    rest.rsplit_once(end).map_or("", |(inside, _)| inside)
}
