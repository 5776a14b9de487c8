//! What the tests that build with Docker need. Where they cannot be run, they are ignored, and say why.

use std::{collections::BTreeSet, fs, path::Path};

use anyhow::{Context, ensure};
use checks::{
    docker,
    doctor::images::{of_compose, of_dockerfile},
};

use crate::common::{Scratch, workspace};

/// What a build of an image needs.
const COPIED: [&str; 8] = [
    ".dockerignore",
    "Cargo.lock",
    "Cargo.toml",
    "Dockerfile",
    "checks",
    "compose.yaml",
    "solutions",
    "steps",
];

/// What some attempts build upon.
const ALSO: &str = "debian:bookworm-slim";

/// A copy of the workspace for Docker to build from. It is the same to the letter, so that Docker need not build again what it
/// has built from the workspace.
pub fn scratch(name: &str) -> anyhow::Result<Scratch> {
    Scratch::copy(name, &COPIED)
}

/// Why they cannot: no engine, or an image that would have to be pulled first, which no test does.
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
