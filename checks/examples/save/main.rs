//! From a save to the first line of the verdict, with `cargo verify watch`, and beside it with rustlings, if it is named:
//!
//! ```console
//! $ cargo install rustlings && rustlings init && cd rustlings && rustlings     # Enter, n, q
//! $ cargo run -p checks --example save -- rustlings/
//! ```
//!
//! All watch at the same time and are saved to in turns, so that other load on the machine affects all of them alike.

#[cfg(target_os = "linux")]
#[path = "../../tests/common/for_examples.rs"]
mod common;
#[cfg(target_os = "linux")]
mod watched;

#[cfg(target_os = "linux")]
fn main() -> anyhow::Result<()> {
    use std::{env, path::Path};

    use common::scratch::Scratch;
    use watched::Watched;

    /// The first is not counted: it fills caches.
    const ROUNDS: usize = 7;

    let scratch = Scratch::whole("save")?;
    let folder = env::args().nth(1);
    let mut all = Vec::new();
    for step in ["1", "2", "4", "7"] {
        all.push(Watched::step(&scratch, step)?);
    }
    if let Some(folder) = &folder {
        all.push(Watched::rustlings(Path::new(folder))?);
    }
    for round in 0..=ROUNDS {
        for watched in &mut all {
            watched.save(round)?;
        }
    }
    println!(
        "from a save to the first line of the verdict, in s: median of {ROUNDS} (least, most)"
    );
    for watched in all {
        let mut times = watched.times;
        times.remove(0);
        times.sort_by(f64::total_cmp);
        let (least, most) = (times[0], times[times.len() - 1]);
        let median = times[times.len() / 2];
        println!("{:28} {median:.2} ({least:.2}, {most:.2})", watched.name);
    }
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn main() {
    eprintln!("it needs the terminals of Linux");
}
