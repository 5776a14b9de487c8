//! Step 7: who is notified, and when.

mod accepted;
mod alerts;
mod calendar;
mod context;
mod delivery;
mod firing;
mod incident;
mod meanwhile;
mod messages;
mod pace;
mod partly_over;
mod preview;
mod resolved;
mod sandbox;
mod secrets;
mod silence;
mod walk;
mod watchdog;
mod when;
mod who;

pub use preview::{ALERTS, preview};
pub use walk::answer;
pub use who::NOBODY;

use anyhow::Context as _;

use crate::{
    check::{Failure, Results, Stop, checks},
    subject::Subject,
    tools::alertmanager::{alertmanager, amtool},
};
use context::Context;

checks! {
    TELLS_SOMEBODY = Core, "on-call.tells-somebody", "somebody is told of each alert", "Who";
    LOADS_IN_ALERTMANAGER = Core, "on-call.loads-in-alertmanager", "amtool check-config accepts the file", "Ask amtool", needs TELLS_SOMEBODY;
    KEEPS_SECRETS_OUT = Core, "on-call.keeps-secrets-out", "secrets come from files only", "Keep secrets out of it", needs LOADS_IN_ALERTMANAGER;
    PAGES_SLACK_AND_EMAIL = Core, "on-call.pages-slack-and-email", "a page goes to Slack and by email", "Who", needs LOADS_IN_ALERTMANAGER;
    CATCHES_THE_REST = Core, "on-call.catches-the-rest", "an alert of no known kind is told, too", "Who", needs LOADS_IN_ALERTMANAGER;
    WATCHDOG_TELLS_NOBODY = Extra, "on-call.watchdog-tells-nobody", "the watchdog calls a program, or nobody", "A way for the watchdog", needs LOADS_IN_ALERTMANAGER;
    PAGES_AT_ANY_HOUR = Core, "on-call.pages-at-any-hour", "a page is told at any hour", "When", needs PAGES_SLACK_AND_EMAIL;
    TICKETS_IN_OFFICE_HOURS = Core, "on-call.tickets-in-office-hours", "a ticket goes to Slack in office hours", "When", needs LOADS_IN_ALERTMANAGER;
    HOLDS_TICKETS_AFTER_HOURS = Core, "on-call.holds-tickets-after-hours", "a ticket waits from 18:00 to 09:00", "When", needs TICKETS_IN_OFFICE_HOURS;
    HOLDS_TICKETS_AT_WEEKENDS = Core, "on-call.holds-tickets-at-weekends", "a ticket waits until Monday", "When", needs TICKETS_IN_OFFICE_HOURS;
    GROUPS_BY_INCIDENT = Core, "on-call.groups-by-incident", "one incident is one message", "How often", needs LOADS_IN_ALERTMANAGER;
    KEEPS_A_PACE = Core, "on-call.keeps-a-pace", "messages come soon, repeats after hours", "How often", needs LOADS_IN_ALERTMANAGER;
    DATABASE_SILENCES_ERRORS = Extra, "on-call.database-silences-errors", "DatabaseDown silences HighErrorRatio", "One cause, one message", needs LOADS_IN_ALERTMANAGER;
    GONE_TARGET_SILENCES = Extra, "on-call.gone-target-silences", "TargetGone silences its consequences", "One cause, one message", needs LOADS_IN_ALERTMANAGER;
    SILENCES_NO_CAUSE = Extra, "on-call.silences-no-cause", "no other alert is silenced", "One cause, one message", needs LOADS_IN_ALERTMANAGER;
    SENDS_RESOLVED = Core, "on-call.sends-resolved", "Slack and email hear that it is over", "What it says", needs PAGES_AT_ANY_HOUR;
    DELIVERS_FOR_REAL = Core, "on-call.delivers-for-real", "a real Alertmanager delivers messages", "Ask amtool", needs SENDS_RESOLVED;
    SLACK_SAYS_WHAT_TO_DO = Core, "on-call.slack-says-what-to-do", "Slack: summary, values and both links", "What it says", needs DELIVERS_FOR_REAL;
    EMAIL_SAYS_WHAT_TO_DO = Core, "on-call.email-says-what-to-do", "email: summary, values and both links", "What it says", needs DELIVERS_FOR_REAL;
    SAYS_WHEN_IT_IS_OVER = Core, "on-call.says-when-it-is-over", "a message says that it is over", "What it says", needs EMAIL_SAYS_WHAT_TO_DO;
}

/// Reports Alertmanager or amtool if one is missing.
pub fn lacks() -> Option<String> {
    alertmanager().and(amtool()).err()
}

/// First the file alone: its meaning at any instant can be computed without a clock and without Alertmanager. Then a copy
/// of it, with other addresses, in a real Alertmanager.
pub fn verify(subject: &Subject, results: &Results) -> Result<(), Stop> {
    // No check of this step starts the program, but the drill does.
    subject.program()?;
    let path = subject.config.as_deref().context("the step has a file")?;
    let read = results.check(row::TELLS_SOMEBODY, || {
        let context = Context::read(path, subject)?;
        who::tells_somebody(&context)?;
        Ok(context)
    });
    let Some(context) = &read else {
        return Ok(());
    };

    accepted::check_all(context, results)?;
    let look = |check, look: fn(&Context) -> Result<(), Failure>| {
        results.check_unless_failed(check, || look(context));
    };
    look(row::KEEPS_SECRETS_OUT, secrets::are_kept_out);
    look(row::PAGES_SLACK_AND_EMAIL, |context| {
        who::pages_both(context)?;
        when::pages_once(context)
    });
    look(row::CATCHES_THE_REST, who::catches_the_rest);
    look(row::WATCHDOG_TELLS_NOBODY, watchdog::tells_nobody);
    look(row::PAGES_AT_ANY_HOUR, when::pages);
    look(row::TICKETS_IN_OFFICE_HOURS, when::tickets);
    look(row::HOLDS_TICKETS_AFTER_HOURS, when::after_hours);
    look(row::HOLDS_TICKETS_AT_WEEKENDS, when::weekends);
    look(row::GROUPS_BY_INCIDENT, pace::groups);
    look(row::KEEPS_A_PACE, pace::keeps);
    look(row::DATABASE_SILENCES_ERRORS, silence::of_the_database);
    look(row::GONE_TARGET_SILENCES, silence::of_a_gone_target);
    look(row::SILENCES_NO_CAUSE, silence::of_nothing_else);
    look(row::SENDS_RESOLVED, who::sends_resolved);
    delivery::check_all(context, results)?;
    Ok(())
}
