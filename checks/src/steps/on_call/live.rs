//! Delivery: a copy of the file in a real Alertmanager, whose messages arrive at a webhook and a mail server of ours.

use crate::{
    check::{Results, Stop},
    tools::alertmanager,
};

use super::{context::Context, play::Play, row};

pub fn verify(context: &Context, results: &Results) -> Result<(), Stop> {
    if !results.passed(row::SENDS_RESOLVED) {
        return Ok(());
    }
    let source = match alertmanager::alertmanager() {
        Ok(source) => source,
        Err(why) => {
            results.blocked(row::DELIVERS_FOR_REAL, &why);
            return Ok(());
        }
    };
    let played = results.try_check(row::DELIVERS_FOR_REAL, || {
        let play = Play::start(context, &source)?;
        play.delivers()?;
        // Later messages are about another alert.
        let said = (play.slack.texts(), play.mail.texts());
        let ticket = play.tells_tickets()?;
        let others = play.keeps_quiet()?;
        Ok((play, said, ticket, others))
    })?;
    let Some((play, said, ticket, others)) = played else {
        return Ok(());
    };
    results.check(row::SLACK_SAYS_WHAT_TO_DO, || {
        play.says("the message", &play.incident, &said.0)?;
        if ticket.is_empty() {
            return Ok(());
        }
        play.says("the message", &play.ticket, &ticket)
    });
    results.check(row::EMAIL_SAYS_WHAT_TO_DO, || {
        play.says("the mail", &play.incident, &said.1)
    });
    // An incomplete mail is retried again and again, which would be mistaken for the resolved message.
    if results.passed(row::EMAIL_SAYS_WHAT_TO_DO) {
        results.try_check(row::SAYS_WHEN_IT_IS_OVER, || play.is_over(&others))?;
    }
    Ok(())
}
