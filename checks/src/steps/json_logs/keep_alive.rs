//! Several requests over one connection.

use std::{io, time::Instant};

use jiff::Timestamp;

use super::{ids::HEADER, service::RunningService, traffic::Sent};
use crate::{
    check::Failure,
    harness::{
        random::random_word,
        raw_http::{Connection, QUEUE_LIMIT},
    },
};

/// How many come one after the other, and how many at once.
const IN_A_ROW: usize = 4;

/// One after the other over one connection, and then several before the first is answered.
pub fn send(service: &RunningService) -> Result<Vec<Sent>, Failure> {
    let paths: Vec<(String, String)> = (0..2 * IN_A_ROW)
        .map(|_| random_word())
        .map(|mark| (format!("/readings/{mark}"), mark))
        .collect();
    let urls = paths
        .iter()
        .map(|(path, _)| format!(" 'http://127.0.0.1:8000{path}'"));
    let how = format!("curl -i{}", urls.collect::<String>());
    let ask = || -> io::Result<Vec<Sent>> {
        let mut connection = Connection::open(service.program.address(), QUEUE_LIMIT)?;
        let (in_turn, at_once) = paths.split_at(IN_A_ROW);
        let mut sent = Vec::new();
        for paths in in_turn.chunks(1).chain([at_once]) {
            let (began, asked) = (Timestamp::now(), Instant::now());
            for (path, _) in paths {
                let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
                connection.send(request.as_bytes())?;
            }
            for (path, mark) in paths {
                let reply = connection.answer()?;
                sent.push(Sent {
                    method: "GET",
                    path: path.clone(),
                    mark: mark.clone(),
                    how: how.clone(),
                    difference: Some("that they come over one connection".to_owned()),
                    status: reply.status,
                    id: reply.header(HEADER).map(str::to_owned),
                    length: reply.body.len(),
                    began,
                    took: asked.elapsed(),
                });
            }
        }
        Ok(sent)
    };
    ask().map_err(|error| {
        service.failure(
            &how,
            "an answer to each of several requests over one connection".to_owned(),
            format!("none ({error}){}", service.program.log.tail()),
            "a middleware panicked or never goes on: the log may say where",
        )
    })
}
