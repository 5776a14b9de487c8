//! The learner's program: started on a free port, and always ended.

mod exchange;
mod start;

use std::{fs, io, net::SocketAddr, path::Path, process::ExitStatus, thread, time::Duration};

pub use exchange::Exchange;

use crate::harness::{
    cleanup::CleanupGuard,
    clients::Client,
    http::{self, ANSWER_LIMIT, Answer, NoAnswer},
    log::Log,
    poll,
    process::{self, Child},
};

/// Polling interval while it starts.
const START_PACE: Duration = Duration::from_millis(10);

/// How long a program that is about to exit may take to do so.
const LAST_MOMENT: Duration = Duration::from_millis(200);

/// The learner's program while it runs. It ends when this value is dropped.
pub struct Program {
    address: SocketAddr,
    child: Child,
    /// Its output so far.
    pub log: Log,
    exchanges: Box<exchange::Exchanges>,
    folder: Box<Path>,
    /// The program is ended first, then its folder is removed.
    _guards: [CleanupGuard; 2],
}

impl Program {
    /// The address that it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://127.0.0.1:21873/health`
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// `GET path`, to be answered within [`ANSWER_LIMIT`].
    pub fn get(&self, path: &str) -> Result<Answer, NoAnswer> {
        self.ask("GET", path, ANSWER_LIMIT)
    }

    /// `GET path` or `HEAD path`, to be answered within `limit`.
    pub fn ask(&self, method: &str, path: &str, limit: Duration) -> Result<Answer, NoAnswer> {
        let answer = http::ask(method, &self.url(path), limit);
        self.exchanges.keep(method, path, "", &answer);
        answer
    }

    /// The same request as this client writes it, to be answered within [`ANSWER_LIMIT`].
    pub fn ask_as(&self, client: &Client, method: &str, path: &str) -> Result<Answer, NoAnswer> {
        let answer = client.ask(self.address, method, path);
        self.exchanges.keep(method, path, &client.curl, &answer);
        answer
    }

    /// What it has answered since this was last asked, to requests of the methods above: the first thousand answers.
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.exchanges.take()
    }

    /// The names of the files that it has written into its folder, in order.
    pub fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }

    /// How many threads it has, where that can be counted.
    pub fn threads(&self) -> Option<usize> {
        let tasks = format!("/proc/{}/task", process::lock(&self.child).id());
        fs::read_dir(tasks).map(Iterator::count).ok()
    }

    /// `GET path`, `count` times at once, each over a connection of its own.
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
        self.ask("HEAD", path, ANSWER_LIMIT)
    }

    /// Asks it to end with SIGTERM, as Docker does. Where there are no signals, it is killed.
    pub fn terminate(&self) -> io::Result<()> {
        #[cfg(unix)]
        {
            const SIGTERM: i32 = 15;
            process::lock(&self.child).signal(SIGTERM)
        }
        #[cfg(not(unix))]
        process::lock(&self.child).start_kill()
    }

    /// Its exit status, if it ends within [`LAST_MOMENT`]: a closed connection may be the first sign that it has ended.
    pub fn end(&self) -> Option<ExitStatus> {
        self.end_within(LAST_MOMENT)
    }

    /// Stops it with SIGTERM, as `docker stop` does, and returns its exit status if it ends within `limit`. By then all of its
    /// output has been read.
    #[cfg(unix)]
    pub fn stop(&self, limit: Duration) -> Option<ExitStatus> {
        // The only error is that it has already ended.
        let _ = self.terminate();
        let status = self.end_within(limit);
        self.log.wait_for_end();
        status
    }

    fn end_within(&self, limit: Duration) -> Option<ExitStatus> {
        poll::until(limit, START_PACE, || self.exit_status())
    }

    fn exit_status(&self) -> Option<ExitStatus> {
        process::exit_status(&self.child)
    }
}
