//! Draws what a terminal shows, for the README: text with colours on stdin, SVG on stdout.
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
