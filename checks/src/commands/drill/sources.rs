//! Where Prometheus and Alertmanager come from, and how they are started.

use super::{environment::Environment, files};
use crate::tools::{
    alertmanager::{self, Alertmanager},
    container::{ALERTMANAGER, PROMETHEUS},
    docker,
    prometheus::Prometheus,
    source::Source,
};

/// Prometheus' source, and Alertmanager's.
pub type Sources = (Source, Source);

/// Finds both on the PATH, or as images.
///
/// # Errors
/// Why one is missing, with what to do about it.
pub fn sources(native: bool) -> Result<Sources, String> {
    if native {
        let prometheus = Source::on_path("Prometheus", &["prometheus"])?;
        let alertmanager = Source::on_path("Alertmanager", &alertmanager::NAMES)?;
        return Ok((prometheus, alertmanager));
    }
    docker::engine().map_err(|blocked| {
        format!(
            "{}. Without Docker: --native, with prometheus and alertmanager on PATH",
            blocked.why
        )
    })?;
    let prometheus = Source::image("the Prometheus", &PROMETHEUS)?;
    let alertmanager = Source::image("the Alertmanager", &ALERTMANAGER)?;
    Ok((prometheus, alertmanager))
}

/// Starts Prometheus with these rules. It scrapes the service in `environment` and notifies these Alertmanagers.
///
/// # Errors
/// When it cannot be started, or rejects the rules.
pub fn prometheus_for(
    environment: &Environment,
    (source, _): &Sources,
    rules: &str,
    alertmanagers: &[Alertmanager],
) -> anyhow::Result<Prometheus> {
    // As seen from where Prometheus runs.
    let seen = |address: &str| address.replace("127.0.0.1", source.host());
    let target = seen(&environment.address().to_string());
    let alertmanagers: Vec<String> = alertmanagers
        .iter()
        .map(|alertmanager| seen(alertmanager.url().trim_start_matches("http://")))
        .collect();
    let config = files::prometheus(&target, &alertmanagers);
    Prometheus::start(
        source,
        &[("alerts.yml", rules), ("prometheus.yml", &config)],
    )
}
