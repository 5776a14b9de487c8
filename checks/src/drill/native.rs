//! The service without Docker: the learner's program, and the database of the self-check.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use anyhow::anyhow;

use crate::{
    check::Failure,
    fake_postgres::{FakePostgres, State},
    program::{Program, free_address},
};

pub struct Native {
    address: SocketAddr,
    executable: PathBuf,
    database: FakePostgres,
    app: Option<Program>,
}

impl Native {
    /// Starts the program.
    ///
    /// # Errors
    /// When it does not start, with what it said.
    pub fn start(executable: &Path) -> anyhow::Result<Native> {
        let mut native = Native {
            address: free_address()?,
            executable: executable.to_owned(),
            database: FakePostgres::start(State::Up)?,
            app: None,
        };
        native.restart()?;
        Ok(native)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn pause_database(&self, pause: bool) {
        self.database.switch(match pause {
            true => State::Silent,
            false => State::Up,
        });
    }

    pub fn kill(&mut self) {
        self.app = None;
    }

    /// Starts the program, where it was before.
    ///
    /// # Errors
    /// When it does not start, with what it said.
    pub fn restart(&mut self) -> anyhow::Result<()> {
        let url = format!(
            "postgres://drill:drill@127.0.0.1:{}/drill",
            self.database.port()
        );
        let settings = [("DRILL", "1")];
        let app = Program::start_on(self.address, &self.executable, &url, &settings);
        self.app = Some(app.map_err(|Failure { found, .. }| anyhow!(found))?);
        Ok(())
    }
}
