//! The service without Docker: the learner's program, and the database of the self-check.

use std::{net::SocketAddr, path::Path};

use anyhow::anyhow;

use crate::{
    check::Failure,
    harness::{
        fake_postgres::{FakePostgres, State},
        launch::Launch,
        ports::free_address,
        program::Program,
    },
};

pub struct Native {
    address: SocketAddr,
    launch: Launch,
    database: FakePostgres,
    app: Option<Program>,
}

impl Native {
    /// Starts the program.
    ///
    /// # Errors
    /// When it does not start, with what it said.
    pub fn start(executable: &Path) -> anyhow::Result<Native> {
        let database = FakePostgres::start(State::Up)?;
        let url = database.url("drill:drill", "drill");
        let mut native = Native {
            address: free_address()?,
            launch: Launch::new(executable)
                .database(url, State::Up)
                .settings(&[("DRILL", "1")]),
            database,
            app: None,
        };
        native.restart()?;
        Ok(native)
    }

    /// Its address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn pause_database(&self, pause: bool) {
        self.database
            .switch(if pause { State::Silent } else { State::Up });
    }

    pub fn kill(&mut self) {
        self.app = None;
    }

    /// Restarts the program on the same port.
    ///
    /// # Errors
    /// When it does not start, with what it said.
    pub fn restart(&mut self) -> anyhow::Result<()> {
        let app = Program::start_on(self.address, &self.launch);
        self.app = Some(app.map_err(|Failure { found, .. }| anyhow!(found))?);
        Ok(())
    }
}
