//! `cargo verify`: the learner's self-check.

mod checking;
mod cli;

use std::{
    env,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anstream::eprintln;
use anyhow::Context;
use checking::{asked_for, read_progress, verify};
use checks::{
    commands::{
        carry, database, doctor,
        drill::{self, Drill},
        hint, list, message, new, overlay, server, watch, who,
    },
    course::STEPS,
    harness::{cleanup, leftovers},
    ui::{columns, report, say},
};
use cli::{Cli, Command};

fn main() -> ExitCode {
    let cli = Cli::read();
    match run(&cli) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run(cli: &Cli) -> anyhow::Result<u8> {
    cleanup::on_interrupt().context("cannot listen for Ctrl-C")?;
    if let Some(leftovers) = leftovers::clear() {
        eprintln!("{leftovers}");
    }
    columns::fit_terminal()?;
    let root = root()?;
    match &cli.command {
        Some(Command::Hint { topic, number }) => {
            say(&hint::hint(&root, topic.as_ref(), *number)?);
        }
        Some(Command::Watch { step }) => watch::watch(&root, *step)?,
        Some(Command::List) => say(&list::text(&root, &read_progress(&root)?)),
        Some(Command::Reset { steps, .. }) if !steps.is_empty() => overlay::reset(&root, steps)?,
        Some(Command::Reset { .. }) => overlay::reset(&root, &STEPS.iter().collect::<Vec<_>>())?,
        Some(Command::Solution { step, yes }) => overlay::solution(&root, step, *yes)?,
        Some(Command::CatchUp { step }) => overlay::catch_up(&root, step)?,
        Some(Command::Carry { from, to }) => carry::carry(&root, from, to)?,
        Some(Command::Database { fault, port }) => database::run(*fault, *port)?,
        Some(Command::Server { answer, port }) => server::run(*answer, *port)?,
        &Some(Command::Drill {
            solutions,
            native,
            auto,
            json,
        }) => {
            let drill = Drill {
                solutions,
                native,
                auto,
                json,
            };
            return drill::run(&root, &drill);
        }
        Some(Command::Who {
            solutions,
            at,
            others,
            labels,
        }) => say(&who::run(&root, *solutions, *at, others, labels)?),
        Some(Command::Message {
            solutions,
            alert,
            other,
        }) => say(&message::run(&root, *solutions, alert, other.as_deref())?),
        Some(Command::New { name }) => new::new(&root, name)?,
        Some(Command::Doctor {
            prefetch: Some(steps),
        }) => return doctor::prefetch::prefetch(&root, steps),
        Some(Command::Doctor { prefetch: None }) => {
            let findings = doctor::examine(&root);
            say(&doctor::text(&findings));
            return Ok(doctor::exit_code(&findings));
        }
        None if cli.list => say(&report::list(&asked_for(cli))),
        None => return verify(cli, &root),
    }
    Ok(0)
}

/// The workspace: cargo says where this package is, and it lies in the workspace's top folder.
fn root() -> anyhow::Result<PathBuf> {
    let package = env::var_os("CARGO_MANIFEST_DIR").context("start this with `cargo verify`")?;
    let root = Path::new(&package)
        .parent()
        .context("the package has no folder above it")?;
    Ok(root.to_owned())
}
