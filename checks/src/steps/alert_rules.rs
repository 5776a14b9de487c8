//! Step 6: the gauges that alert rules need, and the rules: they fire when it matters, and are silent when it does not.

mod behaviour;
mod evaluation;
mod form;
mod judge;
mod memory;
mod metrics;
pub mod rules;
mod scenarios;
mod scrape;
mod signals;

use std::{
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use memory::Machines;
use scrape::Scrape;
use signals::Context;

use crate::{
    check::{Failure, Results, Stop, checks},
    harness::{fake_postgres::State, threads::joined},
    subject::Subject,
    tools::prometheus::promtool::Promtool,
};

/// What "Found" begins with for the stub's answer to a scrape.
pub const NO_SIGNAL: &str = "no db_up among";

checks! {
    EXPOSES_DB_UP = Core, "alert-rules.exposes-db-up", "/metrics has db_up", "Ask the database by yourself";
    SAYS_UP = Core, "alert-rules.says-up", "db_up is 1 while the database answers", "Ask the database by yourself", needs EXPOSES_DB_UP;
    SAYS_DOWN = Core, "alert-rules.says-down", "db_up is 0 while the database refuses", "Ask the database by yourself", needs EXPOSES_DB_UP;
    BOUNDS_THE_PROBE = Core, "alert-rules.bounds-the-probe", "db_up is 0 while the database hangs", "Ask the database by yourself", needs SAYS_DOWN;
    KEEPS_SCRAPES_SWIFT = Core, "alert-rules.keeps-scrapes-swift", "/metrics waits for no database", "Ask the database by yourself", needs BOUNDS_THE_PROBE;
    STILL_STOPS = Core, "alert-rules.still-stops", "SIGTERM ends it, even during a probe", "Ask the database by yourself", needs BOUNDS_THE_PROBE;
    SAYS_THE_MEMORY_LIMIT = Extra, "alert-rules.says-the-memory-limit", "the memory limit is the container's own", "Say how much memory there is", needs EXPOSES_DB_UP;
    LOAD = Core, "alert-rules.load", "Prometheus can load the rules", "Four rules", needs EXPOSES_DB_UP;
    METRICS_EXIST = Core, "alert-rules.metrics-exist", "the rules ask for metrics that exist", "Four rules", needs LOAD;
    LABELS_EXIST = Core, "alert-rules.labels-exist", "the rules ask for labels that exist", "Four rules", needs METRICS_EXIST;
    KEEPS_ITS_LABELS = Core, "alert-rules.keeps-its-labels", "no label changes with the value", "What an alert says", needs LABELS_EXIST;
    WAITS = Core, "alert-rules.waits", "each alert waits for a while", "Wait before you wake somebody", needs KEEPS_ITS_LABELS;
    SAYS_HOW_URGENT = Core, "alert-rules.says-how-urgent", "each alert has severity page or ticket", "What an alert says", needs LOAD;
    SAYS_WHAT = Core, "alert-rules.says-what", "each alert has a summary, and its value", "What an alert says", needs LOAD;
    LINKS_A_RUNBOOK = Core, "alert-rules.links-a-runbook", "each alert links a runbook that exists", "What an alert says", needs LOAD;
    IS_SILENT_WHEN_WELL = Core, "alert-rules.is-silent-when-well", "silence while all is well", "Four rules", needs WAITS;
    TELLS_DATABASE_DOWN = Core, "alert-rules.tells-database-down", "an alert: database away for 5 min", "The database is down", needs IS_SILENT_WHEN_WELL;
    IGNORES_A_BLINK = Core, "alert-rules.ignores-a-blink", "silence: a 30 s outage, or a restart", "Wait before you wake somebody", needs TELLS_DATABASE_DOWN;
    TELLS_ERRORS = Core, "alert-rules.tells-errors", "an alert: 5 %, and 1.1 % of errors", "Too many errors", needs IS_SILENT_WHEN_WELL;
    COUNTS_EVERY_5XX = Core, "alert-rules.counts-every-5xx", "an alert: 503 counts, and 504, too", "Too many errors", needs TELLS_ERRORS;
    ALLOWS_1_PERCENT = Core, "alert-rules.allows-1-percent", "silence: 0.9 % of errors, or many 404s", "Too many errors", needs TELLS_ERRORS;
    IGNORES_A_STRAY_ERROR = Core, "alert-rules.ignores-a-stray-error", "silence: one error among few requests", "Too many errors", needs TELLS_ERRORS;
    IGNORES_PROBES = Core, "alert-rules.ignores-probes", "the error ratio leaves out probes", "Too many errors", needs TELLS_ERRORS;
    BRIDGES_GAPS = Core, "alert-rules.bridges-gaps", "an alert: errors in bursts, lost scrapes", "Too many errors", needs TELLS_ERRORS;
    JUDGES_THE_SERVICE = Core, "alert-rules.judges-the-service", "instances, routes, statuses: one ratio", "Too many errors", needs ALLOWS_1_PERCENT;
    SURVIVES_A_RESTART = Core, "alert-rules.survives-a-restart", "a restart of counters changes nothing", "Too many errors", needs TELLS_ERRORS;
    TELLS_MEMORY = Extra, "alert-rules.tells-memory", "an alert: 81 % of the limit", "Memory is running out", needs IS_SILENT_WHEN_WELL;
    JUDGES_EACH_INSTANCE = Extra, "alert-rules.judges-each-instance", "an alert: 95 % in one of two instances", "Memory is running out", needs TELLS_MEMORY;
    ALLOWS_80_PERCENT = Extra, "alert-rules.allows-80-percent", "silence: 79 %, or a spike", "Memory is running out", needs TELLS_MEMORY;
    NEEDS_A_LIMIT = Extra, "alert-rules.needs-a-limit", "silence: much memory, and no limit", "Memory is running out", needs TELLS_MEMORY;
    TELLS_LATE_ANSWERS = Extra, "alert-rules.tells-late-answers", "an alert: 6 % of the answers take > 1 s", "Slow answers", needs IS_SILENT_WHEN_WELL;
    JUDGES_EACH_ROUTE = Extra, "alert-rules.judges-each-route", "an alert: one route is slow, 2 % of all", "Slow answers", needs TELLS_LATE_ANSWERS;
    ALLOWS_A_SECOND = Extra, "alert-rules.allows-a-second", "silence: 0.9 s, or 4 % of the answers", "Slow answers", needs TELLS_LATE_ANSWERS;
    IGNORES_A_FEW_LATE = Extra, "alert-rules.ignores-a-few-late", "silence: few requests, some of them slow", "Slow answers", needs TELLS_LATE_ANSWERS;
    IGNORES_LATE_PROBES = Extra, "alert-rules.ignores-late-probes", "silence: only probes are slow", "Slow answers", needs TELLS_LATE_ANSWERS;
    TELLS_POOL_USED_UP = Extra, "alert-rules.tells-pool-used-up", "an alert of its own: the pool is used up", "The pool is used up", needs IS_SILENT_WHEN_WELL;
    ALLOWS_A_BUSY_POOL = Extra, "alert-rules.allows-a-busy-pool", "silence: a busy pool, or one full scrape", "The pool is used up", needs TELLS_POOL_USED_UP;
    KEEPS_DATABASE_DOWN = Extra, "alert-rules.keeps-database-down", "a full pool does not hide DatabaseDown", "The pool is used up", needs TELLS_POOL_USED_UP;
    TELLS_A_BURNING_BUDGET = Extra, "alert-rules.tells-a-burning-budget", "an alert: 11 % fail, of few requests", "Burn rates", needs IGNORES_A_STRAY_ERROR;
    ALLOWS_THE_BUDGET = Extra, "alert-rules.allows-the-budget", "silence: within the budget of errors", "Burn rates", needs TELLS_A_BURNING_BUDGET;
    NEEDS_A_FEW_ERRORS = Extra, "alert-rules.needs-a-few-errors", "silence: three errors in an hour", "Burn rates", needs TELLS_A_BURNING_BUDGET;
    ENDS_WITH_THE_BURNING = Extra, "alert-rules.ends-with-the-burning", "the budget's alert ends with the errors", "Burn rates", needs TELLS_A_BURNING_BUDGET;
    ALWAYS_FIRES = Extra, "alert-rules.always-fires", "a watchdog fires, whatever happens", "A watchdog", needs IS_SILENT_WHEN_WELL;
    TELLS_TARGET_DOWN = Core, "alert-rules.tells-target-down", "an alert: scrapes are not answered", "Nobody is there to ask", needs IS_SILENT_WHEN_WELL;
    TELLS_TARGET_ABSENT = Core, "alert-rules.tells-target-absent", "an alert: there is no target at all", "Nobody is there to ask", needs IS_SILENT_WHEN_WELL;
    LEAVES_OTHERS_ALONE = Core, "alert-rules.leaves-others-alone", "other services change nothing", "Four rules", needs TELLS_ERRORS;
    NAMES_THE_SERVICE = Core, "alert-rules.names-the-service", "each alert has the label job", "What an alert says", needs TELLS_ERRORS;
    PAGES_FOR_OUTAGES = Core, "alert-rules.pages-for-outages", "all alerts but memory's are pages", "What an alert says", needs SAYS_HOW_URGENT;
    ENDS_WITH_THE_FAULT = Core, "alert-rules.ends-with-the-fault", "each alert ends when the fault does", "Wait before you wake somebody", needs IS_SILENT_WHEN_WELL;
    SHOWS_THE_VALUE = Core, "alert-rules.shows-the-value", "each alert shows the right value", "What an alert says", needs TELLS_ERRORS;
    LINKS_ITS_OWN_RUNBOOK = Core, "alert-rules.links-its-own-runbook", "each fault has a runbook of its own", "What an alert says", needs IS_SILENT_WHEN_WELL;
    KEEPS_ASKING = Core, "alert-rules.keeps-asking", "db_up follows the database by itself", "Ask the database by yourself", needs SAYS_DOWN;
    DOES_NOT_PILE_UP = Core, "alert-rules.does-not-pile-up", "at most one probe hangs in the database", "Ask the database by yourself", needs BOUNDS_THE_PROBE;
}

/// Reports promtool, which plays the rules, if it is missing.
pub fn lacks() -> Option<String> {
    Promtool::find().err()
}

/// First the gauges and the rules. Results that take until the next probe, 15 s later, are awaited only if everything else passed.
pub fn verify(subject: &Subject, results: &Results) -> Result<(), Stop> {
    let executable = &subject.program()?;
    let machines = &Machines::new(executable)?;
    let exposes = results.try_check(row::EXPOSES_DB_UP, || {
        let context = Context::start(executable, State::Up)?;
        signals::exposes(&context)?;
        Ok(context)
    })?;
    let Some(first) = exposes else {
        return Ok(());
    };
    let another = results.try_check(row::SAYS_UP, || signals::says_up(executable, &first))?;
    let up = &another.flatten().unwrap_or(first);
    if subject.config_only {
        return evaluation::check_all(subject, results, up);
    }

    let wanted = &AtomicBool::new(true);
    thread::scope(|scope| {
        let asking = scope.spawn(|| signals(executable, up, results, wanted));
        let stopping = scope.spawn(|| signals::stops(executable));
        let limits = scope.spawn(|| machines.look());
        let verdicts = evaluation::check_all(subject, results, up);
        let stops = joined(stopping);
        let limits = joined(limits);
        says_the_limit(results, up, machines, limits);
        if results.core_failed() || verdicts.is_err() {
            wanted.store(false, Ordering::Relaxed);
        }
        let asked = joined(asking);
        verdicts?;
        results.try_check(row::STILL_STOPS, || stops)?;
        // If something has failed, they were not awaited and are not known.
        if let (Some((fresh, few)), false) = (asked?, results.core_failed()) {
            results.check(row::KEEPS_ASKING, || fresh);
            results.check(row::DOES_NOT_PILE_UP, || few);
        }
        Ok(())
    })
}

/// Whether `db_up` is updated, and whether only few probes wait.
type Later = (Result<(), Failure>, Result<(), Failure>);

/// What the first probes show, and, as long as that is `wanted`, the later ones.
fn signals(
    executable: &Path,
    up: &Context,
    results: &Results,
    wanted: &AtomicBool,
) -> Result<Option<Later>, Stop> {
    let (down, stalled) = signals::check_outages(executable, results)?;
    let (Some(down), Some(stalled), false) = (down, stalled, results.core_failed()) else {
        return Ok(None);
    };
    Ok(thread::scope(|scope| {
        let few = scope.spawn(|| signals::do_not_pile_up(&stalled, wanted));
        let busy = scope.spawn(|| signals::is_asked_while_busy(executable, wanted));
        let fresh = signals::stays_fresh(up, &down, wanted);
        let (few, busy) = (joined(few), joined(busy));
        Some((fresh.and(busy), few))
    }))
}

fn says_the_limit(
    results: &Results,
    up: &Context,
    machines: &Machines,
    limits: Result<(), Failure>,
) {
    let here = Scrape::of(&up.question()).and_then(|scrape| memory::as_it_is(&scrape));
    match (limits.and(here), machines.obstacle()) {
        (Ok(()), Some(why)) => results.blocked(row::SAYS_THE_MEMORY_LIMIT, why),
        (said, _) => {
            results.check(row::SAYS_THE_MEMORY_LIMIT, || said);
        }
    }
}
