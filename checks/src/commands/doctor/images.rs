//! The images that the Dockerfile and compose.yaml name.

use std::{
    collections::{BTreeMap, HashMap},
    fs, io,
    path::Path,
};

use serde::{Deserialize, de::IgnoredAny};

use super::{CONTAINER_STEPS, Finding, OBSERVING_STEPS, State};
use crate::{course::Step, tools::docker};

/// What an image is for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Use {
    /// The service in its container, and the database beside it.
    Container,
    /// What watches them.
    Observing,
}

impl Use {
    /// The steps that need it: `step 3`.
    pub fn steps(self) -> &'static str {
        match self {
            Use::Container => &CONTAINER_STEPS,
            Use::Observing => &OBSERVING_STEPS,
        }
    }

    /// Whether `step` is run with it. What watches a service comes together with it.
    pub fn is_for(self, step: &Step) -> bool {
        step.observed || (self == Use::Container && step.is_container())
    }
}

/// Which of them have been pulled. Docker is asked only if it is `usable`.
pub fn findings(root: &Path, usable: bool) -> Vec<Finding> {
    if !usable {
        let why = "Docker is not usable";
        return vec![Finding::not_checked("Images", &CONTAINER_STEPS, why)];
    }
    let (images, mut findings) = named(root);
    findings.extend(images.iter().map(|(image, usage)| present(image, *usage)));
    findings
}

/// The images that the files name, and a finding for each file that cannot be read.
pub fn named(root: &Path) -> (Vec<(String, Use)>, Vec<Finding>) {
    let mut images = Vec::new();
    let mut findings = Vec::new();
    match fs::read_to_string(root.join("Dockerfile")) {
        Ok(text) => images.extend(of_dockerfile(&text)),
        Err(error) => findings.push(unread("Dockerfile", &error.to_string())),
    }
    let folder = root.to_string_lossy();
    let config = ["compose", "--project-directory", &folder, "--profile", "*"];
    match docker::ask(&[&config[..], &["config", "--format", "json"]].concat()) {
        Ok(output) if output.status.success() => images.extend(of_compose(&output.stdout)),
        Ok(_) => findings.push(unread("compose.yaml", "`docker compose config` says why")),
        Err(error) => findings.push(unread("compose.yaml", &error.to_string())),
    }
    (images, findings)
}

fn unread(file: &str, why: &str) -> Finding {
    Finding::not_checked("Images", &CONTAINER_STEPS, &format!("{file}: {why}"))
}

/// An image that has not been pulled is not missing: it is pulled when needed, given a network.
fn present(image: &str, usage: Use) -> Finding {
    let steps = usage.steps();
    match is_here(image) {
        Ok(true) => Finding::new("Image", steps, image, State::Fine),
        Ok(false) => {
            let pull = format!("it is pulled when first used, or now: docker pull {image}");
            let found = format!("{image}: not here yet");
            Finding::new("Image", steps, found, State::Later(pull))
        }
        Err(error) => Finding::not_checked("Image", steps, &format!("{image}: {error}")),
    }
}

/// Whether the image has been pulled.
///
/// # Errors
/// When Docker does not say.
pub fn is_here(image: &str) -> io::Result<bool> {
    let inspected = docker::ask(&["image", "inspect", "--format", "{{json .Id}}", image])?;
    Ok(inspected.status.success())
}

/// The base images of a Dockerfile, and what they are for.
pub fn of_dockerfile(text: &str) -> Vec<(String, Use)> {
    let mut defaults = HashMap::new();
    let mut stages = vec!["scratch"];
    let mut images = Vec::new();
    for line in text.lines() {
        let mut words = line
            .split_whitespace()
            .filter(|word| !word.starts_with("--"));
        let instruction = words.next().unwrap_or_default().to_ascii_uppercase();
        match (instruction.as_str(), words.next()) {
            // Only arguments before the first stage apply to the names of images.
            ("ARG", Some(argument)) if images.is_empty() => {
                defaults.extend(argument.split_once('='));
            }
            ("FROM", Some(image)) => {
                if !stages.contains(&image) {
                    let image = filled_in(image, &defaults);
                    images.extend(image.map(|image| (image, Use::Container)));
                }
                // FROM image AS stage
                stages.extend(words.nth(1));
            }
            _ => {}
        }
    }
    images
}

/// `rust:${RUST_VERSION}-slim` with the defaults filled in. `None` if one has no default.
fn filled_in(image: &str, defaults: &HashMap<&str, &str>) -> Option<String> {
    let mut filled = String::new();
    let mut rest = image;
    while let Some((before, after)) = rest.split_once('$') {
        let (name, behind) = match after.strip_prefix('{') {
            Some(braced) => braced.split_once('}')?,
            None => {
                let end = after.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
                after.split_at(end.unwrap_or(after.len()))
            }
        };
        let (name, otherwise) = name.split_once(":-").unwrap_or((name, ""));
        let value = defaults.get(name).copied().unwrap_or(otherwise);
        if value.is_empty() {
            return None;
        }
        filled = filled + before + value;
        rest = behind;
    }
    Some(filled + rest)
}

/// The images that Compose pulls, from the output of `docker compose config --format json`, and what they are for.
pub fn of_compose(config: &[u8]) -> Vec<(String, Use)> {
    #[derive(Default, Deserialize)]
    struct Config {
        services: BTreeMap<String, Service>,
    }
    #[derive(Deserialize)]
    struct Service {
        image: Option<String>,
        build: Option<IgnoredAny>,
        #[serde(default)]
        profiles: Vec<String>,
    }
    let config: Config = serde_json::from_slice(config).unwrap_or_default();
    let pulled = config
        .services
        .into_values()
        .filter(|it| it.build.is_none());
    pulled
        .filter_map(|service| {
            let observes = !service.profiles.is_empty();
            Some((
                service.image?,
                if observes {
                    Use::Observing
                } else {
                    Use::Container
                },
            ))
        })
        .collect()
}
