//! What the container looks like from outside.

use super::context::Context;
use crate::{
    check::{Failure, Stop},
    harness::http::{self, ANSWER_LIMIT, NoAnswer},
    tools::compose::APP,
};

/// The values of `User` that mean root; the empty one is the default.
const ROOT: [&str; 3] = ["", "0", "root"];

pub fn answers(context: &Context) -> Result<(), Stop> {
    let port = context.project.port();
    let answer = http::ask(
        "GET",
        &format!("http://127.0.0.1:{port}/health"),
        ANSWER_LIMIT,
    );
    let (found, perhaps) = match answer {
        Ok(answer) if answer.status == 200 => return Ok(()),
        Ok(answer) => (answer.to_string(), None),
        Err(none) => {
            let rows = context.project.ps()?;
            let published = rows
                .iter()
                .any(|row| row.service == APP && row.publishes(port));
            let perhaps = match none {
                _ if !published => "compose.yaml publishes no port for PORT",
                NoAnswer::TooSlow(_) => "it is too busy to answer",
                _ => "in there, 127.0.0.1 is the container alone: what is HOST?",
            };
            let found = format!("healthy inside, but from outside {none}");
            (found, Some(perhaps.to_owned()))
        }
    };
    let compose = &context.compose;
    let how = format!("{compose} up --build --wait\ncurl -i http://127.0.0.1:8000/health");
    let failure = Failure::new("200 OK, GET /health of the published port", found, how);
    Err(failure.perhaps_if(perhaps).into())
}

pub fn is_not_root(context: &Context) -> Result<(), Stop> {
    let user = context.project.container(APP)?.config.user;
    // `0:1000` is root too.
    let name = user.split(':').next().unwrap_or_default();
    if !ROOT.contains(&name) {
        return Ok(());
    }
    let found = match user.as_str() {
        "" => "no USER is named, which makes it root".to_owned(),
        user => format!("USER {user}"),
    };
    let perhaps = "an intruder would be root, at least in the container";
    Err(Failure::new(
        "a USER that is not root",
        found,
        context.inspects(".Config.User"),
    )
    .perhaps(perhaps)
    .into())
}

/// A volume can be written to, whatever compose.yaml says about the rest.
pub fn writes_nowhere(context: &Context) -> Result<(), Stop> {
    let config = context.project.image_config()?;
    let Some(folder) = config.volumes().next() else {
        return Ok(());
    };
    Err(Failure::new(
        "no VOLUME in the image: the program keeps nothing on the disk",
        format!("VOLUME {folder}"),
        context.inspects(".Config.Volumes"),
    )
    .perhaps("an intruder finds a place for his files, and each container leaves a volume behind")
    .into())
}
