//! The password of the database is shown nowhere, at the level at which most is logged as well.

use super::{ASK, PATH};
use crate::{
    check::Failure,
    harness::{
        clients,
        launch::Launch,
        program::{Exchange, Program},
        text::printable,
    },
    steps::question::Question,
};

/// All that the service itself logs; its libraries say much that no learner has written.
const ALL: &str = "trace,actix_http=info,actix_server=info,mio=info";

/// Neither in what was answered nor in what was logged. `launch`: how a learner starts a program that has a password.
pub fn are_not_shown(
    program: &Program,
    exchanges: &[Exchange],
    password: &str,
    launch: &Launch,
) -> Result<(), Failure> {
    program.log.wait_for_quiet();
    let line = program.log.find(password);
    let line = line.map(|line| format!("a line of the log:\n{}", printable(&line)));
    let shown = |it: &Exchange| {
        let found = it.answer.showing(password)?;
        Some((found, clients::command(&it.curl, &it.method, &it.path)))
    };
    let answer = exchanges.iter().find_map(shown);
    let Some((found, ask)) = line.map(|line| (line, ASK.to_owned())).or(answer) else {
        return Ok(());
    };
    Err(Failure::new(
        "the password of DATABASE_URL appears nowhere",
        found.replace(password, "<the password>"),
        launch.then(&ask),
    )
    .perhaps("DATABASE_URL holds the password, and the environment holds DATABASE_URL"))
}

/// What else `DATABASE_URL` says, the user and the name of the database, is in no answer either, whatever is asked for.
pub fn no_settings_are_shown(
    question: &Question,
    exchanges: &[Exchange],
    [user, name]: [&str; 2],
) -> Result<(), Failure> {
    question.expect_of_all(exchanges, |question, answer| {
        let shown = [user, name].iter().find_map(|word| answer.showing(word));
        let Some(found) = shown else {
            return Ok(());
        };
        Err(question.failure(
            "no setting is shown, whatever is asked for",
            found.replace(user, "me").replace(name, "db"),
        ))
    })
}

/// The password is in no line of the log either where everything is logged, for each of these launches.
pub fn are_never_logged(password: &str, launches: &[Launch]) -> Result<(), Failure> {
    let all = |launch: &Launch| launch.clone().settings(&[("RUST_LOG", ALL)]);
    let launches: Vec<Launch> = launches.iter().map(all).collect();
    for (program, launch) in Program::start_each(&launches).into_iter().zip(&launches) {
        let program = program?;
        // What comes back has been judged: this is about the log.
        let _ = (program.get(PATH), program.head(PATH));
        are_not_shown(&program, &program.exchanges(), password, launch)?;
    }
    Ok(())
}
