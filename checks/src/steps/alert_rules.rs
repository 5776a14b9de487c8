//! Step 6: the gauges that alert rules need, and the rules: loud when it matters, and silent when it does not.

mod behaviour;
mod container;
mod form;
mod judge;
mod memory;
mod promql;
mod promtool;
mod rules;
mod scenes;
mod scrape;
mod signals;
mod world;

use std::{
    io,
    panic::resume_unwind,
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use anyhow::Context;
use form::Form;
use memory::Machines;
use promtool::{Promtool, RULES, TESTS};
use rules::Rules;
use scrape::Scrape;
use signals::Scene;

use crate::{
    check::{Check, Failure, Results},
    course,
    fake_postgres::State,
    verify::{Blocked, Subject},
};

/// How the stub's answer to a scrape is shown.
pub const NO_SIGNAL: &str = "no db_up among";

/// The checks that others rest on.
const EXPOSES: Option<&str> = Some("alert-rules.exposes-db-up");
const BOUNDED: Option<&str> = Some("alert-rules.bounds-the-probe");
const DOWN: Option<&str> = Some("alert-rules.says-down");
const LOAD: Option<&str> = Some("alert-rules.load");
const EXIST: Option<&str> = Some("alert-rules.metrics-exist");
const LABELS: Option<&str> = Some("alert-rules.labels-exist");
const STAY: Option<&str> = Some("alert-rules.keeps-its-labels");
const WAITS: Option<&str> = Some("alert-rules.waits");
const WELL: Option<&str> = Some(judge::FIRST);
const ERRORS: Option<&str> = Some("alert-rules.tells-errors");
const MEMORY: Option<&str> = Some("alert-rules.tells-memory");

#[rustfmt::skip] // a table
pub const CHECKS: &[Check] = &[
    Check::new("alert-rules.exposes-db-up", "/metrics has db_up", None, "Ask the database by yourself"),
    Check::new("alert-rules.says-up", "db_up is 1 while the database answers", EXPOSES, "Ask the database by yourself"),
    Check::new("alert-rules.says-down", "db_up is 0 while it refuses", EXPOSES, "Ask the database by yourself"),
    Check::new("alert-rules.bounds-the-probe", "db_up is 0 while it never answers", DOWN, "Ask the database by yourself"),
    Check::new("alert-rules.keeps-scrapes-swift", "/metrics waits for no database", BOUNDED, "Ask the database by yourself"),
    Check::new("alert-rules.still-stops", "SIGTERM ends it, even amid a probe", BOUNDED, "Ask the database by yourself"),
    Check::new("alert-rules.says-the-memory-limit", "the container's own limit, or none", EXPOSES, "Say how much memory there is"),
    Check::new("alert-rules.load", "Prometheus can load the rules", EXPOSES, "Four rules"),
    Check::new("alert-rules.metrics-exist", "they ask for metrics that exist", LOAD, "Four rules"),
    Check::new("alert-rules.labels-exist", "and for labels that those have", EXIST, "Four rules"),
    Check::new("alert-rules.keeps-its-labels", "no label changes with the value", LABELS, "What an alert says"),
    Check::new("alert-rules.waits", "each alert waits for a while", STAY, "Wait before you wake somebody"),
    Check::new("alert-rules.says-how-urgent", "each has severity page or ticket", LOAD, "What an alert says"),
    Check::new("alert-rules.says-what", "each has a summary, and shows the value", LOAD, "What an alert says"),
    Check::new("alert-rules.links-a-runbook", "each links a runbook that exists", LOAD, "What an alert says"),
    Check::new("alert-rules.is-silent-when-well", "silence while all is well", WAITS, "Four rules"),
    Check::new("alert-rules.tells-database-down", "an alert: database away for 5 min", WELL, "The database is down"),
    Check::new("alert-rules.ignores-a-blink", "silence: away for 30 s, or a restart", Some("alert-rules.tells-database-down"), "Wait before you wake somebody"),
    Check::new("alert-rules.tells-errors", "an alert: 5 %, and 1.1 % of errors", WELL, "Too many errors"),
    Check::new("alert-rules.counts-every-5xx", "an alert: 503, and 504, too", ERRORS, "Too many errors"),
    Check::new("alert-rules.allows-1-percent", "silence: 0.9 % of errors, or many 404s", ERRORS, "Too many errors"),
    Check::new("alert-rules.ignores-a-stray-error", "silence: one error among few requests", ERRORS, "Too many errors"),
    Check::new("alert-rules.ignores-probes", "probes and scrapes are left out", ERRORS, "Too many errors"),
    Check::new("alert-rules.bridges-gaps", "an alert: bursts, and lost scrapes", ERRORS, "Too many errors"),
    Check::new("alert-rules.judges-the-service", "all instances make one ratio", Some("alert-rules.allows-1-percent"), "Too many errors"),
    Check::new("alert-rules.survives-a-restart", "counters may begin at zero again", ERRORS, "Too many errors"),
    Check::new("alert-rules.tells-memory", "an alert: 81 % of the limit", WELL, "Memory is running out"),
    Check::new("alert-rules.judges-each-instance", "an alert: 95 % in one of two instances", MEMORY, "Memory is running out"),
    Check::new("alert-rules.allows-80-percent", "silence: 79 %, or a spike", MEMORY, "Memory is running out"),
    Check::new("alert-rules.needs-a-limit", "silence: much memory, and no limit", MEMORY, "Memory is running out"),
    Check::new("alert-rules.tells-target-down", "an alert: it does not answer scrapes", WELL, "Nobody is there to ask"),
    Check::new("alert-rules.tells-target-absent", "an alert: there is no target at all", WELL, "Nobody is there to ask"),
    Check::new("alert-rules.leaves-others-alone", "other services change nothing", ERRORS, "Four rules"),
    Check::new("alert-rules.names-the-service", "each alert has the label job", ERRORS, "What an alert says"),
    Check::new("alert-rules.pages-for-outages", "all but memory is severity page", Some("alert-rules.says-how-urgent"), "What an alert says"),
    Check::new("alert-rules.ends-with-the-fault", "each alert ends when the fault does", WELL, "Wait before you wake somebody"),
    Check::new("alert-rules.keeps-asking", "db_up follows the database, unasked", DOWN, "Ask the database by yourself"),
    Check::new("alert-rules.does-not-pile-up", "at most one probe hangs in the database", BOUNDED, "Ask the database by yourself"),
];

/// First the gauges and the rules. What takes until the next probe, 15 s later, is waited for only if all else is well.
pub fn verify(subject: &Subject, results: &Results) -> anyhow::Result<Result<(), Blocked>> {
    let executable = &match subject.program()? {
        Ok(program) => program,
        Err(blocked) => return Ok(Err(blocked)),
    };
    let machines = &Machines::new(executable)?;
    let up = Scene::start(executable, State::Up)?;
    let exposes = results.check("alert-rules.exposes-db-up", || {
        let scene = up?;
        signals::exposes(&scene)?;
        Ok(scene)
    });
    let Some(first) = exposes else {
        return Ok(Ok(()));
    };
    let says_up = signals::says_up(executable, &first)?;
    let another = results.check("alert-rules.says-up", || says_up);
    let up = &another.flatten().unwrap_or(first);

    let wanted = &AtomicBool::new(true);
    thread::scope(|scope| {
        let asking = scope.spawn(|| signals(executable, up, results, wanted));
        let stopping = scope.spawn(|| signals::stops(executable));
        let limits = scope.spawn(|| machines.look());
        let verdicts = rules(subject, results, up);
        let stops = stopping.join().unwrap_or_else(|panic| resume_unwind(panic));
        let limits = limits.join().unwrap_or_else(|panic| resume_unwind(panic));
        says_the_limit(results, up, machines, limits);
        if results.any_failed() || verdicts.is_err() {
            wanted.store(false, Ordering::Relaxed);
        }
        let asked = asking.join().unwrap_or_else(|panic| resume_unwind(panic));
        verdicts?;
        let stops = stops?;
        results.check("alert-rules.still-stops", || stops);
        // Nobody has waited for them to the end if something has failed, and then they are not known.
        if let (Some((fresh, few)), false) = (asked?, results.any_failed()) {
            results.check("alert-rules.keeps-asking", || fresh);
            results.check("alert-rules.does-not-pile-up", || few);
        }
        Ok(Ok(()))
    })
}

/// Whether `db_up` stays fresh, and whether few probes wait.
type Later = (Result<(), Failure>, Result<(), Failure>);

/// What the first probes show, and, while it is `wanted`, what the later ones do.
fn signals(
    executable: &Path,
    up: &Scene,
    results: &Results,
    wanted: &AtomicBool,
) -> io::Result<Option<Later>> {
    let (down, stalled) = signals::when_it_is_ill(executable, results)?;
    let (Some(down), Some(stalled), false) = (down, stalled, results.any_failed()) else {
        return Ok(None);
    };
    Ok(thread::scope(|scope| {
        let few = scope.spawn(|| signals::do_not_pile_up(&stalled, wanted));
        let fresh = signals::stays_fresh(up, &down, wanted);
        let few = few.join().unwrap_or_else(|panic| resume_unwind(panic));
        Some((fresh, few))
    }))
}

fn says_the_limit(results: &Results, up: &Scene, machines: &Machines, limits: Result<(), Failure>) {
    const ID: &str = "alert-rules.says-the-memory-limit";
    let here = Scrape::of(&up.question()).and_then(|scrape| memory::as_it_is(&scrape));
    match (limits.and(here), machines.obstacle()) {
        (Ok(()), Some(why)) => results.blocked(ID, why),
        (said, _) => {
            results.check(ID, || said);
        }
    }
}

/// First as they are written, then what they do.
fn rules(subject: &Subject, results: &Results, up: &Scene) -> anyhow::Result<()> {
    let step = course::find("alert-rules").context("the step is in the course")?;
    let path = subject.config(step).context("the step has rules")?;
    let file = match subject.package {
        "solutions" => "solutions/alerts.yml".to_owned(),
        _ => format!("{}/alerts.yml", step.folder),
    };
    let promtool = Promtool::find();
    let scrape = match Scrape::of(&up.question()) {
        Ok(scrape) => scrape,
        // Its check has said so.
        Err(_) => return Ok(()),
    };
    let read = Rules::read(&path, &file);
    let text = read
        .as_ref()
        .map_or(String::new(), |rules| rules.text.clone());
    let tests = behaviour::tests(&scrape);
    let files = [(RULES, text.as_str()), (TESTS, tests.as_str())];
    let loads = match (&promtool, &read) {
        (Ok(promtool), Ok(_)) => behaviour::loads(promtool, &files)?,
        _ => Ok(()),
    };
    let rules = results.check("alert-rules.load", || {
        let rules = read?;
        loads.map_err(|said| rules::unloadable(&file, said))?;
        Ok(rules)
    });
    let Some(rules) = rules else {
        return Ok(());
    };
    look_at(
        results,
        &Form {
            rules: &rules,
            file: &file,
            root: subject.root,
            exposed: scrape.labels(),
            package: subject.package,
        },
    );
    match promtool {
        Err(why) => judge::ids().for_each(|id| results.blocked(id, &why)),
        Ok(promtool) if results.passed("alert-rules.waits") => {
            let played = behaviour::play(&promtool, &files)?;
            for id in judge::ids() {
                if judge::FIRST == id || results.passed(judge::FIRST) {
                    results.check(id, || judge::judge(id, &played));
                }
            }
        }
        Ok(_) => {}
    }
    Ok(())
}

fn look_at(results: &Results, form: &Form) {
    results.check("alert-rules.metrics-exist", || form.metrics_exist());
    results.check("alert-rules.labels-exist", || form.labels_exist());
    results.check("alert-rules.keeps-its-labels", || form.labels_stay());
    results.check("alert-rules.waits", || form.waits());
    results.check("alert-rules.says-how-urgent", || form.says_how_urgent());
    results.check("alert-rules.says-what", || form.says_what());
    results.check("alert-rules.links-a-runbook", || form.links_a_runbook());
}
