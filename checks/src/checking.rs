//! `cargo verify` itself: checks the steps that were asked for, and says the verdict.

use std::{
    fs::{self, OpenOptions},
    path::Path,
    sync::Arc,
};

use anstream::eprintln;
use anyhow::Context;
use checks::{
    commands::{hint, progress::Progress},
    course::{STEPS, Step},
    harness::random,
    ui::{
        grades::{self, Format},
        json,
        live::Live,
        report, say,
    },
    verify::{self, StepReport, exit_code},
};

use crate::cli::Cli;

/// Checks what was asked for, and prints the verdict in the form that was asked for. Returns the exit code.
///
/// # Errors
/// When something cannot be checked at all, or a report cannot be written.
pub fn verify(cli: &Cli, root: &Path) -> anyhow::Result<u8> {
    cli.seed.into_iter().for_each(random::set_seed);
    let mut reports: Vec<StepReport> = Vec::new();
    let walking = cli.steps.is_empty() && !cli.all && !cli.solutions;
    let grades = grades(&cli.report)?;
    for (_, file) in &grades {
        // Before the checks, which take a while.
        let opened = OpenOptions::new().append(true).create(true).open(file);
        opened.with_context(|| format!("cannot write {file}"))?;
    }
    let mut progress = read_progress(root)?;
    // The verdict is said first: what cannot be written takes none of it away.
    let mut written: Vec<anyhow::Result<()>> = Vec::new();
    for step in asked_for(cli) {
        let told_in_words = !cli.json && !cli.json_lines && grades.is_empty();
        if walking && !cli.again && told_in_words && progress.is_done(root, step) {
            say(&report::passed_before(step));
            continue;
        }
        let report = check(cli, root, step)?;
        if !cli.solutions {
            progress.record(root, &report);
            // At once: the next step may be interrupted.
            written.push(progress.write(root));
        }
        for file in report.failures().filter_map(|(_, it)| it.file.as_ref()) {
            let it = file.write(root);
            written.push(it.with_context(|| format!("cannot write {}", file.path)));
        }
        let stops = report.stops();
        reports.push(report);
        if walking && stops {
            break;
        }
    }
    if !cli.solutions {
        let failure = reports.iter().find_map(StepReport::first_failure);
        hint::remember(root, failure.map(|(check, _)| check.id));
    }
    if cli.json {
        say(&json::document(&reports)?);
    } else if !cli.json_lines {
        say(&report::summary(&reports, cli.solutions));
        if let Some(failed) = reports.iter().find(|report| report.failed()) {
            say(&report::repeat(failed, random::seed()));
        }
    }
    for (format, file) in grades {
        let it = fs::write(file, grades::text(format, &reports));
        written.push(it.with_context(|| format!("cannot write {file}")));
    }
    written.into_iter().collect::<anyhow::Result<()>>()?;
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
    if !cli.solutions {
        step.is_there(root)?;
    }
    let subject = step.subject(root, step.target(cli.solutions));
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

/// How far the learner is; what is odd about the file is said.
///
/// # Errors
/// When the file cannot be read.
pub fn read_progress(root: &Path) -> anyhow::Result<Progress> {
    let (progress, said) = Progress::read(root)?;
    said.iter().for_each(|said| eprintln!("{said}"));
    Ok(progress)
}

/// The steps that were named, or else all.
pub fn asked_for(cli: &Cli) -> Vec<&'static Step> {
    match cli.steps.as_slice() {
        [] => STEPS.iter().collect(),
        steps => steps.to_vec(),
    }
}
