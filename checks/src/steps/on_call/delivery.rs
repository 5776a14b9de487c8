//! Delivery: a copy of the file in a real Alertmanager, whose messages arrive at a webhook and a mail server of ours.

use crate::{
    check::{Results, Stop},
    tools::alertmanager,
};

use super::{context::Context, row, sandbox::Sandbox};

pub fn check_all(context: &Context, results: &Results) -> Result<(), Stop> {
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
    let delivered = results.try_check(row::DELIVERS_FOR_REAL, || {
        let sandbox = Sandbox::start(context, &source)?;
        sandbox.delivers()?;
        // Later messages are about another alert.
        let said = (sandbox.slack.texts(), sandbox.mail.texts());
        let ticket = sandbox.tells_tickets()?;
        let meanwhile = sandbox.tells_of_others()?;
        let mut others = sandbox.keeps_quiet()?;
        others.extend(meanwhile.iter().map(|it| it.alert().clone()));
        Ok((sandbox, said, ticket, meanwhile, others))
    })?;
    let Some((sandbox, said, ticket, meanwhile, others)) = delivered else {
        return Ok(());
    };
    results.check(row::SLACK_SAYS_WHAT_TO_DO, || {
        sandbox.says("the message", &sandbox.incident, &said.0)?;
        if !ticket.is_empty() {
            sandbox.says("the message", &sandbox.ticket, &ticket)?;
        }
        let mut meanwhile = meanwhile.iter();
        meanwhile.try_for_each(|it| sandbox.says_meanwhile(0, it))
    });
    results.check(row::EMAIL_SAYS_WHAT_TO_DO, || {
        sandbox.says("the mail", &sandbox.incident, &said.1)?;
        let mut meanwhile = meanwhile.iter();
        meanwhile.try_for_each(|it| sandbox.says_meanwhile(1, it))
    });
    // An incomplete mail is retried again and again, which would be mistaken for the resolved message.
    if results.passed(row::EMAIL_SAYS_WHAT_TO_DO) {
        results.try_check(row::SAYS_WHEN_IT_IS_OVER, || sandbox.is_over(&others))?;
    }
    Ok(())
}
