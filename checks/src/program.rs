//! The learner's program: built with cargo, started on a free port, always ended.

use std::{
    env, fs,
    io::{self, BufRead, IsTerminal},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{self, Command, ExitStatus, Stdio},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU16, Ordering},
    },
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, bail};
use tokio::net::TcpSocket;

use crate::{
    check::Failure,
    child::{self, Child},
    ending::Ending,
    http::{self, Answer, NoAnswer},
    log::Log,
};

/// How long a program may take until it listens.
const START_LIMIT: Duration = Duration::from_secs(10);

/// How often it is asked meanwhile whether it does.
const START_PACE: Duration = Duration::from_millis(10);

/// How long a program that ends may take for it.
const LAST_MOMENT: Duration = Duration::from_millis(200);

/// How long an answer may take: what the contract of step 2 promises, and plenty for everything else.
pub const ANSWER_LIMIT: Duration = Duration::from_secs(2);

/// Ports below the range from which systems hand out ports to clients, so that none is taken away from us between the
/// moment we find it free and the moment the program listens.
const PORTS: std::ops::Range<u16> = 20_000..30_000;

/// What the service reads from the environment; none of it may come from the learner's shell.
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

/// The value of a setting that is not to be there at all. No real one can hold a NUL.
pub const UNSET: &str = "\0";

/// Everything from INFO on, but for lines that would push the interesting ones out of a message: the server's own at the start,
/// and those about each request.
const LOGGED: &str = "info,actix_server=warn,actix_web::middleware::logger=warn";

/// Builds `package` and says where its program is. `None`: it does not compile, and cargo has said why.
///
/// # Errors
/// When cargo cannot be run at all.
pub fn build(root: &Path, package: &str) -> anyhow::Result<Option<PathBuf>> {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or("cargo".into()));
    command
        .current_dir(root)
        .args(["build", "--package", package])
        .args(["--message-format", "json-render-diagnostics"])
        .stdin(Stdio::null())
        .stderr(Stdio::inherit());
    if !io::stderr().is_terminal() {
        command.arg("--quiet");
    }
    let output = command.output().context("cannot run cargo")?;
    if !output.status.success() {
        return Ok(None);
    }
    for line in output.stdout.lines() {
        let message: serde_json::Value = serde_json::from_str(&line?).unwrap_or_default();
        let ours = message["target"]["name"] == package;
        if let (true, Some(path)) = (ours, message["executable"].as_str()) {
            return Ok(Some(path.into()));
        }
    }
    bail!("cargo built {package} but named no program");
}

/// The learner's program while it runs. Ends with this value.
pub struct Program {
    address: SocketAddr,
    child: Child,
    /// What it has written so far.
    pub log: Log,
    _ending: Ending,
}

impl Program {
    /// Starts `executable` on a free port, with `database_url`, in an empty folder, and waits until it listens.
    pub fn start(executable: &Path, database_url: &str) -> Result<Program, Failure> {
        Program::start_with(executable, database_url, &[])
    }

    /// [`Program::start`], with more settings in its environment, or others than usual.
    pub fn start_with(
        executable: &Path,
        database_url: &str,
        settings: &[(&str, &str)],
    ) -> Result<Program, Failure> {
        let address = free_address().map_err(|error| not_started(executable, &error))?;
        Program::start_on(address, executable, database_url, settings)
    }

    /// [`Program::start_with`], on an address that is known to be free.
    pub fn start_on(
        address: SocketAddr,
        executable: &Path,
        database_url: &str,
        settings: &[(&str, &str)],
    ) -> Result<Program, Failure> {
        let program = Program::spawn(address, executable, database_url, settings)
            .map_err(|error| not_started(executable, &error))?;
        let failed = |found: String, perhaps: &str| Failure {
            perhaps: Some(perhaps.to_owned()),
            ..no_start(executable, found)
        };
        let give_up = Instant::now() + START_LIMIT;
        loop {
            let listens = TcpStream::connect_timeout(&program.address, START_LIMIT).is_ok();
            // Looked at in any case: a stranger may have taken the port before the program could.
            if let Some(status) = program.exit_status() {
                program.log.wait_for_end();
                return Err(failed(
                    format!(
                        "it ended by itself before it listened ({status}){}",
                        program.log.tail()
                    ),
                    "it panicked, or it refused a setting: the log says which",
                ));
            }
            if listens {
                return Ok(program);
            }
            if Instant::now() > give_up {
                let (host, port) = (program.address.ip(), program.address.port());
                return Err(failed(
                    format!(
                        "it runs, but after {START_LIMIT:?} nobody listens on HOST {host}, PORT {port}{}",
                        program.log.tail()
                    ),
                    "it listens elsewhere, or waits for something before it listens",
                ));
            }
            thread::sleep(START_PACE);
        }
    }

