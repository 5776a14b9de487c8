//! The finished service while its database is in trouble, a real PostgreSQL wherever a real one can be. 64 clients go on asking, and each
//! trouble comes three times. A line for each says what the clients got and after how long, what the service wrote and took, and
//! after how long it was well again. What was promised and not kept is named at the end.
//! `cargo bench -p checks --bench faults --profile dev`, or with a word that the names of the scenes shall contain: `… -- locked`
//!
//! Linux only.

mod clients;
#[path = "../common/mod.rs"]
mod common;
mod packets;
mod promises;
mod scenes;
mod seen;

use std::{
    env,
    path::Path,
    sync::atomic::{AtomicBool, Ordering::Relaxed},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use checks::harness::poll;
use common::{
    PACE,
    postgres::{self, Postgres},
    service::{Figures, Service},
};
use scenes::{SCENES, Scene, Stage};
use seen::{Round, Seen};

/// How often each trouble comes.
const ROUNDS: usize = 3;

/// How long a trouble lasts, and in the first round, at most: until the service asks its database by itself, every 15 s.
const LASTS: Duration = Duration::from_secs(5);
const LASTS_AT_MOST: Duration = Duration::from_secs(17);

/// How long the service may take to be well again before the bench gives up.
const RECOVERY: Duration = Duration::from_secs(60);

/// How long each answer may take to count for that.
const AT_ONCE: Duration = Duration::from_secs(5);

fn main() -> anyhow::Result<()> {
    let wanted = env::args().skip(1).find(|word| !word.starts_with('-'));
    let programs = match postgres::programs::find() {
        Ok(programs) => programs,
        Err(why) => {
            println!("The faults are left out: {why}.");
            return Ok(());
        }
    };
    let executable = common::build()?;
    let mut stage = Stage::new(Postgres::create(&programs)?)?;
    println!("{}", stage.postgres.version()?);
    println!("{}", seen::HEAD);
    let (mut broken, mut left_out) = (Vec::new(), Vec::new());
    for scene in &SCENES {
        if wanted
            .as_ref()
            .is_some_and(|word| !scene.name.contains(word))
        {
            continue;
        }
        if let Some(why) = (scene.lacks)() {
            left_out.push(format!("\"{}\" is left out: {why}.", scene.name));
        } else {
            let seen = play(scene, &mut stage, &executable).context(scene.name)?;
            println!("{}", seen.row(scene.name));
            broken.extend(promises::broken(scene, &seen));
        }
    }
    println!();
    left_out.iter().for_each(|scene| println!("{scene}"));
    match broken.as_slice() {
        [] => println!("Every promise was kept."),
        broken => broken.iter().for_each(|promise| println!("- {promise}")),
    }
    Ok(())
}

/// All rounds of one scene, with a service of its own.
fn play(scene: &Scene, stage: &mut Stage, executable: &Path) -> anyhow::Result<Seen> {
    let service = Service::start(executable, &stage.url(scene))?;
    well_within(&service, RECOVERY)?;
    let mut seen = Seen::default();
    for round in 0..ROUNDS {
        seen.add(a_round(scene, stage, &service, round == 0)?);
    }
    Ok(seen)
}

fn a_round(
    scene: &Scene,
    stage: &mut Stage,
    service: &Service,
    first: bool,
) -> anyhow::Result<Round> {
    let (done, faulty) = (AtomicBool::new(false), AtomicBool::new(false));
    thread::scope(|scope| {
        let most = scope.spawn(|| most(service, &done));
        let clients = clients::start(scope, service.address(), scene.readers, &done, &faulty);
        let outage = an_outage(scene, stage, service, &faulty, first);
        done.store(true, Relaxed);
        let answers = clients::join(clients);
        let most = most.join().expect("looking does not panic");
        Ok(Round {
            answers,
            most,
            after: service.figures()?,
            ..outage?
        })
    })
}

/// The trouble comes, lasts and goes.
fn an_outage(
    scene: &Scene,
    stage: &mut Stage,
    service: &Service,
    faulty: &AtomicBool,
    first: bool,
) -> anyhow::Result<Round> {
    let up = service.metric("db_up")?;
    ensure!(
        !first || up.as_deref() == Some("1"),
        "db_up is {up:?} at the beginning"
    );
    let ((lines, _), began) = (service.written(), Instant::now());
    faulty.store(true, Relaxed);
    (scene.begins)(stage)?;
    let mut noticed = None;
    if scene.lasts {
        noticed = lasts(service, began, first)?;
        // What is asked from now on may find the database well again.
        faulty.store(false, Relaxed);
    }
    let lines_per_second = (service.written().0 - lines) as f64 / began.elapsed().as_secs_f64();
    (scene.ends)(stage)?;
    faulty.store(false, Relaxed);
    Ok(Round {
        lines_per_second,
        noticed,
        recovered: well_within(service, RECOVERY)?,
        ..Round::default()
    })
}

/// Waits while the trouble lasts. Returns after how long `db_up` told of it: in the first round it is waited for.
fn lasts(service: &Service, began: Instant, first: bool) -> anyhow::Result<Option<Duration>> {
    let limit = if first { LASTS_AT_MOST } else { LASTS };
    let mut noticed = None;
    while began.elapsed() < limit {
        let up = service.metric("db_up")?;
        if noticed.is_none() && up.as_deref() == Some("0") {
            noticed = Some(began.elapsed());
        }
        if noticed.is_some() && began.elapsed() > LASTS {
            break;
        }
        thread::sleep(PACE);
    }
    Ok(noticed)
}

/// Waits until the database can be asked and a reading can be sent, and returns how long that took.
fn well_within(service: &Service, limit: Duration) -> anyhow::Result<Duration> {
    let began = Instant::now();
    let well = poll::is_done(limit, PACE, || clients::is_well(service.address(), AT_ONCE));
    ensure!(well, "the service is not well again after {limit:?}");
    Ok(began.elapsed())
}

/// The most that the service takes until `done`.
fn most(service: &Service, done: &AtomicBool) -> Figures {
    let mut most = Figures::default();
    while !done.load(Relaxed) {
        most = most.most(service.figures().unwrap_or_default());
        thread::sleep(PACE);
    }
    most
}
