//! The command line of `cargo verify`.

mod command;

use std::process::exit;

use anstream::eprintln;
use checks::course::{STEPS, Step, find};
use clap::{Parser, error::Error};

pub use command::Command;

/// Starts your service, pokes it, and says what is right, what is not yet, and why.
#[derive(Parser)]
#[command(
    bin_name = "cargo verify",
    after_help = "Exit codes: 0 all that was asked for passed, 1 something failed,\n\
                  2 something could not be checked, or not be done.",
    args_conflicts_with_subcommands = true,
    subcommand_precedence_over_arg = true
)]
pub struct Cli {
    /// 2, step02, db-health. Without any: in order, to the first not done.
    #[arg(value_parser = step, value_name = "STEP")]
    pub steps: Vec<&'static Step>,
    /// Check what has passed before, too.
    #[arg(long)]
    pub again: bool,
    /// Go on after a step that is not done.
    #[arg(long)]
    pub all: bool,
    /// Check the finished service instead of yours.
    #[arg(long)]
    pub solutions: bool,
    /// Check the extras, too, and count them.
    #[arg(long)]
    pub extras: bool,
    /// Draw the values of the run that printed it.
    #[arg(long)]
    pub seed: Option<u64>,
    /// Print one JSON document instead (docs/json.md).
    #[arg(long)]
    pub json: bool,
    /// Print each check as JSON as soon as it ends.
    #[arg(long, conflicts_with = "json")]
    pub json_lines: bool,
    /// Also as junit, classroom50, gradescope, markdown.
    #[arg(long, num_args = 2, value_names = ["FORMAT", "FILE"])]
    pub report: Vec<String>,
    /// List all checks, and run none.
    #[arg(long)]
    pub list: bool,
    #[command(subcommand)]
    pub command: Option<Command>,
}

impl Cli {
    /// Reads the command line. Help is printed, and what is wrong is said in one line; then this program ends.
    pub fn read() -> Cli {
        Cli::try_parse().unwrap_or_else(|error| {
            if error.use_stderr() {
                eprintln!("{}", in_one_line(&error));
                exit(error.exit_code());
            }
            error.exit()
        })
    }
}

/// What is wrong, without the lines that show how a command line is made up: `--help` does.
fn in_one_line(error: &Error) -> String {
    let text = error.render().to_string();
    let ours = |line: &&str| !line.starts_with("Usage:") && !line.starts_with("For more");
    let lines = text.lines().take_while(ours);
    lines
        .flat_map(str::split_whitespace)
        .collect::<Vec<_>>()
        .join(" ")
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
