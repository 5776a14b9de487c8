//! A real PostgreSQL server in a scratch folder, on a free port. It is always ended.

pub mod programs;
mod running;

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Context;
use checks::harness::{
    cleanup::CleanupGuard,
    ports,
    process::{self, Child},
    scratch,
};

use running::Running;

/// The user of the service, and its password.
const USER: &str = "app";
const PASSWORD: &str = "secret";

const DATABASE: &str = "workshop";

/// Why it cannot be ended.
const ENDED: &str = "PostgreSQL does not run";

pub struct Postgres {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
    running: Option<Running>,
    _folder_guard: CleanupGuard,
}

impl Postgres {
    /// Makes one that runs, with a user and an empty database for the service.
    pub fn create(programs: &Path) -> anyhow::Result<Postgres> {
        let (folder, guard) = scratch::folder()?;
        let mut postgres = Postgres {
            programs: programs.to_owned(),
            folder,
            port: ports::free_address()?.port(),
            running: None,
            _folder_guard: guard,
        };
        programs::give_to_user(&postgres.folder)?;
        let mut initdb = postgres.server("initdb")?;
        initdb
            .args(["--username=postgres", "--encoding=UTF8", "--locale=C"])
            .args(["--auth-local=trust", "--auth-host=scram-sha-256"])
            .arg("--pgdata")
            .arg(postgres.data());
        programs::run(initdb)?;
        postgres.start()?;
        for sql in [
            format!("CREATE ROLE {USER} LOGIN PASSWORD '{PASSWORD}'"),
            format!("CREATE DATABASE {DATABASE} OWNER {USER}"),
        ] {
            postgres.ask("postgres", &sql)?;
        }
        Ok(postgres)
    }

    pub fn url(&self) -> String {
        self.url_of(DATABASE)
    }

    /// The URL of a further database, in which the user of the service has run this.
    pub fn database(&self, name: &str, sql: &str) -> anyhow::Result<String> {
        self.ask("postgres", &format!("CREATE DATABASE {name} OWNER {USER}"))?;
        self.ask(name, &format!("SET ROLE {USER}; {sql}"))?;
        Ok(self.url_of(name))
    }

    fn url_of(&self, database: &str) -> String {
        let port = self.port;
        format!("postgres://{USER}:{PASSWORD}@127.0.0.1:{port}/{database}")
    }

    /// The port that it listens on, whenever it runs.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// `postgres (PostgreSQL) 17.2`
    pub fn version(&self) -> anyhow::Result<String> {
        let mut command = Command::new(self.programs.join("postgres"));
        command.arg("--version");
        programs::run(command)
    }

    /// Starts it and waits until it accepts connections.
    pub fn start(&mut self) -> anyhow::Result<()> {
        let mut command = self.server("postgres")?;
        command
            .arg("-D")
            .arg(self.data())
            .arg("-p")
            .arg(self.port.to_string())
            .args(["-c", "listen_addresses=127.0.0.1", "-c"])
            .arg(format!("unix_socket_directories={}", self.folder.display()));
        self.running = Some(Running::start(command, &self.data())?);
        Ok(())
    }

    /// Stops it, as `pg_ctl stop` does: connections are closed.
    pub fn stop(&mut self) -> anyhow::Result<()> {
        self.running.take().context(ENDED)?.stop()
    }

    /// Kills all its processes, as `docker kill` does.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        self.running.take().context(ENDED)?.kill()
    }

    /// Stops all its processes where they are, as `docker pause` does.
    pub fn pause(&self) -> anyhow::Result<()> {
        self.running.as_ref().context(ENDED)?.pause();
        Ok(())
    }

    /// They go on.
    pub fn resume(&self) -> anyhow::Result<()> {
        self.running.as_ref().context(ENDED)?.resume();
        Ok(())
    }

    /// What it answers to the statement, in the database of the service.
    pub fn sql(&self, sql: &str) -> anyhow::Result<String> {
        self.ask(DATABASE, sql)
    }

    /// Begins to ask this in a session of this name, and does not wait for the answer.
    pub fn begin(&self, name: &str, sql: &str) -> anyhow::Result<(Child, CleanupGuard)> {
        let mut command = self.psql(DATABASE, sql);
        command.env("PGAPPNAME", name);
        Ok(process::spawn(command)?)
    }

    fn ask(&self, database: &str, sql: &str) -> anyhow::Result<String> {
        programs::run(self.psql(database, sql))
    }

    fn psql(&self, database: &str, sql: &str) -> Command {
        let mut command = Command::new(self.programs.join("psql"));
        command
            .args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align"])
            .args(["--username=postgres", "--dbname", database, "--port"])
            .arg(self.port.to_string())
            .arg("--host")
            .arg(&self.folder)
            .args(["--command", sql]);
        command
    }

    fn server(&self, program: &str) -> anyhow::Result<Command> {
        let mut command = programs::as_user(&self.programs.join(program))?;
        command.current_dir(&self.folder);
        Ok(command)
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }
}
