//! What is expected of the answers, the log and the threads during the burst.

use super::burst::{BurstResult, MAY_BE_SLOW, SWIFT};
use crate::{
    check::Failure,
    harness::{http::NoAnswer, text::varying},
    steps::question::{Question, TIMED},
};

/// The number of statements that may hang in the database at a time.
const MAY_HANG: usize = 1;

/// The threads that may be added while many probes wait: some, for other work.
const MAY_ADD: usize = 12;

/// A timeout would be the wrong remedy.
const BLOCKS: &str = "/health hangs, too: the question blocks its worker thread, and then no timeout can end the wait";

const NOBODY_ENDS_IT: &str =
    "neither the pool nor libpq ends the wait for a database that is frozen";

/// A caller that would wait for longer is not made to.
pub fn nobody_waits_longer(question: &Question, seen: &BurstResult) -> Result<(), Failure> {
    let (patient, answer) = &seen.patient;
    let waited = question.by(patient).status(503, answer.clone());
    waited.map(drop).map_err(|failure| Failure {
        expected: format!(
            "{}, within 2 s, whatever the caller asks for",
            failure.expected
        ),
        ..failure.perhaps(match answer {
            Err(NoAnswer::TooSlow(_)) => {
                "the caller chooses the time limit: a stranger can hold the turn for half a minute"
                    .to_owned()
            }
            _ => format!(
                "others are told 503, and the only difference is {}",
                patient.curl
            ),
        })
    })
}

pub fn all_503(question: &Question, seen: &BurstResult) -> Result<(), Failure> {
    let answers = &seen.answers;
    let all = answers.len();
    let in_time = answers
        .iter()
        .filter(|(_, answer)| answer.as_ref().is_ok_and(|answer| answer.status == 503))
        .count();
    // Which of the probes had the turn is chance. The fault is one of HEAD only where every HEAD has it.
    let mut heads = answers.iter().filter(|(method, _)| *method == "HEAD");
    let only_head = heads.all(|(_, answer)| answer.is_err());
    for (method, answer) in answers {
        let question = match *method {
            "HEAD" if only_head => &question.with_head(),
            _ => question,
        };
        // What HEAD is told has a check of its own; here it has to come in time.
        let expected = match answer {
            Ok(answer) if *method == "HEAD" => answer.status,
            _ => 503,
        };
        question
            .status(expected, answer.clone())
            .map_err(|failure| {
                let cause = match answer {
                    Err(NoAnswer::TooSlow(_)) if seen.slow > MAY_BE_SLOW => Some(BLOCKS.to_owned()),
                    Err(NoAnswer::TooSlow(_)) => Some(NOBODY_ENDS_IT.to_owned()),
                    _ => failure.perhaps.clone(),
                };
                let failure = Failure {
                    expected: format!(
                        "{}, within 2 s, to {} probes at once",
                        failure.expected,
                        varying("all", all)
                    ),
                    found: format!(
                        "{} of {} were answered so; another got:\n{}",
                        varying("some", in_time),
                        varying("all", all),
                        failure.found
                    ),
                    ..failure
                }
                .perhaps_if(cause)
                .or_perhaps("the answer comes in time, and a timeout is to be a 503, too");
                question.at_once(failure)
            })?;
    }
    Ok(())
}

pub fn a_line_was_logged(question: &Question, seen: &BurstResult) -> Result<(), Failure> {
    if seen.logged {
        return Ok(());
    }
    Err(question
        .failure(
            "a line of log about a database that did not answer in time".to_owned(),
            format!(
                "{} probes were told 503, and no line was logged",
                varying("all", seen.answers.len())
            ),
        )
        .perhaps("the branch for the elapsed time limit logs nothing"))
}

pub fn liveness_is_fast(question: &Question, seen: &BurstResult) -> Result<(), Failure> {
    if seen.slow <= MAY_BE_SLOW {
        return Ok(());
    }
    let log = question.program.log.tail();
    let failure = question
        .failure(
            format!(
                "/health answers within {SWIFT:?} while {} probes wait",
                varying("all", seen.answers.len())
            ),
            format!(
                "{} answers of /health took longer, or never came{log}",
                varying("some", seen.slow)
            ),
        )
        .perhaps("the question blocks the worker thread, which answers everything else too");
    let failure = question.at_once(failure);
    let how = failure.how.lines().map(|line| match line {
        probes if probes.starts_with("seq ") => {
            format!("{probes} & sleep 0.3; curl {TIMED} http://127.0.0.1:8000/health")
        }
        line => line.to_owned(),
    });
    Err(Failure {
        how: how.collect::<Vec<_>>().join("\n"),
        ..failure
    })
}

pub fn few_hang(question: &Question, seen: &BurstResult) -> Result<(), Failure> {
    let (found, perhaps) = if seen.hanging > MAY_HANG {
        (
            format!(
                "{} of them held a connection each, inside a statement that never ends",
                varying("some", seen.hanging)
            ),
            "more than one turn: a semaphore for each worker thread, or with several permits, or none",
        )
    } else if seen.threads_added > MAY_ADD {
        (
            format!(
                "one of them was inside a statement, and {} threads were added meanwhile",
                varying("some", seen.threads_added)
            ),
            "the others wait for their turn on a thread each: wait where waiting costs no thread",
        )
    } else if seen.hanging_later > seen.hanging {
        (
            format!(
                "{} hung in the database at first, {} after the next probe",
                varying("some", seen.hanging),
                varying("more", seen.hanging_later)
            ),
            "a probe that is given up passes its turn on, while its thread still hangs",
        )
    } else {
        return Ok(());
    };
    let expected = format!(
        "{} probes at once, and those after them, leave the pool to others",
        varying("all", seen.answers.len())
    );
    Err(question.at_once(question.failure(expected, found).perhaps(perhaps)))
}
