//! The description of a case: as the end of a sentence, and as commands.

use super::case::{Case, DEFAULT_PORT, Place};
use crate::harness::{
    fake_server::Answer,
    launch::{Launch, UNSET},
};

/// [`PORT`](crate::harness::fake_server::PORT), in a printed command.
const PRINTED_PORT: &str = "18080";

/// The port on which no server listens, in a printed command.
const CLOSED_PORT: &str = "1";

impl Case {
    /// The situation, as the end of a sentence.
    pub fn described(&self) -> String {
        let settings: Vec<String> = self
            .launch
            .settings
            .iter()
            .map(|(name, value)| match *value {
                UNSET => format!("{name} unset"),
                value => format!("{name}={value}"),
            })
            .collect();
        let with = if settings.is_empty() {
            String::new()
        } else {
            format!(", with {}", settings.join(" and "))
        };
        let place = match self.place {
            Place::Default => format!(" on port {DEFAULT_PORT}"),
            _ => String::new(),
        };
        format!("for {}{place}{with}", self.answer.described())
    }

    /// The commands with which a learner sees the same.
    pub fn how(&self) -> String {
        let named = self.launch.settings.iter().any(|(name, _)| *name == "PORT");
        let port = match self.answer {
            Answer::Closed => CLOSED_PORT,
            _ => PRINTED_PORT,
        };
        let mut settings = self.launch.settings.clone();
        if !named {
            settings.insert(0, ("PORT", port));
        }
        let launch = Launch {
            settings,
            ..self.launch.clone()
        };
        let command = launch.command().replace("cargo run", "cargo run -q");
        let place = match self.place {
            Place::Default => format!(" --port {DEFAULT_PORT}"),
            _ => String::new(),
        };
        match self.answer {
            Answer::Closed => format!("{command}; echo $?"),
            answer => format!(
                "cargo verify server {answer}{place}\n{command}; echo $?\n(each in a terminal of its own)"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::harness::fake_server::PORT;

    #[test]
    fn a_learner_types_what_was_run() {
        assert_eq!(PRINTED_PORT.parse(), Ok(PORT));
        let case = Case::new(Path::new("step03"), Answer::Status(503));
        assert_eq!(
            case.how(),
            "cargo verify server 503\nPORT=18080 cargo run -q -p step03 -- healthcheck; echo $?\n(each in a terminal of its own)"
        );
        let unset = case.at(Place::Default).settings(&[("PORT", UNSET)]);
        assert_eq!(
            unset.how(),
            "cargo verify server 503 --port 8000\nenv -u PORT cargo run -q -p step03 -- healthcheck; echo $?\n(each in a terminal of its own)"
        );
    }
}
