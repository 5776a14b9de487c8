//! Data shared by all checks of this step.

use std::{fs, path::Path};

use crate::{
    check::Failure,
    harness::text::{printable, varying},
    subject::{Subject, Target},
    tools::alertmanager::{config::Config, matcher::Labels},
};

use super::{
    alerts::words,
    calendar::{Calendar, Mistake, seoul},
    firing::Firing,
};

/// A configuration that can be parsed.
pub struct Context {
    /// `steps/07-on-call/alertmanager.yml`
    pub file: String,
    /// Whether it is the finished service's.
    finished: bool,
    pub text: String,
    pub config: Config,
    pub calendar: Calendar,
    /// The names and the texts of its templates, if it has any.
    pub templates: Vec<(String, String)>,
}

impl Context {
    /// Reads the file at `path`, which the learner knows by the subject's folder.
    pub fn read(path: &Path, subject: &Subject) -> Result<Context, Failure> {
        let file = format!("{}/alertmanager.yml", subject.folder);
        let failed = |found: String| {
            Failure::new(
                "a configuration of Alertmanager",
                found,
                format!("amtool check-config {file}"),
            )
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
        Ok(Context {
            file,
            finished: subject.target == Target::Finished,
            text,
            calendar: Calendar::new(&config),
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

    /// A command that shows where an alert goes, and when.
    pub fn who(&self, labels: &Labels) -> String {
        self.who_with("", labels)
    }

    /// The same at the time of a mistake.
    pub fn who_at(&self, mistake: &Mistake, labels: &Labels) -> String {
        let there = seoul().to_datetime(mistake.at);
        let (date, time) = (varying("date", there.strftime("%F")), there.strftime("%T"));
        self.who_with(&format!(" --at '{date} {time}'"), labels)
    }

    /// The same while another alert fires.
    pub fn who_while(&self, other: &Labels, labels: &Labels) -> String {
        self.who_with(&format!(" --while '{}'", words(other)), labels)
    }

    fn who_with(&self, options: &str, labels: &Labels) -> String {
        let finished = if self.finished { " --solutions" } else { "" };
        format!("cargo verify who{finished}{options} {}", words(labels))
    }

    /// A command that shows what is said about an alert.
    pub fn message(&self, alert: &Firing) -> String {
        let finished = if self.finished { " --solutions" } else { "" };
        format!("cargo verify message{finished} {}", alert.name())
    }

    /// The same when another alert begins meanwhile.
    pub fn message_with(&self, alert: &Firing, other: &Firing) -> String {
        let words = words(&other.labels);
        format!("{} --with '{words}'", self.message(alert))
    }
}
