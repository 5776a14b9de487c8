//! A learner's own features, carried from each step into each later one, compile there.

use std::process::Command;

use anyhow::ensure;
use checks::course::STEPS;

use crate::common::{scratch::Scratch, verify::verify};

pub fn every_feature_can_be_carried_into_every_later_step() -> anyhow::Result<()> {
    let scratch = Scratch::new("carried")?;
    let root = scratch.root();
    let with_code = |step: &&checks::course::Step| step.task.ends_with(".rs");
    for from in STEPS.iter().filter(with_code) {
        let solution = root.join("solutions").join(from.task);
        scratch.lay(&solution, format!("{}/{}", from.folder, from.task))?;
    }
    for from in STEPS.iter().filter(with_code) {
        for to in STEPS.iter().filter(|to| to.number > from.number) {
            let carried = verify(root, &["carry", from.name, to.name]).output()?;
            let said = String::from_utf8_lossy(&carried.stderr);
            ensure!(
                carried.status.success(),
                "{} to {}: {said}",
                from.name,
                to.name
            );
        }
    }
    let mut check = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
    check.current_dir(root).args(["check", "--quiet"]);
    let packages = STEPS.iter().flat_map(|step| ["--package", step.package]);
    let checked = check.args(packages).output()?;
    let said = String::from_utf8_lossy(&checked.stderr);
    ensure!(checked.status.success(), "{said}");
    Ok(())
}
