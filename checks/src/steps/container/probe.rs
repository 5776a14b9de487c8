//! The subcommand `healthcheck`, without Docker: it is run beside servers that answer well, badly, late or never, with several
//! settings, all at once: so it takes no longer than the probe that waits longest.

mod case;
mod cause;
mod description;
mod reason;

use super::row;
use crate::{
    check::{Failure, Results, Stop},
    harness::{fake_server::Answer, launch::UNSET, random::random_number},
    subject::Subject,
};
use case::{Case, Ended, Place, at_once};

/// What "Found" begins with as long as the step is untouched.
pub const NOT_WRITTEN: &str = "exit code 1, and on stderr: healthcheck is not written yet";

/// Answers that are not a 200. One more status is drawn from [`OTHERS`].
const NOT_WELL: [Answer; 8] = [
    Answer::Status(503),
    Answer::Status(404),
    Answer::Status(301),
    Answer::Status(204),
    Answer::Closed,
    Answer::Nothing,
    Answer::Half,
    Answer::Garbage,
];
const OTHERS: [u16; 8] = [201, 206, 302, 308, 401, 429, 500, 502];

/// Servers that never answer.
const MUTE: [Answer; 2] = [Answer::Silent, Answer::Deaf];

/// Settings that must not change the result. Neither a database nor a proxy listens on port 1.
const SETTINGS: [&[(&str, &str)]; 5] = [
    &[("HOST", UNSET)],
    &[("HOST", "")],
    &[("HOST", "0.0.0.0")],
    &[("DATABASE_URL", "postgres://me:secret@127.0.0.1:1/db")],
    &[
        ("http_proxy", "http://127.0.0.1:1"),
        ("HTTP_PROXY", "http://127.0.0.1:1"),
    ],
];

pub fn check_all(subject: &Subject, results: &Results) -> Result<(), Stop> {
    let program = &subject.program()?;
    let case = |answer| Case::new(program, answer);
    results.try_check(row::SAYS_0_WHEN_HEALTHY, || {
        for answer in [Answer::Status(200), Answer::Pieces, Answer::Degraded] {
            says(0, &case(answer).end()?, &[])?;
        }
        Ok(())
    })?;
    if !results.passed(row::SAYS_0_WHEN_HEALTHY) {
        return Ok(());
    }
    let other = OTHERS[random_number(0..OTHERS.len() as u64) as usize];
    let not_well = NOT_WELL
        .into_iter()
        .chain([Answer::Status(other)])
        .map(case);
    let no_port = case(Answer::Closed).settings(&[("PORT", "eight")]);
    let healthy = || case(Answer::Status(200));
    let around = SETTINGS.map(|settings| healthy().settings(settings));
    let by_default =
        [UNSET, ""].map(|port| healthy().at(Place::Default).settings(&[("PORT", port)]));
    let groups = at_once([
        not_well.chain([no_port]).collect(),
        [Answer::Slow].into_iter().chain(MUTE).map(case).collect(),
        [healthy().at(Place::Everywhere).settings(&[("HOST", "::")])]
            .into_iter()
            .chain(around)
            .chain(by_default)
            .collect(),
    ])?;
    let [not_well, waiting, around] = &groups;
    results.check(row::SAYS_1_OTHERWISE, || {
        not_well
            .iter()
            .try_for_each(|ended| says(1, ended, not_well))?;
        not_well.iter().try_for_each(asks_once)
    });
    results.check(row::GIVES_UP_BY_ITSELF, || {
        waiting.iter().try_for_each(|ended| {
            let patient = ended.case.answer == Answer::Slow;
            says(if patient { 0 } else { 1 }, ended, &[])
        })
    });
    results.check(row::SAYS_WHY, || {
        let ended = not_well.iter().chain(waiting).collect::<Vec<_>>();
        reason::is_given(&ended)
    });
    results.check(row::ASKS_ON_PORT, || {
        around.iter().try_for_each(|ended| says(0, ended, &[]))
    });
    Ok(())
}

/// Whether it ended with this exit code; what else it said, beside `others`, shows why not.
fn says(code: i32, ended: &Ended, others: &[Ended]) -> Result<(), Failure> {
    if ended.code == Some(code) {
        return Ok(());
    }
    let mut found = match &ended.code {
        Some(code) => format!("exit code {code}{}", ended.said()),
        None => "still running after 4 s; the self-check has ended it".to_owned(),
    };
    if let Some(asked) = cause::strange_request(ended) {
        found.push_str(&format!("\nthe server has received {asked}"));
    }
    Err(Failure::new(
        format!("exit code {code} {}", ended.case.described()),
        found,
        ended.case.how(),
    )
    .perhaps_if(cause::of(code, ended, others)))
}

/// `--retries` is Docker's.
fn asks_once(ended: &Ended) -> Result<(), Failure> {
    let requests = ended
        .received
        .iter()
        .filter(|text| !text.is_empty())
        .count();
    if requests < 2 {
        return Ok(());
    }
    Err(Failure::new(
        format!("one request, {}", ended.case.described()),
        format!("{requests} requests"),
        ended.case.how(),
    )
    .perhaps("the probe tries again by itself: Docker does that already, as --retries says"))
}
