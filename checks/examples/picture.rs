//! Draws terminal output for the README: reads text with colours from stdin, and writes SVG to stdout.
//!
//! ```console
//! $ CLICOLOR_FORCE=1 cargo verify drill --solutions --auto | cargo run -q -p checks --example picture > docs/drill.svg
//! ```

use std::io::{self, Read};

fn main() -> io::Result<()> {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text)?;
    print!("{}", anstyle_svg::Term::new().render_svg(&text));
    Ok(())
}
