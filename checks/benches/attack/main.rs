//! The finished service under attack: callers that send what is wrong, too much, too slowly or not at all. A line for each attack says
//! what they got, after how long they were closed, what happened to the service's memory, and how long `/health` took for others
//! meanwhile. `cargo bench -p checks --bench attack --profile dev`
//!
//! Linux only. A debug build: it is bounded in the same way, and builds faster.

mod attacks;
mod callers;
#[path = "../common/mod.rs"]
mod common;
mod others;

use std::time::Duration;

use common::service::Service;

/// How long the service may keep a connection before it counts as held for ever.
const LIMIT: Duration = Duration::from_secs(20);

/// The memory that the container has, in MB.
const MEMORY: f64 = 128.0;

fn main() -> anyhow::Result<()> {
    let service = Service::start(&common::build()?, "readings.sqlite3")?;
    println!(
        "| sent | callers | answer | closed within | memory before, most, after | `/health` for others, slowest |"
    );
    println!("|---|---|---|---|---|---|");
    for attack in attacks::all() {
        let before = service.memory("VmRSS")?;
        service.forget_most()?;
        let (answers, took, slowest) = others::attack(&service, &attack)?;
        let [most, after] = [service.memory("VmHWM")?, service.memory("VmRSS")?];
        // The container would have been killed.
        let mark = if most < MEMORY { "" } else { "**" };
        let answers: Vec<String> = answers
            .iter()
            .map(|(got, count)| format!("{got} ({count})"))
            .collect();
        let slowest = match slowest.is_finite() {
            true => format!("{slowest:.0} ms"),
            false => format!("none within {} s", LIMIT.as_secs()),
        };
        println!(
            "| {} | {} | {} | {took:.1} s | {before:.0}, {mark}{most:.0}{mark}, {after:.0} MB | {slowest} |",
            attack.name,
            attack.callers,
            answers.join(", ")
        );
    }
    Ok(())
}
