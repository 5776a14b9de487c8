//! How it went, at the end: for people as a table, for programs as JSON.

use std::{fmt::Write, time::Duration};

use serde_json::{Value, json};

use super::{
    act::Act,
    audience::HOURS,
    fault::Fault,
};
use crate::report::{BOLD, DIM, GREEN, RED};

/// How one fault went, or why it could not be played.
pub type Played = (Fault, Result<Act, &'static str>);

/// The table, and one line below it.
pub fn table(played: &[Played]) -> String {
    let mut text = format!(
        "\n{BOLD}{:<16} {:<10} {:>8} {:>7}  {:<8} {:<8} {:<8}{BOLD:#}\n",
        "", "seen by", "noticed", "told", HOURS[0].name, HOURS[1].name, HOURS[2].name
    );
    for (fault, act) in played {
        let _ = write!(text, "{:<16} ", fault.title());
        match act {
            Ok(act) => row(&mut text, act),
            Err(why) => {
                let _ = writeln!(text, "{DIM}not played: {why}{DIM:#}");
            }
        }
    }
    let all = played.iter().filter(|(_, act)| act.is_ok()).count();
    let right = played
        .iter()
        .filter(|(_, act)| act.as_ref().is_ok_and(Act::right))
        .count();
    let style = if right == all { GREEN } else { RED };
    let _ = writeln!(
        text,
        "\n{style}{right} of {all} faults were noticed, and told to the right people at the right hour.{style:#}"
    );
    text
}

fn row(text: &mut String, act: &Act) {
    let seconds = |after: Option<Duration>| {
        after.map_or("–".to_owned(), |after| format!("{:.1} s", after.as_secs_f64()))
    };
    let (signal, noticed) = match act.seen {
        Some((signal, after)) => (signal, Some(after)),
        None => ("–", None),
    };
    let told = act.told.first().map(|told| told.after);
    let _ = write!(
        text,
        "{signal:<10} {:>8} {:>7}  ",
        seconds(noticed),
        seconds(told)
    );
    for hour in &HOURS {
        let reached = match act.reached(hour.name) {
            [true, true] => "both",
            [true, false] => "Slack",
            [false, true] => "email",
            [false, false] if act.severity == "page" => "nobody",
            [false, false] if hour.working => "nobody",
            [false, false] => "held",
        };
        let _ = write!(text, "{reached:<8} ");
    }
    let (mark, style) = match act.right() {
        true => ('✔', GREEN),
        false => ('✘', RED),
    };
    let _ = writeln!(text, "{style}{mark}{style:#}");
}

/// One document, with a line break at its end.
pub fn document(played: &[Played]) -> String {
    let faults: Vec<Value> = played.iter().map(fault).collect();
    let result = match right(played) {
        true => "passed",
        false => "failed",
    };
    let document = json!({ "format": 1, "result": result, "faults": faults });
    format!("{document:#}\n")
}

/// Whether all that could be played went as it should.
pub fn right(played: &[Played]) -> bool {
    played
        .iter()
        .all(|(_, act)| act.as_ref().map_or(true, Act::right))
}

fn fault((fault, act): &Played) -> Value {
    let seconds = |after: Option<Duration>| {
        after.map(|after| (after.as_secs_f64() * 10.0).round() / 10.0)
    };
    let act = match act {
        Ok(act) => act,
        Err(why) => {
            return json!({ "fault": fault.title(), "result": "not-played", "reason": why });
        }
    };
    let told: Vec<Value> = act
        .told
        .iter()
        .map(|told| {
            json!({
                "hour": told.hour.name,
                "when": told.hour.when,
                "channel": told.channel.name(),
                "after_s": seconds(Some(told.after)),
                "title": told.title,
            })
        })
        .collect();
    json!({
        "fault": fault.title(),
        "result": if act.right() { "passed" } else { "failed" },
        "alert": fault.alert(),
        "severity": act.severity,
        "seen_by": act.seen.map(|(signal, _)| signal),
        "seen_s": seconds(act.seen.map(|(_, after)| after)),
        "pending_s": seconds(act.pending),
        "firing_s": seconds(act.firing),
        "told": told,
        "silenced": act.silenced,
        "resolved_s": seconds(act.resolved),
    })
}
