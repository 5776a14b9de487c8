//! Turns a [`Launch`] into a program that listens.

use std::{
    net::{SocketAddr, TcpStream},
    path::Path,
    process::Command,
    thread,
    time::Duration,
};

use crate::{
    check::Failure,
    harness::{
        launch::{Launch, UNSET},
        log::Log,
        poll,
        ports::free_address,
        process,
        run::{self, Followed},
        scratch,
        text::varying,
        threads::joined,
    },
};

use super::{Program, START_PACE};

/// How long a program may take until it listens.
const START_LIMIT: Duration = Duration::from_secs(10);

/// The variables that the service reads; none of them may come from the learner's shell.
const SETTINGS: [&str; 8] = [
    "DATABASE_URL",
    "DRILL",
    "HOST",
    "LOG_FORMAT",
    "PORT",
    "RUST_BACKTRACE",
    "RUST_LOG",
    "RUST_LOG_STYLE",
];

/// Everything from INFO on, except lines that would push the interesting ones out of a message: the server's own at start-up,
/// and the access log.
const LOGGED: &str = "info,actix_server=warn,actix_web::middleware::logger=warn";

impl Program {
    /// Starts it on a free port, in an empty folder, and waits until it listens.
    pub fn start(launch: &Launch) -> Result<Program, Failure> {
        let address = free_address().map_err(|error| not_started(launch, &error))?;
        Program::start_on(address, launch)
    }

    /// Several beside each other: one that takes its time to start does not take it for each of them.
    pub fn start_each(launches: &[Launch]) -> Vec<Result<Program, Failure>> {
        thread::scope(|scope| {
            let starts = launches
                .iter()
                .map(|launch| scope.spawn(|| Program::start(launch)));
            let starts: Vec<_> = starts.collect();
            starts.into_iter().map(joined).collect()
        })
    }

    /// [`Program::start`] on an address that is known to be free.
    pub fn start_on(address: SocketAddr, launch: &Launch) -> Result<Program, Failure> {
        let program =
            Program::spawn(address, launch).map_err(|error| not_started(launch, &error))?;
        let failed = |found: String, perhaps: &str| no_start(launch, found).perhaps(perhaps);
        let listens = poll::until(START_LIMIT, START_PACE, || {
            let listens = TcpStream::connect_timeout(&program.address, START_LIMIT).is_ok();
            // Checked in any case: another process may have taken the port first.
            if let Some(status) = program.exit_status() {
                program.log.wait_for_end();
                return Some(Err(failed(
                    format!(
                        "it ended by itself before it listened ({status}){}",
                        program.log.tail()
                    ),
                    "it panicked, or it refused a setting: the log says which",
                )));
            }
            listens.then_some(Ok(()))
        });
        match listens {
            Some(listens) => listens.map(|()| program),
            None => {
                let (host, port) = (program.address.ip(), program.address.port());
                Err(failed(
                    format!(
                        "it runs, but after {START_LIMIT:?} nobody listens on HOST {host}, PORT {}{}",
                        varying("port", port),
                        program.log.tail()
                    ),
                    "it listens elsewhere, or waits for something before it listens",
                ))
            }
        }
    }

    /// Runs it to its end, in an empty folder, for at most `limit`.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn run(address: SocketAddr, launch: &Launch, limit: Duration) -> anyhow::Result<Followed> {
        let (folder, _guard) = scratch::folder()?;
        let (child, _guard) = process::spawn(command(address, launch, &folder))?;
        Ok(run::follow(&child, limit, |_| {})?)
    }

    fn spawn(address: SocketAddr, launch: &Launch) -> anyhow::Result<Program> {
        let (folder, folder_guard) = scratch::folder()?;
        let command = command(address, launch, &folder);
        let (child, process_guard) = process::spawn(command)?;
        Ok(Program {
            address,
            log: Log::of(&child),
            exchanges: Box::default(),
            folder: folder.into_boxed_path(),
            child,
            _guards: [process_guard, folder_guard],
        })
    }
}

fn command(address: SocketAddr, launch: &Launch, folder: &Path) -> Command {
    let mut command = Command::new(&launch.executable);
    for name in SETTINGS {
        command.env_remove(name);
    }
    command
        .args(&launch.arguments)
        .current_dir(folder)
        .env("HOST", address.ip().to_string())
        .env("PORT", address.port().to_string())
        .env("DATABASE_URL", &launch.database_url)
        .env("RUST_LOG", LOGGED)
        .env("RUST_BACKTRACE", "0");
    for (name, value) in &launch.settings {
        match *value {
            UNSET => command.env_remove(name),
            value => command.env(name, value),
        };
    }
    command
}

fn no_start(launch: &Launch, found: String) -> Failure {
    Failure::new(
        "the program starts, and listens on HOST and PORT",
        found,
        launch.command_elsewhere(),
    )
}

fn not_started(launch: &Launch, error: &anyhow::Error) -> Failure {
    no_start(launch, format!("it cannot be started: {error:#}"))
}
