//! The final summary: a table for people, JSON for programs.

use std::{fmt::Write, time::Duration};

use serde_json::{Value, json};

use super::{fault::Fault, fault_run::FaultRun, hour::HOURS};
use crate::ui::style::{BOLD, DIM, GREEN, RED};

/// The result of one fault, or why it could not be injected.
pub type FaultResult = (Fault, Result<FaultRun, &'static str>);

/// The table, and one line below it.
pub fn table(results: &[FaultResult]) -> String {
    let mut text = format!(
        "\n{BOLD}{:<16} {:<10} {:>8} {:>7}  {:<8} {:<8} {:<8}{BOLD:#}\n",
        "", "seen by", "noticed", "told", HOURS[0].name, HOURS[1].name, HOURS[2].name
    );
    for (fault, run) in results {
        let _ = write!(text, "{:<16} ", fault.title());
        match run {
            Ok(run) => row(&mut text, run),
            Err(why) => {
                let _ = writeln!(text, "{DIM}not played: {why}{DIM:#}");
            }
        }
    }
    let all = results.iter().filter(|(_, run)| run.is_ok()).count();
    let right = results
        .iter()
        .filter(|(_, run)| run.as_ref().is_ok_and(FaultRun::right))
        .count();
    let style = if right == all { GREEN } else { RED };
    let _ = writeln!(
        text,
        "\n{style}{right} of {all} faults were noticed, and told to the right people at the right hour.{style:#}"
    );
    text
}

fn row(text: &mut String, run: &FaultRun) {
    let seconds = |after: Option<Duration>| {
        after.map_or("–".to_owned(), |after| {
            format!("{:.1} s", after.as_secs_f64())
        })
    };
    let (signal, noticed) = match run.seen {
        Some((signal, after)) => (signal, Some(after)),
        None => ("–", None),
    };
    let notified = run.notifications.first().map(|first| first.after);
    let _ = write!(
        text,
        "{signal:<10} {:>8} {:>7}  ",
        seconds(noticed),
        seconds(notified)
    );
    for hour in &HOURS {
        let reached = match run.reached(hour.name) {
            [true, true] => "both",
            [true, false] => "Slack",
            [false, true] => "email",
            [false, false] if run.severity == "page" => "nobody",
            [false, false] if hour.working => "nobody",
            [false, false] => "held",
        };
        let _ = write!(text, "{reached:<8} ");
    }
    let (mark, style) = if run.right() {
        ('✔', GREEN)
    } else {
        ('✘', RED)
    };
    let _ = writeln!(text, "{style}{mark}{style:#}");
}

/// One document, with a line break at its end.
pub fn document(results: &[FaultResult]) -> String {
    let faults: Vec<Value> = results.iter().map(fault).collect();
    let result = if right(results) { "passed" } else { "failed" };
    let document = json!({ "format": 1, "result": result, "faults": faults });
    format!("{document:#}\n")
}

/// Whether every fault that could be injected was noticed and notified as expected.
pub fn right(results: &[FaultResult]) -> bool {
    results
        .iter()
        .all(|(_, run)| run.as_ref().map_or(true, FaultRun::right))
}

fn fault((fault, run): &FaultResult) -> Value {
    let seconds =
        |after: Option<Duration>| after.map(|after| (after.as_secs_f64() * 10.0).round() / 10.0);
    let run = match run {
        Ok(run) => run,
        Err(why) => {
            return json!({ "fault": fault.title(), "result": "not-played", "reason": why });
        }
    };
    let notified: Vec<Value> = run
        .notifications
        .iter()
        .map(|it| {
            json!({
                "hour": it.hour.name,
                "when": it.hour.when,
                "channel": it.channel.name(),
                "after_s": seconds(Some(it.after)),
                "title": it.title,
            })
        })
        .collect();
    json!({
        "fault": fault.title(),
        "result": if run.right() { "passed" } else { "failed" },
        "alert": fault.alert(),
        "severity": run.severity,
        "seen_by": run.seen.map(|(signal, _)| signal),
        "seen_s": seconds(run.seen.map(|(_, after)| after)),
        "pending_s": seconds(run.pending),
        "firing_s": seconds(run.firing),
        "told": notified,
        "silenced": run.silenced,
        "resolved_s": seconds(run.resolved),
    })
}
