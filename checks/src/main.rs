//! `cargo verify`: the learner's self-check.

use std::{
    env,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anstream::{eprintln, print};
use anyhow::Context;
use checks::{
    course::{STEPS, Step, find},
    doctor,
    drill::{self, Drill},
    ending, hint, json, playground, report,
    verify::{self, StepReport, Subject, exit_code},
};
use clap::{Parser, Subcommand};

/// Starts your service, pokes it, and says what is right, what is not yet, and why.
///
/// Exit codes: 0 all that was asked for passed, 1 something failed, 2 something could not be checked.
#[derive(Parser)]
#[command(
    bin_name = "cargo verify",
    args_conflicts_with_subcommands = true,
    subcommand_precedence_over_arg = true
)]
struct Cli {
    /// Steps to check: 2, step02 or db-health. Without any: all in order, until the first that is not done.
    #[arg(value_parser = step, value_name = "STEP")]
    steps: Vec<&'static Step>,
    /// Go on after a step that is not done.
    #[arg(long)]
    all: bool,
    /// Check the finished service (solutions/) instead of yours.
    #[arg(long)]
    solutions: bool,
    /// Print one JSON document instead (docs/json.md).
    #[arg(long)]
    json: bool,
    /// List the checks, a line each, and run none.
    #[arg(long)]
    list: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Show a hint for a step; there are three, each says more.
    Hint {
        #[arg(value_parser = step)]
        step: &'static Step,
        #[arg(default_value_t = 1)]
        number: usize,
    },
    /// Run the database that the checks use, to play with: it falls ill and gets well at each Enter.
    Database { illness: playground::Illness },
    /// Practise an incident: start the whole stack, break one thing after another, see who notices and who is told.
    Drill {
        /// The finished service (solutions/) instead of yours: the instructor's demo.
        #[arg(long)]
        solutions: bool,
        /// Without Docker: prometheus and alertmanager from PATH, and the self-check's own database.
        #[arg(long)]
        native: bool,
        /// Break one thing after another without waiting for a key.
        #[arg(long)]
        auto: bool,
        /// Print one JSON document at the end instead (docs/json.md).
        #[arg(long)]
        json: bool,
    },
    /// Look at this machine: is there all that the steps need?
    Doctor,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(&cli) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run(cli: &Cli) -> anyhow::Result<u8> {
    ending::on_interrupt().context("cannot listen for Ctrl-C")?;
    let root = root()?;
    match &cli.command {
        Some(Command::Hint { step, number }) => print!("{}", hint::hint(&root, step, *number)?),
        Some(Command::Database { illness }) => playground::run(*illness)?,
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
        Some(Command::Doctor) => {
            let findings = doctor::examine(&root);
            print!("{}", doctor::text(&findings));
            return Ok(doctor::exit_code(&findings));
        }
        None if cli.list => print!("{}", report::list(&asked_for(cli))),
        None => return verify(cli, &root),
    }
    Ok(0)
}

fn verify(cli: &Cli, root: &Path) -> anyhow::Result<u8> {
    let mut reports: Vec<StepReport> = Vec::new();
    let walking = cli.steps.is_empty() && !cli.all && !cli.solutions;
    for step in asked_for(cli) {
        let package = if cli.solutions {
            "solutions"
        } else {
            step.package
        };
        let report = verify::step(step, &Subject::new(root, package))?;
        if !cli.json {
            print!("{}", report::step(&report));
        }
        let stops = report.stops();
        reports.push(report);
        if walking && stops {
            break;
        }
    }
    if cli.json {
        print!("{}", json::document(&reports)?);
    } else {
        print!("{}", report::summary(&reports, cli.solutions));
    }
    Ok(exit_code(&reports))
}

fn asked_for(cli: &Cli) -> Vec<&'static Step> {
    match cli.steps.as_slice() {
        [] => STEPS.iter().collect(),
        steps => steps.to_vec(),
    }
}

fn step(word: &str) -> Result<&'static Step, String> {
    find(word).ok_or_else(|| {
        let names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        format!(
            "the steps are 1 to {}, or {}",
            STEPS.len(),
            names.join(", ")
        )
    })
}

/// The workspace: cargo says where this package is, and it lies in the workspace's top folder.
fn root() -> anyhow::Result<PathBuf> {
    let package = env::var_os("CARGO_MANIFEST_DIR").context("start this with `cargo verify`")?;
    let root = Path::new(&package)
        .parent()
        .context("the package has no folder above it")?;
    Ok(root.to_owned())
}
