//! `/health` is answered at once, whatever the number of callers.

use std::{
    io,
    time::{Duration, Instant},
};

use super::PATH;
use crate::{
    check::Failure,
    harness::{
        http::{ANSWER_LIMIT, status_line},
        random::random_word,
        raw_http::Connection,
        text::varying,
    },
    steps::question::Question,
};

/// The number of answers whose time is taken together, one after the other over one connection.
const IN_A_ROW: usize = 50;

/// The answers of `/health` may take this many times as long as those to a path that has no handler, and some more.
const AS_LONG: u32 = 5;
const MARGIN: Duration = Duration::from_millis(250);

/// All of a crowd that asks at once are answered.
pub fn answers_a_crowd(question: &Question, crowd: usize) -> Result<(), Failure> {
    for answer in question.program.get_at_once(PATH, crowd) {
        question.status(200, answer).map_err(|failure| Failure {
            expected: format!("{}, to {crowd} callers at once", failure.expected),
            found: format!("one of them got: {}", failure.found),
            how: failure
                .how
                .replace("curl -i", "seq 100 | xargs -P 100 -I{} curl -is"),
            ..failure
        })?;
    }
    Ok(())
}

/// So many answers at most are asked for without a break, in batches, and for so long at most: a slow handler is another check's
/// matter.
const WITHOUT_A_BREAK: usize = 1_200;
const BATCH: usize = 50;
const FOR_AT_MOST: Duration = Duration::from_secs(3);

/// Nobody is turned away because many have asked in this minute.
pub fn answers_without_a_break(question: &Question) -> Result<(), Failure> {
    let (count, status) = match first_refusal(question) {
        // That the connection was closed says nothing: the next answer does.
        Err(_) | Ok(None) => return question.status(200, question.program.get(PATH)).map(drop),
        Ok(Some(refusal)) => refusal,
    };
    let failure = question
        .failure(
            format!("200 OK, GET {PATH}, {WITHOUT_A_BREAK} times in a row"),
            format!(
                "answer {}: {}",
                varying("number", count),
                status_line(status)
            ),
        )
        .perhaps("requests are counted, and refused above a number: a busy platform probes often");
    Err(Failure {
        // One process sends them all: what follows the # is sent to nobody.
        how: failure.how.replace(
            &format!("curl -i http://127.0.0.1:8000{PATH}"),
            &format!("curl -is 'http://127.0.0.1:8000{PATH}#[1-{WITHOUT_A_BREAK}]'"),
        ),
        ..failure
    })
}

/// The number and the status of the first answer that is no 200.
fn first_refusal(question: &Question) -> io::Result<Option<(usize, u16)>> {
    let began = Instant::now();
    let mut connection = Connection::open(question.program.address(), ANSWER_LIMIT)?;
    let request = format!("GET {PATH} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    for count in 0..WITHOUT_A_BREAK {
        if began.elapsed() > FOR_AT_MOST {
            break;
        }
        if count % BATCH == 0 {
            connection.send(request.repeat(BATCH).as_bytes())?;
        }
        let status = connection.answer()?.status;
        if status != 200 {
            return Ok(Some((count + 1, status)));
        }
    }
    Ok(None)
}

/// The handler takes no longer than an answer takes that has no handler.
pub fn waits_for_nothing(question: &Question) -> Result<(), Failure> {
    let elsewhere = format!("/{}", random_word());
    let (Some(without), Some(with)) = (
        time_in_a_row(question, &elsewhere),
        time_in_a_row(question, PATH),
    ) else {
        // The check of the answers says what is wrong with them.
        return Ok(());
    };
    if with <= without * AS_LONG + MARGIN {
        return Ok(());
    }
    let expected =
        format!("{IN_A_ROW} answers of {PATH} in a row, about as fast as {IN_A_ROW} answers 404");
    let found = format!(
        "{} for the answers, {} for the 404s",
        varying("time", format!("{with:.0?}")),
        varying("time", format!("{without:.0?}"))
    );
    let failure = question
        .failure(expected, found)
        .perhaps("the handler does something slow or waits: a pause, a file, a lock, a command");
    Err(question.timed(5, failure))
}

/// The handler writes no file either, after all that has been asked.
pub fn writes_nothing(question: &Question) -> Result<(), Failure> {
    let files = question.program.files();
    if files.is_empty() {
        return Ok(());
    }
    let failure = question
        .failure(
            format!("{PATH} is answered without a file"),
            format!("the service wrote {}", files.join(", ")),
        )
        .perhaps("a disk that is full or hangs then makes the service look dead, and a restart repairs no disk");
    Err(Failure {
        how: format!("{}\nls -t", failure.how),
        ..failure
    })
}

/// The time that [`IN_A_ROW`] answers of this path take.
fn time_in_a_row(question: &Question, path: &str) -> Option<Duration> {
    let mut connection = Connection::open(question.program.address(), ANSWER_LIMIT).ok()?;
    let began = Instant::now();
    for _ in 0..IN_A_ROW {
        connection.ask("GET", path, "").ok()?;
    }
    Some(began.elapsed())
}
