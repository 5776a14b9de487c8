//! `cargo verify drill`: an incident on stage. The whole stack is started, sixty times as fast as in real life; then one thing
//! after another breaks, and a timeline shows who saw it, and who was told.
//!
//! - [`fault`]: what breaks; [`stage`]: where ([`in_docker`], [`native`])
//! - [`files`], [`stretch`]: the learner's rules and routes, with seconds in place of minutes
//! - [`audience`]: who is told, at three hours at once; [`clock`]: how Alertmanager is made to believe them
//! - [`act`]: one fault, from its beginning to its end; [`timeline`], [`score`]: how it is shown

mod act;
mod audience;
mod clock;
mod fault;
mod files;
mod in_docker;
mod native;
mod score;
mod stage;
mod stretch;
mod timeline;
mod traffic;

use std::{
    io::{self, BufRead, IsTerminal},
    path::{Path, PathBuf},
    time::Duration,
};

use anstream::eprintln;
use anyhow::Context;

use crate::{
    alertmanager::{self, Alertmanager},
    course, docker,
    observer::{
        Source,
        container::{ALERTMANAGER, PROMETHEUS},
    },
    prometheus::Prometheus,
    report::{BOLD, DIM},
    verify::{Blocked, Subject},
};
use act::Cast;
use audience::{Audience, HOURS};
use fault::Fault;
use in_docker::InDocker;
use native::Native;
use score::Played;
use stage::Stage;
use timeline::Timeline;
use traffic::Traffic;

/// How long it may take until Prometheus, which scrapes every second, has done so once.
const SCRAPE_LIMIT: Duration = Duration::from_secs(30);

/// What somebody wants to see.
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

/// The drill. Returns the exit code: 0 all was noticed and told to the right people, 1 something was not, 2 it could not be played.
///
/// # Errors
/// When the stage cannot be built, or does not do what it is asked.
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
    let package = if drill.solutions {
        "solutions"
    } else {
        "step07"
    };
    let subject = Subject::new(root, package);
    let rules = files::rules(&config(&subject, "alert-rules")?)?;
    let routes = files::text(&config(&subject, "on-call")?)?;

    timeline.say(&format!(
        "{BOLD}The drill{BOLD:#}   {package}; a minute is a second, but for the 15 s of the probe\n{DIM}The stage is being built …{DIM:#}\n"
    ));
    let stage = match drill.native {
        true => match subject.program()? {
            Ok(executable) => Stage::Native(Native::start(&executable)?),
            Err(Blocked { why, .. }) => {
                eprintln!("The drill cannot be played: {why}");
                return Ok(2);
            }
        },
        false => Stage::Docker(InDocker::start(root, package)?),
    };
    let audiences = HOURS
        .iter()
        .map(Audience::open)
        .collect::<anyhow::Result<Vec<Audience>>>()?;
    let alertmanagers = audiences
        .iter()
        .map(|audience| audience.alertmanager(&sources.1, &routes))
        .collect::<anyhow::Result<Vec<Alertmanager>>>()?;
    let prometheus = prometheus_for(&stage, &sources, &rules, &alertmanagers)?;
    prometheus.wait_until_it_scrapes(SCRAPE_LIMIT)?;
    if let Some(dashboard) = stage.dashboard()? {
        timeline.say(&format!("{DIM}The dashboard: {dashboard}{DIM:#}\n"));
    }
    let played = play(drill, stage, audiences, &prometheus, &mut timeline)?;
    match drill.json {
        true => anstream::print!("{}", score::document(&played)),
        false => anstream::print!("{}", score::table(&played)),
    }
    Ok(u8::from(!score::right(&played)))
}

/// One fault after another.
fn play(
    drill: &Drill,
    mut stage: Stage,
    mut audiences: Vec<Audience>,
    prometheus: &Prometheus,
    timeline: &mut Timeline,
) -> anyhow::Result<Vec<Played>> {
    let traffic = Traffic::start(&stage.url());
    let mut played = Vec::new();
    let mut cast = Cast::new(&mut stage, prometheus, &mut audiences, &traffic, timeline);
    for fault in Fault::ALL {
        if let Some(why) = cast.stage.cannot(fault) {
            played.push((fault, Err(why)));
            continue;
        }
        cast.wait_until_all_is_well()?;
        if !drill.auto {
            cast.timeline
                .say(&format!("\n{DIM}Enter: {}{DIM:#} ", fault.title()));
            let mut line = String::new();
            if io::stdin().lock().read_line(&mut line)? == 0 {
                break; // Ctrl-D: enough
            }
        }
        let act = cast.play(fault)?;
        played.push((fault, Ok(act)));
    }
    Ok(played)
}

/// Where Prometheus and Alertmanager come from.
type Sources = (Source, Source);

fn sources(native: bool) -> Result<Sources, String> {
    if native {
        let prometheus = Source::on_path("Prometheus", &["prometheus"])?;
        let alertmanager = Source::on_path("Alertmanager", &alertmanager::NAMES)?;
        return Ok((prometheus, alertmanager));
    }
    docker::engine().map_err(|blocked| {
        format!(
            "{}. Without Docker: --native, with prometheus and alertmanager on PATH",
            blocked.why
        )
    })?;
    let prometheus = Source::image("the Prometheus", &PROMETHEUS)?;
    let alertmanager = Source::image("the Alertmanager", &ALERTMANAGER)?;
    Ok((prometheus, alertmanager))
}

fn prometheus_for(
    stage: &Stage,
    (source, _): &Sources,
    rules: &str,
    alertmanagers: &[Alertmanager],
) -> anyhow::Result<Prometheus> {
    // As it is seen from where Prometheus runs.
    let seen = |address: &str| address.replace("127.0.0.1", source.host());
    let target = seen(&stage.address().to_string());
    let alertmanagers: Vec<String> = alertmanagers
        .iter()
        .map(|alertmanager| seen(alertmanager.url().trim_start_matches("http://")))
        .collect();
    let config = files::prometheus(&target, &alertmanagers);
    Prometheus::start(
        source,
        &[("alerts.yml", rules), ("prometheus.yml", &config)],
    )
}

/// The file of a step, of the learner's or the finished one.
fn config(subject: &Subject, step: &str) -> anyhow::Result<PathBuf> {
    let step = course::find(step).context("there is no such step")?;
    subject.config(step).context("the step has no such file")
}
