//! How much is logged: `RUST_LOG`.

use std::io;

use super::{
    event::Event,
    stage::{Scene, curl},
};
use crate::{check::Failure, program::UNSET};

/// Nobody is asked for a reading here: a file in the program's own folder will do.
const DATABASE: &str = "";

pub fn verify(scene: &Scene) -> io::Result<()> {
    let results = scene.results;
    results.check("json-logs.obeys-rust-log", || obeys(scene));
    results.check("json-logs.takes-empty-for-info", || {
        logs_its_start(scene, "env -u RUST_LOG ", UNSET)?;
        logs_its_start(scene, "RUST_LOG= ", "")
    });
    Ok(())
}

fn obeys(scene: &Scene) -> Result<(), Failure> {
    const TARGET: &str = "/drill/reset";
    const WARNED: &str = "all is well again";
    let settings = [("RUST_LOG", "warn"), ("DRILL", "1")];
    let stage = scene.start("RUST_LOG=warn DRILL=1 ", DATABASE, &settings)?;
    let curl = curl("POST", TARGET, "");
    stage.ask("POST", TARGET, &[], "")?;
    if stage.event(WARNED).is_none() {
        return Err(stage.failure(
            &curl,
            "the event at WARN".to_owned(),
            stage.instead_of(WARNED),
            "RUST_LOG=warn is to leave out what is less than that, and nothing else",
        ));
    }
    stage.program.log.wait_for_quiet();
    let address = stage.program.address().to_string();
    let events = stage.events();
    match events.iter().find(|event| event.holds(&address)) {
        None => Ok(()),
        Some(event) => Err(stage.failure(
            &curl,
            "no event below WARN".to_owned(),
            event.to_string(),
            "the level is written into the program: during an incident nobody can change it",
        )),
    }
}

fn logs_its_start(scene: &Scene, before: &str, rust_log: &str) -> Result<(), Failure> {
    let stage = scene.start(before, DATABASE, &[("RUST_LOG", rust_log)])?;
    let address = stage.program.address().to_string();
    if stage.event(&address).is_some() {
        return Ok(());
    }
    Err(stage.failure(
        "",
        "the event about listening, at INFO".to_owned(),
        stage.instead_of(&address),
        match rust_log {
            "" => "Compose makes RUST_LOG empty when nobody set it, and env_logger takes that for \"errors only\"",
            _ => "without RUST_LOG, env_logger logs errors only",
        },
    ))
}

/// What is not there at INFO is there when one asks for it.
pub fn probes_are_there_at_debug(scene: &Scene) -> Result<(), Failure> {
    const PATH: &str = "/health";
    let stage = scene.start("RUST_LOG=debug ", DATABASE, &[("RUST_LOG", "debug")])?;
    stage.ask("GET", PATH, &[], "")?;
    let about = |event: &Event| event.text("path") == PATH;
    match stage.wait_for(about) {
        // Whether it can say a level at all is the concern of another check.
        Some(event)
            if event.text("level") == "DEBUG" || !stage.passed("json-logs.says-how-bad") =>
        {
            Ok(())
        }
        Some(event) => Err(stage.failure(
            &curl("GET", PATH, ""),
            format!("an event about {PATH} at DEBUG"),
            event.to_string(),
            "it has another level",
        )),
        None => Err(stage.failure(
            &curl("GET", PATH, ""),
            format!("an event about {PATH} at DEBUG"),
            stage.instead_of(&format!("\"{PATH}\"")),
            "probes are not logged at all, or else RUST_LOG=debug changes nothing",
        )),
    }
}