    fn spawn(
        address: SocketAddr,
        executable: &Path,
        database_url: &str,
        settings: &[(&str, &str)],
    ) -> anyhow::Result<Program> {
        let folder = empty_folder()?;
        let mut command = Command::new(executable);
        for name in SETTINGS {
            command.env_remove(name);
        }
        command
            .current_dir(&folder)
            .env("HOST", address.ip().to_string())
            .env("PORT", address.port().to_string())
            .env("DATABASE_URL", database_url)
            .env("RUST_LOG", LOGGED)
            .env("RUST_BACKTRACE", "0");
        for (name, value) in settings {
            match *value {
                UNSET => command.env_remove(name),
                value => command.env(name, value),
            };
        }

        let mut log = Log::default();
        let (child, ending) = Ending::of(|| {
            let child = child::start(command)?;
            let mut streams = child::lock(&child);
            streams
                .stdout()
                .take()
                .into_iter()
                .for_each(|stream| log.read(stream));
            streams
                .stderr()
                .take()
                .into_iter()
                .for_each(|stream| log.read_stderr(stream));
            drop(streams);
            let ended = Arc::clone(&child);
            let end: Box<dyn FnOnce() + Send> = Box::new(move || {
                child::kill(&ended);
                // It never held anything but what the program itself wrote there.
                let _ = fs::remove_dir_all(folder);
            });
            io::Result::Ok((child, end))
        })?;
        Ok(Program {
            address,
            child,
            log,
            _ending: ending,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://127.0.0.1:21873/health`
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// `GET path`, to be answered within [`ANSWER_LIMIT`].
    pub fn get(&self, path: &str) -> Result<Answer, NoAnswer> {
        http::ask("GET", &self.url(path), ANSWER_LIMIT)
    }

    /// `GET path`, so many times at once, each over a connection of its own.
    pub fn get_at_once(&self, path: &str, count: usize) -> Vec<Result<Answer, NoAnswer>> {
        thread::scope(|scope| {
            let asked: Vec<_> = (0..count).map(|_| scope.spawn(|| self.get(path))).collect();
            asked
                .into_iter()
                .map(|asked| asked.join().expect("asking does not panic"))
                .collect()
        })
    }

    /// `HEAD path`, to be answered within [`ANSWER_LIMIT`].
    pub fn head(&self, path: &str) -> Result<Answer, NoAnswer> {
        http::ask("HEAD", &self.url(path), ANSWER_LIMIT)
    }

    /// Tells it to end, as Docker does: with SIGTERM. Where there are no signals it is killed.
    pub fn terminate(&self) -> io::Result<()> {
        #[cfg(unix)]
        {
            const SIGTERM: i32 = 15;
            child::lock(&self.child).signal(SIGTERM)
        }
        #[cfg(not(unix))]
        child::lock(&self.child).start_kill()
    }

    /// How it ended, if it does in a moment: a closed connection may be the first sign of it.
    pub fn end(&self) -> Option<ExitStatus> {
        let give_up = Instant::now() + LAST_MOMENT;
        while self.exit_status().is_none() && Instant::now() < give_up {
            thread::sleep(START_PACE);
        }
        self.exit_status()
    }

    /// Asks it to stop, as `docker stop` does, and says how it ended, if it does within `limit`. All that it wrote has been read then.
    #[cfg(unix)]
    pub fn stop(&self, limit: Duration) -> Option<ExitStatus> {
        const SIGTERM: i32 = 15;
        // The only error is that it has ended already.
        let _ = child::lock(&self.child).signal(SIGTERM);
        let give_up = Instant::now() + limit;
        while self.exit_status().is_none() && Instant::now() < give_up {
            thread::sleep(START_PACE);
        }
        self.log.wait_for_end();
        self.exit_status()
    }

    fn exit_status(&self) -> Option<ExitStatus> {
        child::lock(&self.child).try_wait().ok().flatten()
    }
}

fn no_start(executable: &Path, found: String) -> Failure {
    Failure {
        expected: "the program starts, and listens on HOST and PORT".to_owned(),
        found,
        how: format!("PORT=8001 cargo run -p {}", package(executable)),
        perhaps: None,
    }
}

fn not_started(executable: &Path, error: &anyhow::Error) -> Failure {
    no_start(executable, format!("it cannot be started: {error:#}"))
}

/// The name of the package that `executable` was built from.
pub fn package(executable: &Path) -> String {
    executable
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

pub(crate) fn free_address() -> anyhow::Result<SocketAddr> {
    static START: OnceLock<u16> = OnceLock::new();
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Two checks that run at the same time begin at different places.
    let micros = SystemTime::now()
        .duration_since(UNIX_EPOCH)?
        .subsec_micros();
    let start = START.get_or_init(|| process::id() as u16 ^ micros as u16);
    for _ in PORTS {
        let step = NEXT.fetch_add(1, Ordering::Relaxed);
        let port = PORTS.start + start.wrapping_add(step) % PORTS.len() as u16;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        if is_free(address) {
            return Ok(address);
        }
    }
    bail!("no port from {} to {} is free", PORTS.start, PORTS.end)
}

/// Bound, but never listening: a process that another thread starts at this very moment inherits the socket until it has become
/// the other program. A listening one would keep the port from ours, and answer in its place.
fn is_free(address: SocketAddr) -> bool {
    let bound = TcpSocket::new_v4().and_then(|socket| {
        socket.set_reuseaddr(true)?;
        socket.bind(address)
    });
    bound.is_ok()
}

pub(crate) fn empty_folder() -> anyhow::Result<PathBuf> {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let name = format!(
        "workshop-{}-{}",
        process::id(),
        NEXT.fetch_add(1, Ordering::Relaxed)
    );
    let folder = env::temp_dir().join(name);
    fs::create_dir_all(&folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    Ok(folder)
}
