//! Ten thousand hostile requests over several concurrent connections, while every line of the log is read.

use std::{collections::HashMap, io, net::SocketAddr, thread, time::Duration};

use super::{
    event::Event,
    hostile::{JUNK, request},
    ids::HEADER,
    row,
    service::{Context, RunningService, shown},
};
use crate::{
    check::Failure,
    harness::{
        poll,
        program::Program,
        random::random_word,
        raw_http::{Connection, QUEUE_LIMIT},
        text::{printable, varying},
    },
};

/// The number of requests, of connections, and of requests that are sent at a time, before their answers are read.
const REQUESTS: usize = 10_000;
const CONNECTIONS: usize = 8;
const BATCH: usize = 25;

/// The time limit for the last lines to arrive on a busy machine.
const ARRIVAL: Duration = Duration::from_secs(5);

/// A request and its answer: the word in the path, and the id in the answer.
struct Sent {
    word: String,
    id: String,
}

pub fn check_all(context: &Context) {
    context.results.check(row::STANDS_THE_FLOOD, || {
        let service = context.start(context.launch().settings(&[("RUST_LOG", "info")]))?;
        service.program.log.wait_for_quiet();
        let first = service.program.log.count();
        let sent = flood(&service)?;
        throw_junk(&service.program);
        service
            .program
            .log
            .wait_for_more_than(first + sent.len() - 1, ARRIVAL);
        service.program.log.wait_for_quiet();
        let events = all_are_events(&service, first)?;
        each_has_one(&service, &sent, &events)
    });
}

fn flood(service: &RunningService) -> Result<Vec<Sent>, Failure> {
    let address = service.program.address();
    let one_of = |place: usize| -> io::Result<Vec<Sent>> {
        let mut sent = Vec::new();
        for batch in 0..REQUESTS / CONNECTIONS / BATCH {
            let first = batch * BATCH;
            // The service closes a connection that has been idle for seconds, as it may be on a busy machine.
            sent.extend(poll::retried(|| send(address, first, place))?);
        }
        Ok(sent)
    };
    let sent: io::Result<Vec<Vec<Sent>>> = thread::scope(|scope| {
        let running: Vec<_> = (0..CONNECTIONS)
            .map(|place| scope.spawn(move || one_of(place)))
            .collect();
        running
            .into_iter()
            .map(|one| one.join().expect("sending does not panic"))
            .collect()
    });
    match sent {
        Ok(sent) => Ok(sent.into_iter().flatten().collect()),
        Err(error) => Err(failure(
            service,
            format!(
                "a connection broke off ({error}){}",
                service.program.log.tail()
            ),
            "a middleware panicked about something that it was sent",
        )),
    }
}

/// A batch over a connection of its own, from number `first` of its place on.
fn send(address: SocketAddr, first: usize, place: usize) -> io::Result<Vec<Sent>> {
    let mut connection = Connection::open(address, QUEUE_LIMIT)?;
    let words: Vec<String> = (0..BATCH).map(|_| random_word()).collect();
    let mut bytes = Vec::new();
    for (number, word) in words.iter().enumerate() {
        bytes.extend(request((first + number) * CONNECTIONS + place, word));
    }
    connection.send(&bytes)?;
    let answered = words.into_iter().map(|word| {
        let answer = connection.answer()?;
        let id = answer.header(HEADER).unwrap_or_default().to_owned();
        Ok(Sent { word, id })
    });
    answered.collect()
}

/// Requests that actix-web itself rejects: it may or may not log them.
fn throw_junk(program: &Program) {
    for junk in JUNK {
        if let Ok(mut connection) = Connection::open(program.address(), QUEUE_LIMIT) {
            // It may be refused before all of it was sent.
            let _ = connection.send(junk);
            connection.drain();
        }
    }
}

fn all_are_events(service: &RunningService, first: usize) -> Result<Vec<Event>, Failure> {
    let lines = service.program.log.lines(first);
    let mut events = Vec::new();
    let mut foreign = Vec::new();
    for line in &lines {
        match Event::read(&line.text) {
            Ok(event) => events.push(event),
            Err(_) => foreign.push(line),
        }
    }
    let Some(line) = foreign.first() else {
        return Ok(events);
    };
    Err(failure(
        service,
        format!(
            "{} of {} lines are none; the first:\n{}",
            varying("some", foreign.len()),
            varying("all", lines.len()),
            varying("a torn line", shown(line))
        ),
        "two threads write into one line, or what was sent has broken it: write each line at once",
    ))
}

fn each_has_one(service: &RunningService, sent: &[Sent], events: &[Event]) -> Result<(), Failure> {
    let mut by_id: HashMap<&str, Vec<&Event>> = HashMap::new();
    for event in events {
        by_id
            .entry(event.text("request_id"))
            .or_default()
            .push(event);
    }
    for Sent { word, id } in sent {
        let of_this_id = by_id.get(id.as_str()).into_iter().flatten();
        let about: Vec<_> = of_this_id.filter(|event| event.holds(word)).collect();
        if about.len() != 1 {
            let found = match about.first() {
                Some(event) => format!("{} events about it, of which one is\n{event}", about.len()),
                None => format!("none about it, with its request_id {}", printable(id)),
            };
            return Err(failure(
                service,
                format!("a request for /{word}…: {found}"),
                "events are lost, or mixed up, when many are written at once",
            ));
        }
    }
    Ok(())
}

fn failure(service: &RunningService, found: String, perhaps: &str) -> Failure {
    service.failure(
        "seq 10000 | xargs -P8 -I{} curl -s -A '\",\"level\":\"FATAL' 'http://127.0.0.1:8000/{}'",
        format!("{REQUESTS} hostile requests: every line one JSON object, one for each request"),
        found,
        perhaps,
    )
}
