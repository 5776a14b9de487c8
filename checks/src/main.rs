//! `cargo verify`: the learner's self-check.

mod cli;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use anstream::eprintln;
use anyhow::Context;
use checks::{
    commands::{
        carry, database, doctor,
        drill::{self, Drill},
        hint, lay, list,
        progress::Progress,
        server, watch, who,
    },
    course::{STEPS, Step},
    harness::{cleanup, leftovers, random},
    subject::Target,
    ui::{
        grades::{self, Format},
        json,
        live::Live,
        report, say,
    },
    verify::{self, StepReport, exit_code},
};
use clap::Parser;
use cli::{Cli, Command};

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
    cleanup::on_interrupt().context("cannot listen for Ctrl-C")?;
    if let Some(leftovers) = leftovers::clear() {
        eprintln!("{leftovers}");
    }
    let root = root()?;
    match &cli.command {
        Some(Command::Hint { topic, number }) => {
            say(&hint::hint(&root, topic.as_ref(), *number)?);
        }
        Some(Command::Watch { step }) => watch::watch(&root, *step)?,
        Some(Command::List) => say(&list::text(&root, &read_progress(&root)?)),
        Some(Command::Reset { steps, .. }) if !steps.is_empty() => lay::reset(&root, steps)?,
        Some(Command::Reset { .. }) => lay::reset(&root, &STEPS.iter().collect::<Vec<_>>())?,
        Some(Command::Solution { step, yes }) => lay::solution(&root, step, *yes)?,
        Some(Command::CatchUp { step }) => lay::catch_up(&root, step)?,
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
        Some(Command::Doctor) => {
            let findings = doctor::examine(&root);
            say(&doctor::text(&findings));
            return Ok(doctor::exit_code(&findings));
        }
        None if cli.list => say(&report::list(&asked_for(cli))),
        None => return verify(cli, &root),
    }
    Ok(0)
}

fn verify(cli: &Cli, root: &Path) -> anyhow::Result<u8> {
    cli.seed.into_iter().for_each(random::set_seed);
    let mut reports: Vec<StepReport> = Vec::new();
    let walking = cli.steps.is_empty() && !cli.all && !cli.solutions;
    let grades = grades(&cli.report)?;
    let mut progress = read_progress(root)?;
    for step in asked_for(cli) {
        let told_in_words = !cli.json && !cli.json_lines && grades.is_empty();
        if walking && !cli.again && told_in_words && progress.is_done(root, step) {
            say(&report::passed_before(step));
            continue;
        }
        let report = check(cli, root, step)?;
        if !cli.solutions {
            progress.record(root, &report);
        }
        for file in report.failures().filter_map(|(_, it)| it.file.as_ref()) {
            file.write(root)
                .with_context(|| format!("cannot write {}", file.path))?;
        }
        let stops = report.stops();
        reports.push(report);
        if walking && stops {
            break;
        }
    }
    if !cli.solutions {
        // Without it the next run checks everything again, which does no harm.
        if let Err(error) = progress.write(root) {
            eprintln!("{error:#}");
        }
        let failure = reports.iter().find_map(StepReport::first_failure);
        hint::remember(root, failure.map(|(check, _)| check.id));
    }
    for (format, file) in grades {
        fs::write(file, grades::text(format, &reports))
            .with_context(|| format!("cannot write {file}"))?;
    }
    if cli.json {
        say(&json::document(&reports)?);
    } else if !cli.json_lines {
        say(&report::summary(&reports, cli.solutions));
        if let Some(failed) = reports.iter().find(|report| report.failed()) {
            say(&report::repeat(failed, random::seed()));
        }
    }
    Ok(exit_code(&reports))
}

/// The formats and files of `--report`.
fn grades(words: &[String]) -> anyhow::Result<Vec<(Format, &str)>> {
    let pairs = words.chunks(2).map(|pair| {
        let format: Result<Format, String> = pair[0].parse();
        Ok((format.map_err(anyhow::Error::msg)?, pair[1].as_str()))
    });
    pairs.collect()
}

/// Checks one step, and prints what is asked for meanwhile.
fn check(cli: &Cli, root: &Path, step: &'static Step) -> anyhow::Result<StepReport> {
    let target = if cli.solutions {
        Target::Finished
    } else {
        Target::Step(step.package)
    };
    let subject = step.subject(root, target);
    let extras = cli.extras || cli.solutions;
    if cli.json {
        return verify::step(step, &subject, extras);
    }
    if cli.json_lines {
        let report = verify::observed(step, &subject, extras, Arc::new(json::Lines { step }))?;
        say(&json::rest(&report));
        return Ok(report);
    }
    let live = Live::start(step);
    let observer = Arc::<Live>::clone(&live);
    let report = verify::observed(step, &subject, extras, observer)?;
    live.finish(&report);
    Ok(report)
}

fn read_progress(root: &Path) -> anyhow::Result<Progress> {
    let (progress, said) = Progress::read(root)?;
    said.iter().for_each(|said| eprintln!("{said}"));
    Ok(progress)
}

fn asked_for(cli: &Cli) -> Vec<&'static Step> {
    match cli.steps.as_slice() {
        [] => STEPS.iter().collect(),
        steps => steps.to_vec(),
    }
}

/// The workspace: cargo says where this package is, and it lies in the workspace's top folder.
fn root() -> anyhow::Result<PathBuf> {
    let package = env::var_os("CARGO_MANIFEST_DIR").context("start this with `cargo verify`")?;
    let root = Path::new(&package)
        .parent()
        .context("the package has no folder above it")?;
    Ok(root.to_owned())
}
