//! One run of the subcommand: beside which server, with which settings, and how it ended.

use std::{
    net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream},
    path::Path,
    process::ExitStatus,
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use crate::harness::{
    fake_server::{Answer, FakeServer},
    launch::Launch,
    poll,
    program::Program,
    text::printable,
};

/// The time limit for the subcommand. It may wait for 2 s, and the machine may be busy; Docker would wait for 5 s.
const LIMIT: Duration = Duration::from_secs(4);

/// The port that the service takes by default.
pub const DEFAULT_PORT: u16 = 8000;

/// The time limit for that port to become free, if another self-check has it. Other cases take longer than this anyway.
const PLACE_LIMIT: Duration = Duration::from_secs(1);

const PACE: Duration = Duration::from_millis(20);

/// Held by the case that has the default port.
static DEFAULT: Mutex<()> = Mutex::new(());

/// Where the server listens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Place {
    /// On a free port of 127.0.0.1.
    Free,
    /// On a free port of every address, those of IPv6 included.
    Everywhere,
    /// On the service's own default port.
    Default,
}

/// A server, and the subcommand's settings beside it.
#[derive(Clone)]
pub struct Case {
    pub answer: Answer,
    pub place: Place,
    pub launch: Launch,
}

/// How a case ended.
pub struct Ended {
    pub case: Case,
    pub port: u16,
    /// The exit code; `None`: it did not end in time.
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
    /// What the server has received, for each connection.
    pub received: Vec<String>,
}

impl Case {
    pub fn new(program: &Path, answer: Answer) -> Case {
        Case {
            answer,
            place: Place::Free,
            launch: Launch::new(program).arguments(&["healthcheck"]),
        }
    }

    pub fn settings(self, settings: &[(&'static str, &'static str)]) -> Case {
        Case {
            launch: self.launch.settings(settings),
            ..self
        }
    }

    pub fn at(self, place: Place) -> Case {
        Case { place, ..self }
    }

    /// Runs it to its end. `None`: this machine has no such place.
    fn run(&self) -> anyhow::Result<Option<Ended>> {
        let _turn: Option<MutexGuard<()>> = (self.place == Place::Default)
            .then(|| DEFAULT.lock().unwrap_or_else(PoisonError::into_inner));
        let address = match self.place {
            Place::Free => SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            Place::Everywhere => SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0)),
            Place::Default => SocketAddr::from((Ipv4Addr::LOCALHOST, DEFAULT_PORT)),
        };
        let server = match self.place {
            Place::Free => FakeServer::start(self.answer)?,
            // The learner's own service may have it, or there is no IPv6.
            _ => {
                let start = || FakeServer::start_on(address, self.answer, |_| {}).ok();
                match poll::until(PLACE_LIMIT, PACE, start) {
                    Some(server) => server,
                    None => return Ok(None),
                }
            }
        };
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, server.port()));
        // Where the addresses of IPv6 do not include those of IPv4, a service at `::` cannot be asked at 127.0.0.1.
        if self.place == Place::Everywhere && TcpStream::connect_timeout(&address, LIMIT).is_err() {
            return Ok(None);
        }
        let ran = Program::run(address, &self.launch, LIMIT)?;
        let mut received = server.received();
        if self.place == Place::Everywhere {
            // The connection above was ours.
            received.retain(|text| !text.is_empty());
        }
        Ok(Some(Ended {
            case: self.clone(),
            port: server.port(),
            code: ran.status.map(code),
            stdout: String::from_utf8_lossy(&ran.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&ran.stderr).into_owned(),
            received,
        }))
    }

    /// Runs it to its end.
    ///
    /// # Errors
    /// When it cannot be run.
    pub fn end(&self) -> anyhow::Result<Ended> {
        self.run()?
            .ok_or_else(|| anyhow::anyhow!("no server can be started at {:?}", self.place))
    }
}

impl Ended {
    /// What it printed, to be appended to its exit code.
    pub fn said(&self) -> String {
        let (stdout, stderr) = (self.stdout.trim(), self.stderr.trim());
        match (stderr, stdout) {
            ("", "") => ", and nothing was printed".to_owned(),
            ("", stdout) => format!(", and on stdout: {}", printable(stdout)),
            (stderr, _) => format!(", and on stderr: {}", printable(stderr)),
        }
    }
}

/// The exit code as a shell and Docker show it: for a signal, 128 and its number.
fn code(status: ExitStatus) -> i32 {
    #[cfg(unix)]
    let signal = std::os::unix::process::ExitStatusExt::signal(&status);
    #[cfg(not(unix))]
    let signal: Option<i32> = None;
    status.code().unwrap_or(128 + signal.unwrap_or_default())
}

/// Runs all of them at once. Those for which this machine has no place are left out.
///
/// # Errors
/// When one cannot be run.
pub fn at_once<const N: usize>(groups: [Vec<Case>; N]) -> anyhow::Result<[Vec<Ended>; N]> {
    let ended = thread::scope(|scope| {
        let running = groups.each_ref().map(|cases| {
            let running = cases.iter().map(|case| scope.spawn(|| case.run()));
            running.collect::<Vec<_>>()
        });
        running.map(|running| {
            let ended = running.into_iter().map(|case| {
                let ended = case.join().expect("a case does not panic");
                ended.transpose()
            });
            ended.flatten().collect::<anyhow::Result<Vec<Ended>>>()
        })
    });
    let mut groups = [const { Vec::new() }; N];
    for (group, ended) in groups.iter_mut().zip(ended) {
        *group = ended?;
    }
    Ok(groups)
}
