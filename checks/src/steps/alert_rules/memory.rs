//! `process_memory_limit_bytes`: what the kernel says, and nothing else. Tried out on this machine as it is, and on others that
//! are made for it.

mod machines;

use std::{fs, io, path::Path};

pub use machines::Machines;

use super::scrape::{PATH, Scrape};
use crate::{
    check::Failure,
    harness::{launch::Launch, program::Program, text::varying},
    steps::question::Question,
};

const LIMIT: &str = "process_memory_limit_bytes";

/// Where the kernel exposes it: cgroup v2 and v1.
const FOLDER: &str = "/sys/fs/cgroup";
const FILES: [&str; 2] = ["memory.max", "memory/memory.limit_in_bytes"];

/// What cgroup v2 says beside it: none of these is the limit at which the kernel kills.
const BESIDE: [(&str, &str); 4] = [
    ("memory.current", "8388608"),
    ("memory.high", "max"),
    ("memory.low", "0"),
    ("memory.swap.max", "0"),
];

/// Writes those into this folder.
fn lay_others(folder: &Path) -> io::Result<()> {
    BESIDE
        .iter()
        .try_for_each(|(file, says)| fs::write(folder.join(file), format!("{says}\n")))
}

/// What they say without a limit. For cgroup v1 that is the largest number of whole pages, of 4 or of 64 KiB.
const UNLIMITED: [&[&str]; 2] = [&["max"], &["9223372036854771712", "9223372036854710272"]];

impl Machines {
    /// Whether the program says what each of them says.
    pub fn look(&self) -> Result<(), Failure> {
        for machine in self.all() {
            let launch = Launch::new(&machine.script);
            let program = Program::start(&launch)?;
            let ask = format!("curl -s http://127.0.0.1:8000{PATH} | grep {LIMIT}");
            let start = format!("cargo run -p {}", launch.package());
            let [before, behind] = &machine.by_hand;
            let there = format!("{before}{start}{behind}");
            let scrape = Scrape::of(&Question {
                program: &program,
                method: "GET",
                path: PATH,
                how: launch.then(&ask).replacen(&start, &there, 1),
            })?;
            compare(&scrape, machine.limit, &machine.says)?;
        }
        Ok(())
    }
}

/// On this machine as it is.
pub fn as_it_is(scrape: &Scrape) -> Result<(), Failure> {
    let said = FILES.map(|file| fs::read_to_string(Path::new(FOLDER).join(file)).ok());
    let said = said.into_iter().flatten().next();
    let limit = said.as_deref().and_then(|said| match said.trim() {
        said if UNLIMITED.concat().contains(&said) => None,
        said => said.parse().ok(),
    });
    let state = match limit {
        Some(limit) => format!("the kernel says {}", varying("bytes", limit)),
        None => "the kernel says nothing of a limit".to_owned(),
    };
    compare(scrape, limit, &state)
}

fn compare(scrape: &Scrape, limit: Option<u64>, says: &str) -> Result<(), Failure> {
    let value = scrape.value(LIMIT);
    if value == limit.map(|limit| limit as f64) {
        return Ok(());
    }
    let expected = match limit {
        Some(limit) => format!("{LIMIT} {limit}"),
        None => format!("no {LIMIT}"),
    };
    let perhaps = match (limit, value) {
        (None, _) => "no limit is no number: a made-up one makes a percentage of nothing",
        (Some(_), None) => {
            "cgroup v2 says it in memory.max, and v1 in memory/memory.limit_in_bytes; other files say other things"
        }
        (Some(limit), Some(value)) if value * 1024.0 == limit as f64 => "bytes, not kilobytes",
        (Some(_), Some(_)) => "the machine may have more than the container",
    };
    Err(Failure::new(
        format!("{expected}, where {says}"),
        scrape.shown(LIMIT),
        scrape.how.replace(super::signals::DB_UP, LIMIT),
    )
    .perhaps(perhaps))
}
