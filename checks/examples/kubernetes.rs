//! Writes the two files of `solutions/kubernetes` that follow from `solutions/alerts.yml` and `solutions/alertmanager.yml`:
//!
//! ```console
//! $ cargo run -p checks --example kubernetes
//! ```

#[path = "../tests/common/for_examples.rs"]
mod common;
#[path = "../tests/kubernetes/generated.rs"]
mod generated;

use std::fs;

fn main() -> anyhow::Result<()> {
    let solutions = common::workspace().join("solutions");
    for (name, text) in generated::files(&solutions)? {
        fs::write(solutions.join("kubernetes").join(name), text)?;
        println!("solutions/kubernetes/{name}");
    }
    Ok(())
}
