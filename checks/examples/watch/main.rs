//! Draws `cargo verify watch` for the README: a real run in a terminal, as an SVG that moves.
//!
//! ```console
//! $ cargo run -p checks --example watch > docs/watch.svg
//! ```

#[cfg(target_os = "linux")]
#[path = "../../tests/common/for_examples.rs"]
mod common;
#[cfg(target_os = "linux")]
mod film;
#[cfg(target_os = "linux")]
mod screen;
#[cfg(target_os = "linux")]
mod session;

#[cfg(target_os = "linux")]
fn main() -> anyhow::Result<()> {
    let frames = screen::frames(&session::record()?);
    print!("{}", film::svg(&frames));
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn main() {
    eprintln!("it needs the terminals of Linux");
}
