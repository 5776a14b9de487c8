//! The requirements of the tests that build with Docker. Where those tests cannot be run, they are ignored, and the reason is
//! printed.

use std::{collections::BTreeSet, fs, path::Path};

use anyhow::{Context, ensure};
use checks::{
    commands::doctor::images::{of_compose, of_dockerfile},
    tools::docker,
};

use crate::common::workspace;

/// The base image of some attempts.
const ALSO: &str = "debian:bookworm-slim";

/// Why these tests cannot be run: no engine, or an image that would have to be pulled first, which no test does.
pub fn blocked() -> Option<String> {
    let workspace = workspace();
    match docker::engine() {
        Err(blocked) => Some(blocked.why),
        Ok(_) => match missing(&workspace) {
            Ok(missing) if missing.is_empty() => None,
            Ok(missing) => Some(format!(
                "Not here: {missing}. Bring them with docker pull",
                missing = missing.join(", ")
            )),
            Err(error) => Some(format!("{error:#}")),
        },
    }
}

fn missing(root: &Path) -> anyhow::Result<Vec<String>> {
    let mut images = of_dockerfile(&fs::read_to_string(root.join("Dockerfile"))?);
    let folder = root.to_string_lossy();
    let config = docker::ask(&[
        "compose",
        "--project-directory",
        &folder,
        "config",
        "--format",
        "json",
    ])?;
    ensure!(config.status.success(), "compose.yaml cannot be read");
    images.extend(of_compose(&config.stdout));
    let images: BTreeSet<String> = images
        .into_iter()
        .map(|(image, _)| image)
        .chain([ALSO.to_owned()])
        .collect();
    let mut missing = Vec::new();
    for image in images {
        let inspected = docker::ask(&["image", "inspect", &image]).context("docker is gone")?;
        if !inspected.status.success() {
            missing.push(image);
        }
    }
    Ok(missing)
}
