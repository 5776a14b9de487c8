//! `cargo verify database hanging`: the fake database of the checks, to experiment with.

use std::{
    io::{self, BufRead},
    net::{Ipv4Addr, TcpListener},
    sync::Arc,
    thread,
    time::Duration,
};

use anyhow::Context;
use clap::ValueEnum;

use crate::harness::{
    fake_postgres::{FakePostgres, State},
    launch::BROKEN_DATABASE_PORT,
};

/// The port unless another is asked for: the one in the commands of the messages.
pub const PORT: u16 = BROKEN_DATABASE_PORT;

/// The ways in which it can fail.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum FaultMode {
    /// Connections are refused.
    Refusing,
    /// Accepts connections and never answers.
    Silent,
    /// Accepts a login, and never answers a query.
    Hanging,
    /// Answers `SELECT 1`, but no query about readings, as while their table is locked.
    Locked,
    /// Answers a query after 0.3 s.
    Busy,
    /// Answers a query after 1.1 s.
    Slow,
    /// Answers every statement with an error.
    Failing,
    /// Refuses every client: too many connections already.
    Full,
    /// Connections are refused; once it is repaired, it has much to do, and answers a query after 0.3 s.
    Restarting,
}

/// It answers a query after 0.3 s.
const BUSY: State = State::Slow(Duration::from_millis(300));

/// How often it is looked whether something has arrived.
const PACE: Duration = Duration::from_millis(200);

/// Starts a broken database on `port`; each Enter repairs it, or breaks it again; ends with the input.
///
/// # Errors
/// When the port cannot be had, or stdin cannot be read.
pub fn run(fault: FaultMode, port: u16) -> anyhow::Result<()> {
    let name = fault
        .to_possible_value()
        .map_or(String::new(), |value| value.get_name().to_owned());
    let broken = match fault {
        FaultMode::Refusing | FaultMode::Restarting => State::Refusing,
        FaultMode::Silent => State::Silent,
        FaultMode::Hanging => State::Hanging,
        FaultMode::Locked => State::Locked,
        FaultMode::Busy => BUSY,
        FaultMode::Slow => State::Slow(Duration::from_millis(1_100)),
        FaultMode::Failing => State::Failing("could not read block 0 of relation".to_owned()),
        FaultMode::Full => State::Full,
    };
    let (repaired, well) = match fault {
        FaultMode::Restarting => (BUSY, "busy"),
        _ => (State::Up, "up"),
    };
    if port != 0 {
        // Sharing the port with another server would send some of the connections there.
        TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .with_context(|| format!("port {port} cannot be had; --port 0 takes a free one"))?;
    }
    let server = Arc::new(FakePostgres::start_on(port, broken.clone())?);
    println!("DATABASE_URL={}\n", server.url("me:secret", "workshop"));
    println!("{name} now   (Enter: repair it; Ctrl-C or Ctrl-D: end)");
    tell_what_arrives(Arc::clone(&server));
    let mut up = false;
    for line in io::stdin().lock().lines() {
        line?;
        up = !up;
        server.switch(if up { repaired.clone() } else { broken.clone() });
        if up {
            println!("{well} now   (Enter: {name} again)")
        } else {
            println!("{name} now   (Enter: repair it)")
        }
    }
    Ok(())
}

/// Prints what has arrived so far, as often as it changes, for as long as the command runs.
fn tell_what_arrives(server: Arc<FakePostgres>) {
    let now = move || {
        (
            server.connections(),
            server.questions(),
            server.unanswered(),
        )
    };
    thread::spawn(move || {
        let mut told = (0, 0, 0);
        loop {
            thread::sleep(PACE);
            let seen = now();
            if seen != told {
                let (connections, questions, unanswered) = seen;
                println!(
                    "  so far: {connections} connections, {questions} times SELECT 1, {unanswered} statements without an answer"
                );
                told = seen;
            }
        }
    });
}
