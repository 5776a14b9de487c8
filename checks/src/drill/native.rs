//! The stage without Docker: the learner's program, Prometheus and Alertmanager from PATH, and the database of the self-check.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, anyhow};

use super::files::{self, Folder};
use crate::{
    check::Failure,
    daemon::Daemon,
    fake_postgres::{FakePostgres, State},
    program::{Program, free_address},
    prometheus::Prometheus,
};

/// How often Prometheus repeats what it told Alertmanager: often enough that one that starts late hears it.
pub const RESEND: &str = "--rules.alert.resend-delay=2s";

pub struct Native {
    address: SocketAddr,
    executable: PathBuf,
    database: FakePostgres,
    app: Option<Program>,
    pub prometheus: Prometheus,
    _server: Daemon,
}

impl Native {
    /// Starts the program, and Prometheus with the files in `folder`, where `alerts.yml` is already. Its alerts go to
    /// `alertmanagers`.
    pub fn start(
        executable: &Path,
        folder: &Folder,
        alertmanagers: &[String],
    ) -> anyhow::Result<Native> {
        let database = FakePostgres::start(State::Up)?;
        let address = free_address()?;
        let listen = free_address()?;
        let config = files::prometheus(&address.to_string(), alertmanagers);
        folder.write("prometheus.yml", &config)?;
        let mut command = Command::new("prometheus");
        command
            .current_dir(folder.path())
            .arg("--config.file=prometheus.yml")
            .arg("--storage.tsdb.path=data")
            .arg(RESEND)
            .arg(format!("--web.listen-address={listen}"));
        let server = Daemon::start(command)
            .context("cannot start prometheus: it must be on PATH for --native")?;
        let mut native = Native {
            address,
            executable: executable.to_owned(),
            database,
            app: None,
            prometheus: Prometheus {
                url: format!("http://{listen}"),
            },
            _server: server,
        };
        native.restart()?;
        Ok(native)
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
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
    pub fn restart(&mut self) -> anyhow::Result<()> {
        let url = format!("postgres://drill@127.0.0.1:{}/drill", self.database.port());
        let settings = [("DRILL", "1")];
        let app = Program::start_on(self.address, &self.executable, &url, &settings);
        self.app = Some(app.map_err(|Failure { found, .. }| anyhow!(found))?);
        Ok(())
    }
}
