//! An attack, and what others see of the service meanwhile.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::ensure;
use checks::harness::{http, poll};

use crate::{LIMIT, attacks::Attack, callers::call, common::service::Service};

/// How many threads attack. Each holds its share of the connections.
const THREADS: usize = 32;

/// How often somebody else asks for `/health`.
const OTHERS: Duration = Duration::from_millis(50);

/// What each caller got, how often; within how many seconds all were closed; and the slowest `/health` meanwhile, in ms.
pub type Seen = (BTreeMap<String, usize>, f64, f64);

pub fn attack(service: &Service, attack: &Attack) -> anyhow::Result<Seen> {
    let done = AtomicBool::new(false);
    let (got, slowest) = thread::scope(|scope| {
        let others = scope.spawn(|| {
            let mut slowest: f64 = 0.0;
            while !done.load(Ordering::Relaxed) {
                slowest = slowest.max(health(service).unwrap_or(f64::INFINITY));
                thread::sleep(OTHERS);
            }
            slowest
        });
        let threads = THREADS.min(attack.callers);
        let attacking: Vec<_> = (0..threads)
            .map(|at| {
                scope
                    .spawn(move || call(service.address(), attack, (attack.callers + at) / threads))
            })
            .collect();
        let got = attacking
            .into_iter()
            .flat_map(|thread| thread.join().expect("it does not panic"));
        let got: Vec<(String, f64)> = got.collect();
        done.store(true, Ordering::Relaxed);
        (got, others.join().expect("it does not panic"))
    });
    let took = got.iter().map(|(_, took)| *took).fold(0.0, f64::max);
    let well = poll::is_done(LIMIT, OTHERS, || health(service).is_ok());
    ensure!(well, "{}: /health does not recover", attack.name);
    let mut answers = BTreeMap::new();
    got.into_iter()
        .for_each(|(answer, _)| *answers.entry(answer).or_default() += 1);
    Ok((answers, took, slowest))
}

/// In ms.
fn health(service: &Service) -> anyhow::Result<f64> {
    let asked = Instant::now();
    let answer = http::ask(
        "GET",
        &format!("http://{}/health", service.address()),
        LIMIT,
    );
    ensure!(
        answer.is_ok_and(|answer| answer.status == 200),
        "no 200 from /health"
    );
    Ok(asked.elapsed().as_secs_f64() * 1000.0)
}
