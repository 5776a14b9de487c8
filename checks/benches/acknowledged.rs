//! No reading is lost that was acknowledged: 10,000 are sent to the finished service, and meanwhile it or its database is killed, three
//! times in the middle and once right after the last answer. Then every reading that was answered with 201 must be there.
//! `cargo bench -p checks --bench acknowledged --profile dev`
//!
//! Linux only. What is killed here is a process: the kernel still writes what the process has handed over. After a power cut the last
//! readings in PostgreSQL are still there, and those in SQLite may not be, see `SQLITE_SETTINGS` in `solutions/src/db.rs`.

mod common;

use std::{
    collections::BTreeSet,
    net::SocketAddr,
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use checks::harness::{poll, raw_http::Connection};
use common::{
    PACE,
    postgres::{self, Postgres},
    service::Service,
};

/// How many readings are sent, and how many clients send them.
const READINGS: usize = 10_000;
const CLIENTS: usize = 16;

/// How often something is killed before the last answer.
const KILLS: usize = 3;

/// How many readings one sensor sends: fewer than the service returns at once.
const EACH: usize = 50;

/// How long an answer may take, and how long it may take until things go on after a kill.
const PATIENCE: Duration = Duration::from_secs(10);
const AGAIN: Duration = Duration::from_secs(60);

/// How long all may take.
const ALL: Duration = Duration::from_secs(600);

fn main() -> anyhow::Result<()> {
    let executable = common::build()?;
    println!(
        "| killed | database | acknowledged | a second | not acknowledged | of these there | lost |"
    );
    println!("|---|---|---|---|---|---|---|");
    let stage = Stage {
        service: Service::start(&executable, "readings.sqlite3")?,
        postgres: None,
    };
    let mut lost = play(stage, Victim::Service, "SQLite")?;
    match postgres::programs::find() {
        Ok(programs) => {
            for victim in [Victim::Service, Victim::Database] {
                let postgres = Postgres::create(&programs)?;
                let version = postgres.version()?;
                let service = Service::start(&executable, &postgres.url())?;
                let stage = Stage {
                    service,
                    postgres: Some(postgres),
                };
                lost += play(stage, victim, &version)?;
            }
        }
        Err(why) => println!("\nPostgreSQL is left out: {why}."),
    }
    ensure!(lost == 0, "{lost} acknowledged readings are lost");
    Ok(())
}

#[derive(Clone, Copy)]
enum Victim {
    Service,
    Database,
}

/// The service, and its database if that is a server.
struct Stage {
    service: Service,
    postgres: Option<Postgres>,
}

impl Stage {
    /// Kills the victim, and starts it again.
    fn kill(&mut self, victim: Victim) -> anyhow::Result<()> {
        match (victim, &mut self.postgres) {
            (Victim::Database, Some(postgres)) => {
                postgres.kill()?;
                postgres.start()
            }
            _ => self.service.kill_and_start(),
        }
    }
}

/// Prints the line, and returns how many acknowledged readings are lost.
fn play(mut stage: Stage, victim: Victim, database: &str) -> anyhow::Result<usize> {
    let address = stage.service.address();
    ensure!(is_well(address), "the service does not start");
    let (next, began) = (AtomicUsize::new(0), Instant::now());
    let acknowledged = thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| scope.spawn(|| send(address, &next)))
            .collect();
        let killed = kill_in_the_middle(&mut stage, victim, &next);
        let sent = clients
            .into_iter()
            .map(|client| client.join().expect("sending does not panic"));
        let sent = sent.collect::<anyhow::Result<Vec<_>>>();
        killed.and(sent)
    })?;
    let took = began.elapsed();
    stage.kill(victim)?;
    ensure!(is_well(address), "it is not well again after {AGAIN:?}");
    let acknowledged: BTreeSet<usize> = acknowledged.into_iter().flatten().collect();
    let stored = stored(&stage.service)?;
    let lost = acknowledged.difference(&stored).count();
    println!(
        "| {} | {database} | {} | {:.0} | {} | {} | {lost} |",
        match victim {
            Victim::Service => "the service",
            Victim::Database => "the database",
        },
        acknowledged.len(),
        acknowledged.len() as f64 / took.as_secs_f64(),
        READINGS - acknowledged.len(),
        stored.difference(&acknowledged).count(),
    );
    Ok(lost)
}

/// Kills the victim each time that a further share of the readings is on its way.
fn kill_in_the_middle(stage: &mut Stage, victim: Victim, next: &AtomicUsize) -> anyhow::Result<()> {
    for kill in 1..=KILLS {
        let share = READINGS * kill / (KILLS + 1);
        let sent = poll::is_done(ALL, PACE, || next.load(Relaxed) >= share);
        ensure!(sent, "{READINGS} readings take longer than {ALL:?}");
        stage.kill(victim)?;
    }
    Ok(())
}

/// Sends the next readings until all are sent, each once, and returns those that were acknowledged. After a failure it waits until the
/// service is well again.
fn send(address: SocketAddr, next: &AtomicUsize) -> anyhow::Result<Vec<usize>> {
    let mut acknowledged = Vec::new();
    let mut open = None;
    loop {
        let number = next.fetch_add(1, Relaxed);
        if number >= READINGS {
            return Ok(acknowledged);
        }
        let json = format!(r#"{{"sensor":"{}","value":{number}}}"#, number / EACH);
        let connection = open
            .take()
            .map_or_else(|| Connection::open(address, PATIENCE), Ok);
        let answered = connection.and_then(|mut connection| {
            let answer = connection.post("/readings", &json)?;
            Ok((connection, answer.status))
        });
        match answered {
            Ok((connection, 201)) => {
                acknowledged.push(number);
                open = Some(connection);
            }
            _ => ensure!(is_well(address), "it is not well again after {AGAIN:?}"),
        }
    }
}

/// Waits until the database can be asked.
fn is_well(address: SocketAddr) -> bool {
    let answers = || {
        let mut connection = Connection::open(address, PATIENCE).ok()?;
        let answer = connection.ask("GET", "/health/db", "").ok()?;
        (answer.status == 200).then_some(())
    };
    poll::until(AGAIN, PACE, answers).is_some()
}

/// The readings that are there.
fn stored(service: &Service) -> anyhow::Result<BTreeSet<usize>> {
    let mut stored = BTreeSet::new();
    for sensor in 0..READINGS.div_ceil(EACH) {
        let answer = service.ask(&format!("/readings/{sensor}"))?;
        // None of this sensor.
        if answer.status == 404 {
            continue;
        }
        let readings: serde_json::Value = serde_json::from_str(&answer.body)?;
        let readings = readings.as_array().context("no list of readings")?;
        let values = readings
            .iter()
            .filter_map(|reading| reading["value"].as_f64());
        stored.extend(values.map(|value| value as usize));
    }
    Ok(stored)
}
