//! Step 7: who is told, and when.

mod accepted;
mod acts;
mod alerts;
mod legs;
mod live;
mod messages;
mod pace;
mod play;
mod scene;
mod secrets;
mod silence;
mod weeks;
mod when;
mod who;

pub use who::NOBODY;

use anyhow::Context;

use crate::{
    check::{Check, Failure, Results},
    course,
    verify::{Blocked, Subject},
};
use scene::Scene;

/// The check that all others rest on.
const TELLS: Option<&str> = Some("on-call.tells-somebody");
/// What they all need as well, where it can be looked at.
const LOADS: Option<&str> = Some("on-call.loads-in-alertmanager");
const PAGES: Option<&str> = Some("on-call.pages-slack-and-email");
const TICKETS: Option<&str> = Some("on-call.tickets-in-office-hours");
const LIVE: Option<&str> = Some("on-call.delivers-for-real");

#[rustfmt::skip] // a table
pub const CHECKS: &[Check] = &[
    Check::new("on-call.tells-somebody", "somebody is told of each alert", None, "Who"),
    Check::new("on-call.loads-in-alertmanager", "amtool check-config accepts the file", TELLS, "Ask amtool"),
    Check::new("on-call.keeps-secrets-out", "secrets come from files only", LOADS, "Keep secrets out of it"),
    Check::new("on-call.pages-slack-and-email", "a page goes to Slack and by email", LOADS, "Who"),
    Check::new("on-call.catches-the-rest", "an alert of no known kind is told, too", LOADS, "Who"),
    Check::new("on-call.pages-at-any-hour", "a page is told at any hour", PAGES, "When"),
    Check::new("on-call.tickets-in-office-hours", "a ticket goes to Slack in office hours", LOADS, "When"),
    Check::new("on-call.holds-tickets-after-hours", "a ticket waits from 18:00 to 09:00", TICKETS, "When"),
    Check::new("on-call.holds-tickets-at-weekends", "a ticket waits until Monday", TICKETS, "When"),
    Check::new("on-call.groups-by-incident", "one incident is one message", LOADS, "How often"),
    Check::new("on-call.keeps-a-pace", "first within a minute, again in hours", LOADS, "How often"),
    Check::new("on-call.database-silences-errors", "DatabaseDown silences HighErrorRatio", LOADS, "One cause, one message"),
    Check::new("on-call.gone-target-silences", "TargetGone silences both", LOADS, "One cause, one message"),
    Check::new("on-call.silences-no-cause", "nothing else is silenced", LOADS, "One cause, one message"),
    Check::new("on-call.sends-resolved", "both hear when it is over", Some("on-call.pages-at-any-hour"), "What it says"),
    Check::new("on-call.delivers-for-real", "a real Alertmanager does the same", Some("on-call.sends-resolved"), "Ask amtool"),
    Check::new("on-call.slack-says-what-to-do", "Slack: summary, values and both links", LIVE, "What it says"),
    Check::new("on-call.email-says-what-to-do", "email: summary, values and both links", LIVE, "What it says"),
    Check::new("on-call.says-when-it-is-over", "that it is over can be read", Some("on-call.email-says-what-to-do"), "What it says"),
];

/// First the file alone: what it means can be worked out at any instant, without a clock and without Alertmanager. Then a copy
/// of it, with other addresses, in a real Alertmanager.
pub fn verify(subject: &Subject, results: &Results) -> anyhow::Result<Result<(), Blocked>> {
    // Nothing of this step asks it anything, but the drill will start it.
    if let Err(blocked) = subject.program()? {
        return Ok(Err(blocked));
    }
    let step = course::find("on-call").context("there is no step on-call")?;
    let path = subject.config(step).context("the step has no file")?;
    let folder = match subject.package {
        "solutions" => "solutions",
        _ => step.folder,
    };
    let read = results.check("on-call.tells-somebody", || {
        let scene = Scene::read(&path, folder)?;
        who::tells_somebody(&scene)?;
        Ok(scene)
    });
    let Some(scene) = &read else {
        return Ok(Ok(()));
    };

    accepted::verify(scene, results)?;
    let look = |id, look: fn(&Scene) -> Result<(), Failure>| {
        results.check_unless_failed(id, || look(scene));
    };
    look("on-call.keeps-secrets-out", secrets::are_kept_out);
    look("on-call.pages-slack-and-email", who::pages_both);
    look("on-call.catches-the-rest", who::catches_the_rest);
    look("on-call.pages-at-any-hour", when::pages);
    look("on-call.tickets-in-office-hours", when::tickets);
    look("on-call.holds-tickets-after-hours", when::after_hours);
    look("on-call.holds-tickets-at-weekends", when::weekends);
    look("on-call.groups-by-incident", pace::groups);
    look("on-call.keeps-a-pace", pace::keeps);
    look("on-call.database-silences-errors", silence::of_the_database);
    look("on-call.gone-target-silences", silence::of_a_gone_target);
    look("on-call.silences-no-cause", silence::of_nothing_else);
    look("on-call.sends-resolved", who::sends_resolved);
    live::verify(scene, results)?;
    Ok(Ok(()))
}
