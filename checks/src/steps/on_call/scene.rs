//! What all the checks of this step share.

use std::{fmt::Write, fs, path::Path};

use crate::{
    alertmanager::config::{Config, Labels},
    check::Failure,
    http::printable,
};

use super::alerts::words;

/// A file that can be read.
pub struct Scene {
    /// `steps/07-on-call/alertmanager.yml`
    pub file: String,
    pub text: String,
    pub config: Config,
    /// Its templates, if it has any: names, and what is in them.
    pub templates: Vec<(String, String)>,
}

impl Scene {
    /// `folder` is what the learner knows it by, below the root.
    pub fn read(path: &Path, folder: &str) -> Result<Scene, Failure> {
        let file = format!("{folder}/alertmanager.yml");
        let failed = |found: String| Failure {
            expected: "a configuration of Alertmanager".to_owned(),
            found,
            how: format!("amtool check-config {file}"),
            perhaps: None,
        };
        let text = fs::read_to_string(path).map_err(|error| failed(format!("{file}: {error}")))?;
        let config = Config::read(&text).map_err(|why| failed(printable(&why)))?;
        let beside = path.parent().and_then(|folder| fs::read_dir(folder).ok());
        let templates = beside
            .into_iter()
            .flatten()
            .filter_map(|entry| {
                let name = entry.ok()?.file_name().into_string().ok()?;
                let text = fs::read_to_string(path.with_file_name(&name));
                Some((name, text.ok()?)).filter(|(name, _)| name.ends_with(".tmpl"))
            })
            .collect();
        Ok(Scene {
            file,
            text,
            config,
            templates,
        })
    }

    pub fn beside(&self) -> Vec<(&str, &str)> {
        let templates = self.templates.iter();
        templates
            .map(|(name, text)| (name.as_str(), text.as_str()))
            .collect()
    }

    /// How to see where an alert goes; amtool leaves out the hours.
    pub fn route_of(&self, labels: &Labels) -> String {
        format!(
            "amtool config routes test \\\n  --config.file={} \\\n  {}",
            self.file,
            words(labels)
        )
    }

    /// How to see what Alertmanager makes of alerts that fire.
    pub fn fire(&self, alerts: &[&Labels]) -> String {
        let finished = match self.file.starts_with("solutions") {
            true => "--env-file solutions/demo.env ",
            false => "",
        };
        let mut how = format!("docker compose {finished}--profile observe up --wait alertmanager");
        for labels in alerts {
            let _ = write!(
                how,
                "\namtool --alertmanager.url=http://localhost:9093 alert add \\\n  {}",
                words(labels)
            );
        }
        how
    }
}

pub fn failure(
    expected: impl Into<String>,
    found: impl Into<String>,
    how: impl Into<String>,
) -> Failure {
    Failure {
        expected: expected.into(),
        found: found.into(),
        how: how.into(),
        perhaps: None,
    }
}

impl Failure {
    /// With the likely cause.
    pub(super) fn perhaps(self, cause: Option<impl Into<String>>) -> Failure {
        Failure {
            perhaps: cause.map(Into::into),
            ..self
        }
    }
}
