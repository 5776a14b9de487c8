//! What `docker inspect` says about a container or an image, as far as it is looked at.

use serde::Deserialize;

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
    /// None where nothing says how it is.
    pub health: Option<Health>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Health {
    /// `starting`, `healthy` or `unhealthy`.
    pub status: String,
    log: Option<Vec<Probe>>,
}

/// One probe that has ended. Docker keeps the last five.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Probe {
    /// When it began, by the engine's clock: tells it from the others.
    pub start: String,
    /// -1 where it could not be started, or took too long.
    pub exit_code: i32,
    pub output: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Config {
    /// Empty for root.
    pub user: String,
    healthcheck: Option<Healthcheck>,
}

/// A HEALTHCHECK. Durations are in nanoseconds, and 0 is: not said.
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
    /// The probes that have ended, the last one last.
    pub fn probes(&self) -> &[Probe] {
        self.log.as_deref().unwrap_or_default()
    }
}

impl Config {
    /// The HEALTHCHECK, if there is one: `HEALTHCHECK NONE` is none.
    pub fn healthcheck(&self) -> Option<&Healthcheck> {
        let check = self.healthcheck.as_ref()?;
        let test = check.test.as_deref().unwrap_or_default();
        test.first()
            .is_some_and(|word| word != "NONE")
            .then_some(check)
    }
}
