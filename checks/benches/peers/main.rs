//! The finished service beside its peers: the FastAPI lesson it comes from, axum, and actix-web with nothing added; and with the
//! features of one step after the other. Requests per second, response times, processor time and memory.
//! `cargo bench -p checks --bench peers --profile dev`: the programs are built for release in any case.
//!
//! Linux only. The load comes from `wrk`, the database is a real PostgreSQL. The programs take turns, so that other load on the
//! machine affects all of them alike; the medians of the rounds count. What this machine lacks is left out, and said.

#[path = "../common/mod.rs"]
mod common;
mod load;
mod programs;
#[path = "../../tests/common/mod.rs"]
mod proof;
mod service;
mod table;

use std::process::Command;

use checks::harness::cleanup;
use common::postgres::{self, Postgres};
use load::{CONNECTIONS, ROUTES, Route, SECONDS};
use programs::Program;
use proof::scratch::Scratch;
use service::Service;
use table::{Round, Row};

/// The rounds of each program on each route that count. One more before them fills pools and caches.
const ROUNDS: usize = 5;

fn main() -> anyhow::Result<()> {
    cleanup::on_interrupt()?;
    if Command::new("wrk").arg("--version").output().is_err() {
        println!("left out: all of it, because there is no wrk (apt-get install wrk)");
        return Ok(());
    }
    let postgres = match postgres::programs::find() {
        Ok(programs) => Some(Postgres::create(&programs)?),
        Err(none) => {
            println!("left out: /health/db and /readings, because {none}");
            None
        }
    };
    if let Some(postgres) = &postgres {
        println!("{}", postgres.version()?);
    }
    let scratch = Scratch::with_bins("peers", &programs::bare())?;
    let mut services = Vec::new();
    for (at, program) in programs::all(&scratch)?.into_iter().enumerate() {
        services.push((start(&program, at, postgres.as_ref())?, program));
    }
    println!("medians of {ROUNDS} rounds of {SECONDS} s, {CONNECTIONS} connections");
    let mut rows = Vec::new();
    for (at, route) in ROUTES.iter().enumerate() {
        if at > 0 && postgres.is_none() {
            continue;
        }
        let taking_part = services.iter().filter(|(_, program)| program.routes > at);
        let measured = measure(route, &taking_part.collect::<Vec<_>>())?;
        println!("\n`{} {}`\n", route.method, route.path);
        table::print(&measured);
        rows.extend(measured);
    }
    table::print_goals(&rows);
    Ok(())
}

/// Each program has a database of its own.
fn start(program: &Program, at: usize, postgres: Option<&Postgres>) -> anyhow::Result<Service> {
    let sql = match program.migrates {
        true => String::new(),
        false => programs::table()?,
    };
    let url = postgres.map(|postgres| postgres.database(&format!("peer{at}"), &sql));
    let url = url.transpose()?;
    Service::start(|folder, port| program.command(folder, port, url.as_deref()))
        .map_err(|error| error.context(program.name))
}

fn measure(route: &Route, services: &[&(Service, Program)]) -> anyhow::Result<Vec<Row>> {
    let mut rows: Vec<Row> = services
        .iter()
        .map(|(_, program)| Row {
            path: route.path,
            program: program.name,
            rounds: Vec::new(),
            memory: 0.0,
        })
        .collect();
    for round in 0..=ROUNDS {
        for ((service, _), row) in services.iter().zip(&mut rows) {
            let before = service.processor_time()?;
            let seen = load::ask(route, service.address, service.folder.path())?;
            let spent = service.processor_time()? - before;
            if round > 0 {
                row.rounds.push(Round {
                    per_second: seen.per_second,
                    p50: seen.p50,
                    p99: seen.p99,
                    cost: spent * 1e6 / seen.requests,
                    failed: seen.failed,
                });
            }
            row.memory = service.memory()?;
        }
    }
    Ok(rows)
}
