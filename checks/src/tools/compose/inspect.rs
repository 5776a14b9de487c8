//! The fields of `docker inspect` for a container or an image, as far as we use them.

use std::collections::BTreeMap;

use serde::{Deserialize, de::IgnoredAny};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Container {
    pub state: State,
    pub config: Config,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct State {
    pub running: bool,
    pub exit_code: i32,
    /// None without a HEALTHCHECK.
    pub health: Option<Health>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Health {
    /// `starting`, `healthy` or `unhealthy`.
    pub status: String,
    log: Option<Vec<Probe>>,
}

/// One completed probe. Docker keeps the last five.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Probe {
    /// Its start time by the engine's clock, which identifies it.
    pub start: String,
    /// -1 if it could not be started, or took too long.
    pub exit_code: i32,
    pub output: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Config {
    /// Empty for root.
    pub user: String,
    /// What runs commands in shell form, if it is not the usual one.
    shell: Option<Vec<String>>,
    healthcheck: Option<Healthcheck>,
    /// The folders of the `VOLUME` instructions.
    volumes: Option<BTreeMap<String, IgnoredAny>>,
}

/// A HEALTHCHECK. Durations are in nanoseconds; 0 means that none is given.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Healthcheck {
    pub test: Option<Vec<String>>,
    pub interval: u64,
    pub timeout: u64,
    pub start_period: u64,
    pub start_interval: u64,
    pub retries: u32,
}

impl Health {
    /// The completed probes, the latest one last.
    pub fn probes(&self) -> &[Probe] {
        self.log.as_deref().unwrap_or_default()
    }
}

impl Config {
    /// The words of the HEALTHCHECK's command; none without one.
    pub fn probe(&self) -> Vec<String> {
        let test = self.healthcheck().and_then(|check| check.test.as_deref());
        match test.unwrap_or_default() {
            [form, command] if form == "CMD-SHELL" => {
                let usual = || vec!["/bin/sh".to_owned(), "-c".to_owned()];
                let mut words = self.shell.clone().unwrap_or_else(usual);
                words.push(command.clone());
                words
            }
            [_, words @ ..] => words.to_vec(),
            [] => Vec::new(),
        }
    }

    /// The folders that are volumes.
    pub fn volumes(&self) -> impl Iterator<Item = &str> {
        self.volumes
            .iter()
            .flat_map(BTreeMap::keys)
            .map(String::as_str)
    }

    /// The HEALTHCHECK, if there is one: `HEALTHCHECK NONE` counts as none.
    pub fn healthcheck(&self) -> Option<&Healthcheck> {
        let check = self.healthcheck.as_ref()?;
        let test = check.test.as_deref().unwrap_or_default();
        test.first()
            .is_some_and(|word| word != "NONE")
            .then_some(check)
    }
}
