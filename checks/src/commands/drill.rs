//! `cargo verify drill`: an incident drill. Starts the whole stack, sixty times as fast as in real life, breaks one thing
//! after another, and prints a timeline of which alerts fired and who was notified.
//!
//! - [`fault`]: the faults; [`environment`]: where they are injected ([`in_docker`], [`native`])
//! - [`files`], [`speed_up`]: the learner's rules and routes, with seconds in place of minutes
//! - [`recipients`]: who is notified, at three [`hour`]s at once; [`clock`]: how Alertmanager is made to believe those hours
//! - [`runner`]: runs one fault; [`fault_run`]: its result; [`timeline`], [`summary`]: the output
//! - [`mod@sources`]: where Prometheus and Alertmanager come from

mod clock;
mod environment;
mod fault;
mod fault_run;
mod files;
mod hour;
mod in_docker;
mod native;
mod recipients;
mod runner;
mod sources;
mod speed_up;
mod summary;
mod timeline;
mod traffic;

use std::{
    io::{self, BufRead, IsTerminal},
    path::Path,
    time::Duration,
};

use anstream::eprintln;
use anyhow::Context;

use crate::{
    check::{Blocked, Stop},
    course,
    tools::{alertmanager::Alertmanager, prometheus::Prometheus},
    ui::style::{BOLD, DIM},
};
use environment::Environment;
use fault::Fault;
use hour::HOURS;
use in_docker::InDocker;
use native::Native;
use recipients::Recipients;
use runner::Runner;
use sources::{prometheus_for, sources};
use summary::FaultResult;
use timeline::Timeline;
use traffic::Traffic;

/// How long it may take until Prometheus, which scrapes every second, has done so once.
const SCRAPE_LIMIT: Duration = Duration::from_secs(30);

/// The options of `cargo verify drill`.
pub struct Drill {
    /// The finished service instead of the learner's.
    pub solutions: bool,
    /// Programs from PATH instead of Docker.
    pub native: bool,
    /// Without waiting for a key.
    pub auto: bool,
    /// One document instead of a timeline.
    pub json: bool,
}

/// Runs the drill. Returns the exit code: 0 if everything was noticed and notified as expected, 1 if not, 2 if it could not run.
///
/// # Errors
/// When the environment cannot be started or does not respond.
pub fn run(root: &Path, drill: &Drill) -> anyhow::Result<u8> {
    if !drill.auto && !io::stdin().is_terminal() {
        anyhow::bail!("nobody can press a key here: add --auto");
    }
    let sources = match sources(drill.native) {
        Ok(sources) => sources,
        Err(why) => {
            eprintln!("The drill cannot be played: {why}");
            return Ok(2);
        }
    };
    let mut timeline = Timeline::new(drill.json);
    let target = course::last().target(drill.solutions);
    let subject = |step| course::find(step).map(|step| step.subject(root, target));
    let rules = subject("alert-rules").and_then(|subject| subject.config);
    let rules = files::rules(&rules.context("step 6 has rules")?)?;
    let on_call = subject("on-call").context("there is a step on-call")?;
    let routes = on_call.config.as_deref().context("step 7 has a file")?;
    let routes = files::text(routes)?;

    timeline.say(&format!(
        "{BOLD}The drill{BOLD:#}   {}; a minute is a second, but for the 15 s of the probe\n{DIM}The stage is being built …{DIM:#}\n",
        target.package()
    ));
    let environment = if drill.native {
        match on_call.program() {
            Ok(executable) => Environment::Native(Native::start(&executable)?),
            Err(Stop::Blocked(Blocked { why, .. })) => {
                eprintln!("The drill cannot be played: {why}");
                return Ok(2);
            }
            Err(stop) => return Err(stop.into()),
        }
    } else {
        Environment::Docker(InDocker::start(root, target)?)
    };
    let recipients = HOURS
        .iter()
        .map(Recipients::open)
        .collect::<anyhow::Result<Vec<Recipients>>>()?;
    let alertmanagers = recipients
        .iter()
        .map(|recipients| recipients.alertmanager(&sources.1, &routes))
        .collect::<anyhow::Result<Vec<Alertmanager>>>()?;
    let prometheus = prometheus_for(&environment, &sources, &rules, &alertmanagers)?;
    prometheus.wait_until_it_scrapes(SCRAPE_LIMIT)?;
    if let Some(dashboard) = environment.dashboard()? {
        timeline.say(&format!("{DIM}The dashboard: {dashboard}{DIM:#}\n"));
    }
    let results = run_all(drill, environment, recipients, &prometheus, &mut timeline)?;
    if drill.json {
        anstream::print!("{}", summary::document(&results))
    } else {
        anstream::print!("{}", summary::table(&results))
    }
    Ok(u8::from(!summary::right(&results)))
}

/// One fault after another.
fn run_all(
    drill: &Drill,
    mut environment: Environment,
    mut recipients: Vec<Recipients>,
    prometheus: &Prometheus,
    timeline: &mut Timeline,
) -> anyhow::Result<Vec<FaultResult>> {
    let traffic = Traffic::start(&environment.url());
    let mut results = Vec::new();
    let mut runner = Runner::new(
        &mut environment,
        prometheus,
        &mut recipients,
        &traffic,
        timeline,
    );
    for fault in Fault::ALL {
        if let Some(why) = runner.environment.cannot(fault) {
            results.push((fault, Err(why)));
            continue;
        }
        runner.wait_until_all_is_well()?;
        if !drill.auto {
            runner
                .timeline
                .say(&format!("\n{DIM}Enter: {}{DIM:#} ", fault.title()));
            let mut line = String::new();
            if io::stdin().lock().read_line(&mut line)? == 0 {
                break; // Ctrl-D: enough
            }
        }
        let run = runner.run(fault)?;
        results.push((fault, Ok(run)));
    }
    Ok(results)
}
