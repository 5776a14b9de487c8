//! No two requests have the same id, however many there are, and after a restart neither.

use std::{collections::HashSet, io, thread};

use super::{
    ids::HEADER,
    service::{RunningService, curl},
};
use crate::{
    check::Failure,
    harness::{
        poll,
        raw_http::{Connection, QUEUE_LIMIT},
        text::{printable, varying},
    },
};

/// The number of requests, and of the connections that they come over.
const REQUESTS: usize = 1_600;
const CONNECTIONS: usize = 8;

/// The number of requests that are sent at a time.
const BATCH: usize = 25;

/// The most ids that may be there twice: of 1,600 random ids of 24 bits, one in thirteen runs has such a pair, and of ids of 16
/// bits, all runs have a dozen.
const BY_CHANCE: usize = 3;

/// Shows the ids that come twice.
const TWICE: &str = "seq 8 | xargs -P8 -I{} curl -s -o /dev/null -D - 'http://127.0.0.1:8000/{}/[1-200]' | grep -i '^x-request-id' | sort | uniq -d";

/// Asks another program of the same kind for many, and `service` once more.
pub fn are_unique(service: &RunningService) -> Result<(), Failure> {
    let other = service.context.start(service.launch.clone())?;
    let ids = poll::retried(|| many(&other)).map_err(|error| {
        other.failure(
            TWICE,
            "an answer to every request, several at the same time".to_owned(),
            format!("{error}{}", other.program.log.tail()),
            "a middleware panicked: the log may say where",
        )
    })?;
    let expected = "another id for each request";
    let mut seen = HashSet::new();
    let twice: Vec<&String> = ids.iter().filter(|id| !seen.insert(*id)).collect();
    if let Some(id) = twice.first()
        && twice.len() > BY_CHANCE
    {
        return Err(other.failure(
            TWICE,
            expected.to_owned(),
            format!(
                "{REQUESTS} requests with {} ids; one that came twice: {}",
                varying("some", seen.len()),
                varying("id", printable(id))
            ),
            "what it is made of is the same for several requests: a time, a connection, a thread, a number that is too small",
        ));
    }
    let (answer, _) = service.logged_get(&[])?;
    let id = answer.header(HEADER).unwrap_or_default();
    if seen.contains(&id) {
        return Err(service.failure(
            &format!(
                "{}\n(then stop it, start it again, and send both requests once more)",
                curl("GET", "/", "")
            ),
            format!("{expected}, after a restart, too"),
            format!(
                "{} in two programs, of which each was just started",
                varying("id", printable(&id))
            ),
            "it is a number that begins anew: put something in front that no other process has",
        ));
    }
    Ok(())
}

/// Sends a batch of requests before the first answer is read, over several connections at the same time.
fn many(service: &RunningService) -> io::Result<Vec<String>> {
    let over_one = || -> io::Result<Vec<String>> {
        let mut connection = Connection::open(service.program.address(), QUEUE_LIMIT)?;
        let request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
        let mut ids = Vec::new();
        while ids.len() < REQUESTS / CONNECTIONS {
            connection.send(request.repeat(BATCH).as_bytes())?;
            for _ in 0..BATCH {
                let answer = connection.answer()?;
                ids.push(answer.header(HEADER).unwrap_or_default().to_owned());
            }
        }
        Ok(ids)
    };
    thread::scope(|scope| {
        let running: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(over_one)).collect();
        let mut ids = Vec::new();
        for one in running {
            ids.extend(one.join().expect("sending does not panic")?);
        }
        Ok(ids)
    })
}
