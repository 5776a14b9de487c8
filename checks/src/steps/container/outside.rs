//! What the container looks like from outside.

use super::scene::{Scene, Trouble, failure};
use crate::{
    check::Failure,
    compose::APP,
    http::{self, NoAnswer},
    program::ANSWER_LIMIT,
};

/// Users that are root by one name or another; nobody said who: root.
const ROOT: [&str; 3] = ["", "0", "root"];

pub fn answers(scene: &Scene) -> Result<(), Trouble> {
    let port = scene.project.port();
    let answer = http::ask(
        "GET",
        &format!("http://127.0.0.1:{port}/health"),
        ANSWER_LIMIT,
    );
    let (found, perhaps) = match answer {
        Ok(answer) if answer.status == 200 => return Ok(()),
        Ok(answer) => (answer.to_string(), None),
        Err(none) => {
            let rows = scene.project.ps()?;
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
    let compose = &scene.compose;
    let how = format!("{compose} up --build --wait\ncurl -i http://127.0.0.1:8000/health");
    let failure = failure("200 OK, GET /health of the published port", found, how);
    Err(Failure { perhaps, ..failure }.into())
}

pub fn is_not_root(scene: &Scene) -> Result<(), Trouble> {
    let user = scene.project.container(APP)?.config.user;
    // `0:1000` is root too.
    let name = user.split(':').next().unwrap_or_default();
    if !ROOT.contains(&name) {
        return Ok(());
    }
    let found = match user.as_str() {
        "" => "no USER is named, which makes it root".to_owned(),
        user => format!("USER {user}"),
    };
    let perhaps = "whoever breaks into the program is root, too, in the container at least";
    Err(Failure {
        perhaps: Some(perhaps.to_owned()),
        ..failure(
            "a USER that is not root",
            found,
            format!(
                "{} -t mine\ndocker inspect -f '{{{{json .Config.User}}}}' mine",
                scene.build
            ),
        )
    }
    .into())
}
