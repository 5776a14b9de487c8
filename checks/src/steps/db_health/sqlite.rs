//! Without a `DATABASE_URL` the database is an SQLite file.

use super::{Context, PATH, question, recovers, row};
use crate::{
    check::{Failure, Stop},
    harness::{fake_postgres::State, launch::Launch, program::Program},
};

/// A path that is no file.
const NO_FILE: &str = ".";

/// A file whose name no answer has by chance.
const NAMED: &str = "readings-of-the-attic.sqlite3";

pub fn check_all(context: &Context) -> Result<(), Stop> {
    keeps_its_name_private(context);
    context.results.check(row::ASKS_SQLITE_TOO, || {
        let embedded = Launch::new(context.executable);
        let program = Program::start(&embedded)?;
        let question_of = |program, launch| question(program, launch, &State::Up);
        let up = question_of(&program, &embedded);
        recovers(&up).map_err(|failure| {
            failure.perhaps("the handler does not know SQLite, or is not content with its answer")
        })?;

        let broken = embedded.clone().settings(&[("DATABASE_URL", NO_FILE)]);
        let program = Program::start(&broken)?;
        let answer = program.get(PATH);
        let says_ok = answer.as_ref().is_ok_and(|answer| answer.status == 200);
        let asked = question_of(&program, &broken).status(503, answer);
        asked.map(drop).map_err(|failure| {
            let failure = Failure {
                expected: format!(
                    "{}, when DATABASE_URL is not the path of a file",
                    failure.expected
                ),
                ..failure
            };
            if says_ok {
                failure.perhaps("the SQLite file is not asked: the answer is 200 without it")
            } else {
                failure
            }
        })
    });
    Ok(())
}

/// Another check judges what is noted here.
fn keeps_its_name_private(context: &Context) {
    let launch = Launch::new(context.executable).settings(&[("DATABASE_URL", NAMED)]);
    // That it starts is another check's matter.
    if let Ok(program) = Program::start(&launch) {
        let _ = program.get(PATH);
        context.collect_beside_file(&question(&program, &launch, &State::Up), NAMED);
    }
}
