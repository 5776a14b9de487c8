//! Draws the requests per second of the peers: reads what the bench printed from stdin, and writes SVG to stdout, which is light
//! or dark as the reader's page is.
//!
//! ```console
//! $ cargo bench -p checks --bench peers --profile dev | cargo run -q -p checks --example bars > docs/peers.svg
//! ```

use std::io::{self, Read};

/// The programs that are shown: how their names begin in the table, and what they are called in the picture.
const SHOWN: [(&str, &str); 4] = [
    ("FastAPI lesson, 2 workers", "FastAPI lesson"),
    ("FastAPI lesson, with a pool", "the same, with a pool"),
    ("axum", "axum"),
    ("+ signals", "this workshop"),
];

/// In pixels: the height of a line, where bars begin, and the length of the longest.
const LINE: usize = 24;
const LEFT: usize = 170;
const LONGEST: f64 = 420.0;

const STYLE: &str = "text { font: 14px sans-serif; fill: #1f2328 } .of { font-weight: bold } rect { fill: #8c959f } .ours { fill: #1a7f37 }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } rect { fill: #6e7681 } .ours { fill: #3fb950 } }";

fn main() -> io::Result<()> {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text)?;
    let mut drawn = String::new();
    let mut y = 0;
    for (route, bars) in routes(&text) {
        y += LINE;
        drawn.push_str(&format!(
            "<text class=\"of\" x=\"8\" y=\"{y}\">{route}, requests per second</text>\n"
        ));
        let most = bars.iter().map(|(_, value)| *value).fold(1.0, f64::max);
        for (name, value) in bars {
            y += LINE;
            let (top, width) = (y - 14, (value / most * LONGEST).max(1.0));
            let class = if name == SHOWN[3].1 {
                " class=\"ours\""
            } else {
                ""
            };
            let end = LEFT as f64 + width + 6.0;
            drawn.push_str(&format!(
                "<text x=\"8\" y=\"{y}\">{name}</text><rect{class} x=\"{LEFT}\" y=\"{top}\" width=\"{width:.0}\" height=\"18\"/>\
                 <text x=\"{end:.0}\" y=\"{y}\">{value:.0}</text>\n"
            ));
        }
        y += LINE / 2;
    }
    println!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"680\" height=\"{y}\" role=\"img\">\n<title>Requests per second, beside peers</title>\n\
         <style>{STYLE}</style>\n{drawn}</svg>"
    );
    Ok(())
}

/// The routes with their bars: the first number behind each program that is shown.
fn routes(text: &str) -> Vec<(&str, Vec<(&'static str, f64)>)> {
    let mut routes: Vec<(&str, Vec<_>)> = Vec::new();
    for line in text.lines() {
        let mut cells = line.trim_start_matches("| ").split(" | ");
        let (name, value) = (cells.next().unwrap_or_default(), cells.next());
        let shown = SHOWN.iter().find(|(begins, _)| name.starts_with(begins));
        let value = value.and_then(|value| value.parse::<f64>().ok());
        if line.starts_with("`GET ") || line.starts_with("`POST ") {
            routes.push((line.trim_matches('`'), Vec::new()));
        } else if let Some(((_, called), value)) = shown.zip(value) {
            routes
                .last_mut()
                .into_iter()
                .for_each(|(_, bars)| bars.push((*called, value)));
        }
    }
    routes
}
