//! What grows in the finished service, and what does not: a million requests in all shapes, and on the way the number of series, the bytes
//! of log for each request, memory, threads and descriptors.
//! `cargo bench -p checks --bench growth --profile dev`, or with a smaller number: `… -- 100000`
//!
//! Linux only. A debug build with an SQLite file: it keeps as much as another, and is built faster.

#[path = "../common/mod.rs"]
mod common;
mod shapes;

use std::{
    env, io,
    net::SocketAddr,
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    thread,
    time::{Duration, Instant},
};

use anyhow::Context;
use checks::harness::raw_http::Connection;
use common::service::Service;

const REQUESTS: usize = 1_000_000;

/// How many clients send them.
const CLIENTS: usize = 8;

/// Where it is looked at what has grown, in percent of the requests.
const STOPS: [usize; 7] = [0, 1, 10, 25, 50, 75, 100];

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);

fn main() -> anyhow::Result<()> {
    let number = env::args().skip(1).find(|word| !word.starts_with('-'));
    let all = match number {
        Some(number) => number.parse().context("how many requests?")?,
        None => REQUESTS,
    };
    let executable = common::build()?;
    let service = Service::start(&executable, "readings.sqlite3")?;
    println!("| requests | series | bytes of log for each | memory | threads | descriptors |");
    println!("|---|---|---|---|---|---|");
    let (mut sent, mut written) = (0, service.written().1);
    let began = Instant::now();
    for stop in STOPS {
        let until = all * stop / 100;
        send(service.address(), sent..until)?;
        let (now, more) = (service.written().1, until - sent);
        let bytes = match more {
            0 => String::new(),
            more => format!("{:.0}", (now - written) as f64 / more as f64),
        };
        let figures = service.figures()?;
        println!(
            "| {until} | {} | {bytes} | {:.1} MB | {} | {} |",
            series(&service)?,
            figures.memory,
            figures.threads,
            figures.descriptors,
        );
        (sent, written) = (until, now);
    }
    println!(
        "{all} requests took {:.0} s.",
        began.elapsed().as_secs_f64()
    );
    Ok(())
}

/// Sends the requests of these numbers, from several clients at once.
fn send(address: SocketAddr, numbers: std::ops::Range<usize>) -> anyhow::Result<()> {
    let next = AtomicUsize::new(numbers.start);
    thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| scope.spawn(|| send_some(address, &next, numbers.end)))
            .collect();
        clients
            .into_iter()
            .try_for_each(|client| client.join().expect("sending does not panic"))
    })
}

fn send_some(address: SocketAddr, next: &AtomicUsize, end: usize) -> anyhow::Result<()> {
    let mut open = None;
    loop {
        let number = next.fetch_add(1, Relaxed);
        if number >= end {
            return Ok(());
        }
        let shape = shapes::of(number);
        let connection = open
            .take()
            .map_or_else(|| Connection::open(address, PATIENCE), Ok);
        let answered = connection.and_then(|mut connection| {
            connection.send(&shape.bytes)?;
            connection.answer_to(shape.method)?;
            io::Result::Ok(connection)
        });
        let connection = answered.with_context(|| {
            let bytes = String::from_utf8_lossy(&shape.bytes);
            format!("{bytes:.200}")
        })?;
        open = (!shape.closes).then_some(connection);
    }
}

/// The number of lines of `/metrics` with a value.
fn series(service: &Service) -> anyhow::Result<usize> {
    let page = service.ask("/metrics")?.body;
    let lines = page.lines();
    Ok(lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .count())
}
