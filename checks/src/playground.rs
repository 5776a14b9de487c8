//! `cargo verify database frozen`: the database that the checks use, to play with by hand.

use std::io::{self, BufRead};

use clap::ValueEnum;

use crate::fake_postgres::{FakePostgres, State};

/// What can be wrong with it.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Illness {
    /// Nobody listens.
    Refusing,
    /// Accepts connections and never says a word.
    Silent,
    /// Takes a statement and never answers it.
    Hanging,
    /// Answers every statement with an error.
    Failing,
    /// Turns everybody away: too many clients already.
    Full,
}

/// Starts a database that is ill; each Enter makes it well, or ill again; ends with the input.
///
/// # Errors
/// When no port can be had, or stdin cannot be read.
pub fn run(illness: Illness) -> io::Result<()> {
    let name = illness
        .to_possible_value()
        .map_or(String::new(), |value| value.get_name().to_owned());
    let ill = match illness {
        Illness::Refusing => State::Refusing,
        Illness::Silent => State::Silent,
        Illness::Hanging => State::Hanging,
        Illness::Failing => State::Failing("could not read block 0 of relation".to_owned()),
        Illness::Full => State::Full,
    };
    let server = FakePostgres::start(State::Up)?;
    println!(
        "In another terminal:\n\n    export DATABASE_URL=postgres://me:secret@127.0.0.1:{}/workshop\n",
        server.port()
    );
    println!("up now       (Enter: {name}; Ctrl-C or Ctrl-D: end)");
    let mut up = true;
    for line in io::stdin().lock().lines() {
        line?;
        up = !up;
        server.switch(if up { State::Up } else { ill.clone() });
        match up {
            true => println!("up now       (Enter: {name})"),
            false => println!("{name} now   (Enter: up)"),
        }
    }
    Ok(())
}
