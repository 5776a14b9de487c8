//! The clients: each asks over a connection that it keeps, and pauses after each answer. One of them asks for `/health`, others for
//! `/health/db`, and others send and read readings.

use std::{
    collections::BTreeMap,
    io,
    net::SocketAddr,
    sync::atomic::{AtomicBool, Ordering::Relaxed},
    thread::{self, Scope, ScopedJoinHandle},
    time::{Duration, Instant},
};

use checks::harness::raw_http::Connection;

/// All of them.
const CLIENTS: usize = 64;

/// How long each pauses, and the one that asks for `/health`: its answers are counted out, so there shall be many.
const PAUSE: Duration = Duration::from_millis(100);
const PAUSE_OF_HEALTH: Duration = Duration::from_millis(5);

/// How long a client waits for an answer. Longer than any promise, so that what is late is seen to be late.
const PATIENCE: Duration = Duration::from_secs(10);

/// What one kind of clients got while the trouble lasted: how often each status, and after how long, in ms.
#[derive(Default)]
pub struct Answers {
    pub statuses: BTreeMap<String, usize>,
    pub times: Vec<f64>,
}

/// What all clients got.
#[derive(Default)]
pub struct AllAnswers {
    pub health: Answers,
    pub database: Answers,
    pub readings: Answers,
}

/// What a client asks for.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Health,
    Database,
    Send,
    Read,
}

/// The clients while they run.
pub struct Running<'a>(Vec<(Kind, ScopedJoinHandle<'a, Answers>)>);

/// Starts them. They ask until `done`, and count what they ask for while it is `faulty`.
pub fn start<'a>(
    scope: &'a Scope<'a, '_>,
    address: SocketAddr,
    readers: usize,
    done: &'a AtomicBool,
    faulty: &'a AtomicBool,
) -> Running<'a> {
    let kind = |number: usize| match number {
        0 => Kind::Health,
        number if number > readers => Kind::Database,
        number if number.is_multiple_of(2) => Kind::Send,
        _ => Kind::Read,
    };
    let start = |number| {
        let kind = kind(number);
        (kind, scope.spawn(move || ask(address, kind, done, faulty)))
    };
    Running((0..CLIENTS).map(start).collect())
}

pub fn join(running: Running) -> AllAnswers {
    let mut all = AllAnswers::default();
    for (kind, client) in running.0 {
        let of = match kind {
            Kind::Health => &mut all.health,
            Kind::Database => &mut all.database,
            Kind::Send | Kind::Read => &mut all.readings,
        };
        of.add(client.join().expect("asking does not panic"));
    }
    all
}

/// Whether the database can be asked, and a reading can be sent.
pub fn is_well(address: SocketAddr, patience: Duration) -> bool {
    let answered = |kind, status| {
        let mut connection = Connection::open(address, patience)?;
        io::Result::Ok(status == once(&mut connection, kind)?)
    };
    [(Kind::Database, 200), (Kind::Send, 201)]
        .iter()
        .all(|(kind, status)| answered(*kind, *status).unwrap_or(false))
}

fn ask(address: SocketAddr, kind: Kind, done: &AtomicBool, faulty: &AtomicBool) -> Answers {
    let mut answers = Answers::default();
    let mut connection = None;
    while !done.load(Relaxed) {
        let (counts, asked) = (faulty.load(Relaxed), Instant::now());
        let status = open_and_ask(&mut connection, address, kind);
        if status.is_err() {
            connection = None;
        }
        if counts {
            let status = status.map_or_else(|error| error.kind().to_string(), |it| it.to_string());
            *answers.statuses.entry(status).or_default() += 1;
            answers.times.push(asked.elapsed().as_secs_f64() * 1000.0);
        }
        thread::sleep(match kind {
            Kind::Health => PAUSE_OF_HEALTH,
            _ => PAUSE,
        });
    }
    answers
}

fn open_and_ask(
    connection: &mut Option<Connection>,
    address: SocketAddr,
    kind: Kind,
) -> io::Result<u16> {
    let mut open = match connection.take() {
        Some(open) => open,
        None => Connection::open(address, PATIENCE)?,
    };
    let status = once(&mut open, kind)?;
    *connection = Some(open);
    Ok(status)
}

fn once(connection: &mut Connection, kind: Kind) -> io::Result<u16> {
    let reading = r#"{"sensor":"balcony","value":21.5}"#;
    let answer = match kind {
        Kind::Health => connection.ask("GET", "/health", "")?,
        Kind::Database => connection.ask("GET", "/health/db", "")?,
        Kind::Read => connection.ask("GET", "/readings/balcony", "")?,
        Kind::Send => connection.post("/readings", reading)?,
    };
    Ok(answer.status)
}

impl Answers {
    pub fn add(&mut self, more: Answers) {
        self.times.extend(more.times);
        for (status, count) in more.statuses {
            *self.statuses.entry(status).or_default() += count;
        }
    }

    /// `503 (1204), 200 (3)`, the most frequent first.
    pub fn list(&self) -> String {
        let mut statuses: Vec<_> = self.statuses.iter().collect();
        statuses.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        let list = statuses
            .iter()
            .map(|(status, count)| format!("{status} ({count})"));
        list.collect::<Vec<_>>().join(", ")
    }

    /// The longest time, in ms.
    pub fn longest(&self) -> f64 {
        self.times.iter().copied().fold(0.0, f64::max)
    }

    /// The time, in ms, that 99 of 100 answers did not exceed.
    pub fn p99(&self) -> f64 {
        let mut sorted = self.times.clone();
        sorted.sort_by(f64::total_cmp);
        let at = sorted.len().saturating_sub(1) * 99 / 100;
        sorted.get(at).copied().unwrap_or_default()
    }
}

impl AllAnswers {
    pub fn add(&mut self, more: AllAnswers) {
        self.health.add(more.health);
        self.database.add(more.database);
        self.readings.add(more.readings);
    }
}
