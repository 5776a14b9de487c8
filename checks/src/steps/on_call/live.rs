//! For real: a copy of the file in an Alertmanager, whose messages arrive at a webhook and a mail server of ours.

use crate::{alertmanager, check::Results, http::printable};

use super::{
    play::Play,
    scene::{Scene, failure},
};

const DELIVERS: &str = "on-call.delivers-for-real";

pub fn verify(scene: &Scene, results: &Results) -> anyhow::Result<()> {
    if !results.passed("on-call.sends-resolved") {
        return Ok(());
    }
    let source = match alertmanager::alertmanager() {
        Ok(source) => source,
        Err(why) => {
            results.blocked(DELIVERS, &why);
            return Ok(());
        }
    };
    let mut said = Default::default();
    let played = match Play::start(scene, &source)? {
        Ok(play) => {
            let mut delivered = play.delivers()?;
            // The later messages are about something else.
            said = (play.slack.texts(), play.mail.texts());
            if delivered.is_ok() {
                delivered = play.keeps_quiet()?;
            }
            delivered.map(|()| play)
        }
        Err(why) => Err(failure(
            "Alertmanager starts with it",
            printable(&why),
            format!("alertmanager --config.file={}", scene.file),
        )),
    };
    let Some(play) = results.check(DELIVERS, || played) else {
        return Ok(());
    };
    results.check("on-call.slack-says-what-to-do", || {
        play.says("the message", &said.0)
    });
    results.check("on-call.email-says-what-to-do", || {
        play.says("the mail", &said.1)
    });
    // A mail that breaks off is sent again and again, which would be taken for the end.
    if results.passed("on-call.email-says-what-to-do") {
        let over = play.is_over()?;
        results.check("on-call.says-when-it-is-over", || over);
    }
    Ok(())
}
