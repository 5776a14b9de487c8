//! How a program is started: by a check, and by a learner who wants to reproduce it. Both come from one value, so the command
//! that is printed is the one that was run.

mod command;

use std::path::{Path, PathBuf};

pub use command::BROKEN_DATABASE_PORT;

use crate::harness::fake_postgres::State;

/// The value that removes a setting from the environment. No real value can contain a NUL.
pub const UNSET: &str = "\0";

/// A file in the empty folder that each program gets: a real SQLite database, as the learner has it.
const EMBEDDED: &str = "readings.sqlite3";

/// A program, its database and its settings.
#[derive(Clone, Debug)]
pub struct Launch {
    pub executable: PathBuf,
    pub database_url: String,
    /// The state of that database, as far as it matters for reproducing the failure.
    pub state: State,
    pub settings: Vec<(&'static str, &'static str)>,
    pub arguments: Vec<&'static str>,
    /// Whether the learner needs to repair the database to reproduce the failure.
    pub repaired: bool,
}

impl Launch {
    /// With the embedded database and the usual settings.
    pub fn new(executable: &Path) -> Launch {
        Launch {
            executable: executable.to_owned(),
            database_url: EMBEDDED.to_owned(),
            state: State::Up,
            settings: Vec::new(),
            arguments: Vec::new(),
            repaired: false,
        }
    }

    /// With this database, which is in this state.
    pub fn database(self, url: impl Into<String>, state: State) -> Launch {
        Launch {
            database_url: url.into(),
            state,
            ..self
        }
    }

    /// With further settings in the environment; they replace usual ones of the same name.
    pub fn settings(self, settings: &[(&'static str, &'static str)]) -> Launch {
        Launch {
            settings: settings.to_vec(),
            ..self
        }
    }

    /// With these arguments.
    pub fn arguments(self, arguments: &[&'static str]) -> Launch {
        Launch {
            arguments: arguments.to_vec(),
            ..self
        }
    }

    /// The same launch after its database has changed state.
    pub fn while_database_is(&self, state: State) -> Launch {
        Launch {
            state,
            ..self.clone()
        }
    }

    /// The same launch, when what is to be shown comes after the database has been repaired.
    pub fn repaired(self) -> Launch {
        Launch {
            repaired: true,
            ..self
        }
    }

    /// The name of the package that the program was built from.
    pub fn package(&self) -> String {
        let name = self.executable.file_stem().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }
}
