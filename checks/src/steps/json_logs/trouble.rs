//! A program in trouble: the database goes, and a handler panics.

use std::{
    io, thread,
    time::{Duration, Instant},
};

use super::{
    event::Event,
    ids,
    stage::{Scene, Stage, curl, shown},
};
use crate::{
    check::Failure,
    fake_postgres::{FakePostgres, State},
    steps::random_word,
};

const SETTINGS: [(&str, &str); 3] = [
    ("RUST_LOG", "info"),
    ("DRILL", "1"),
    ("RUST_BACKTRACE", "1"),
];

/// The pool waits 750 ms for a database that refuses. No less than this is plausible then, in milliseconds.
const SLOW: f64 = 500.0;

/// How the readings begin to tell that the database has failed.
const CAUSE: &str = "readings: ";

/// How many requests wait for the database at the same time, while others are answered.
const AT_ONCE: usize = 4;

/// How many requests fail because of it, one after the other.
const FAILURES: usize = 3;

/// How long it may take until the pool has noticed that the database is back: what step 2 promises.
const RECOVERY: Duration = Duration::from_secs(5);

/// How often it is asked meanwhile.
const PACE: Duration = Duration::from_millis(50);

pub fn verify(scene: &Scene) -> io::Result<()> {
    let results = scene.results;
    let server = FakePostgres::start(State::Refusing)?;
    let url = format!("postgres://me:secret@127.0.0.1:{}/readings", server.port());
    let before = "DRILL=1 DATABASE_URL=postgres://me@127.0.0.1:1/db ";
    let stage = match scene.start(before, &url, &SETTINGS) {
        Ok(stage) => stage,
        Err(failure) => {
            // It did start a moment ago, with a database that was there.
            results.check("json-logs.logs-panics", || Err::<(), _>(failure));
            return Ok(());
        }
    };
    results.check("json-logs.says-how-long", || says_how_long(&stage));
    results.check("json-logs.marks-every-event", || {
        ids::marks_what_handlers_log(&stage)?;
        marks_what_waits(&stage)
    });
    results.check("json-logs.logs-a-failure-once", || {
        logs_failures_once(&stage, &server)
    });
    results.check("json-logs.logs-panics", || logs_panics(&stage));
    Ok(())
}

fn says_how_long(stage: &Stage) -> Result<(), Failure> {
    let path = format!("/readings/{}", random_word());
    let answer = stage.ask("GET", &path, &[], "")?;
    let Some(event) = stage.event(&path) else {
        // Others have been logged, so this one is the concern of `logs-each-request`.
        return Err(stage.failure(
            &curl("GET", &path, ""),
            format!("an event about GET {path}"),
            stage.instead_of(&path),
            "requests that fail are not logged",
        ));
    };
    let took = answer.took.as_secs_f64() * 1000.0;
    let perhaps = match event.field("duration_ms").as_f64() {
        Some(said) if (SLOW..=took).contains(&said) => return Ok(()),
        Some(said) if (SLOW..=took).contains(&(said * 1000.0)) => "these look like seconds",
        Some(said) if said > took * 10.0 => "these look like microseconds, or finer",
        Some(_) => "the time is taken at another place than around the handler",
        None if event.field("duration_ms").is_string() => {
            "a number, with its unit in the name of the field: then it can be compared"
        }
        None => "there is no field \"duration_ms\"",
    };
    Err(stage.failure(
        &curl("GET", &path, ""),
        format!("duration_ms: a number, in milliseconds (the caller waited {took:.0} ms)"),
        event.to_string(),
        perhaps,
    ))
}

/// While some requests wait for the database, their threads handle others, with other ids.
fn marks_what_waits(stage: &Stage) -> Result<(), Failure> {
    let path = format!("/readings/{}", random_word());
    let ids: Result<Vec<String>, Failure> = thread::scope(|scope| {
        let waiting: Vec<_> = (0..AT_ONCE)
            .map(|_| {
                let waiting = scope.spawn(|| stage.ask("GET", &path, &[], ""));
                // Takes a moment, so that they do not all end in the same one.
                stage.ask("GET", "/", &[], "").map(|_| waiting)
            })
            .collect();
        waiting
            .into_iter()
            .map(|waiting| {
                let answer = waiting?.join().expect("asking does not panic")?;
                Ok(answer.header(ids::HEADER).unwrap_or_default())
            })
            .collect()
    });
    for id in ids? {
        let cause = |event: &Event| event.holds(CAUSE);
        let of_this = |event: &Event| cause(event) && event.text("request_id") == id;
        if stage.wait_for(of_this).is_none() {
            let last = stage.events().into_iter().rev().find(cause);
            return Err(stage.failure(
                &format!(
                    "{}\n(and others, while this one waits for the database)",
                    curl("GET", &path, "")
                ),
                format!("request_id: {id:?} on the event about the database"),
                last.map_or(stage.instead_of(CAUSE), |event| event.to_string()),
                "what is kept per thread is that of another request, once a handler has waited",
            ));
        }
    }
    Ok(())
}

fn logs_failures_once(stage: &Stage, server: &FakePostgres) -> Result<(), Failure> {
    const PATH: &str = "/readings/attic";
    // Before it can fail to answer, it has to be there.
    server.switch(State::Up);
    let give_up = Instant::now() + RECOVERY;
    while stage.ask("GET", PATH, &[], "")?.status == 503 && Instant::now() < give_up {
        thread::sleep(PACE);
    }
    let cause = random_word();
    server.switch(State::Failing(format!(
        "could not write block 0 of relation \"base/16384/16397\": 디스크에 남은 공간이 없습니다\nHINT:\tCheck free disk space, then start a vacuum: {cause}"
    )));
    let mut failed = Vec::new();
    for _ in 0..FAILURES {
        let answer = stage.ask("GET", PATH, &[], "")?;
        failed.push(answer.header(ids::HEADER).unwrap_or_default());
    }
    stage.all_events(&cause);
    let events = stage.events();
    for id in &failed {
        let told = |event: &&Event| event.text("request_id") == id && event.holds(&cause);
        let events: Vec<&Event> = events.iter().filter(told).collect();
        let (found, perhaps) = match events.as_slice() {
            [_] => continue,
            [] => (
                stage.instead_of(&cause),
                "the text is cut, or only its first line is kept",
            ),
            [first, second, ..] => (
                format!("{} events:\n{first}\n{second}", events.len()),
                "it is told twice: whoever counts failures counts each one twice",
            ),
        };
        return Err(Failure {
            how: format!(
                "cargo verify database failing\ncargo run -p {}, with the DATABASE_URL that the first command prints\n{}",
                stage.package(),
                curl("GET", PATH, "")
            ),
            ..stage.failure(
                "",
                format!("exactly one WARN or ERROR with request_id {id:?} that tells all of what the database said, up to {cause}"),
                found,
                perhaps,
            )
        });
    }
    Ok(())
}

fn logs_panics(stage: &Stage) -> Result<(), Failure> {
    const PATH: &str = "/drill/panic";
    let failed = |found: String, perhaps: &str| {
        Err(stage.failure(
            &curl("POST", PATH, ""),
            "one event at ERROR: \"this is a drill\", and where that was, drill.rs:<line>"
                .to_owned(),
            found,
            perhaps,
        ))
    };
    stage.program.log.wait_for_quiet();
    let before = stage.program.log.count();
    let answered = stage.ask("POST", PATH, &[], "");
    let panicked = |event: &Event| event.holds("this is a drill");
    let event = stage.wait_for(panicked);
    stage.program.log.wait_for_quiet();
    let clean = stage.passed("json-logs.writes-nothing-else");
    if let Some((line, _)) = stage.foreign_line(before).filter(|_| clean) {
        let lines = stage.program.log.lines(before);
        let count = lines.len();
        let foreign: Vec<_> = lines
            .into_iter()
            .filter(|line| Event::read(&line.text).is_err())
            .collect();
        let line = foreign
            .iter()
            .find(|line| !line.text.is_empty())
            .unwrap_or(&line);
        return failed(
            format!(
                "{} of {count} lines are not JSON; the first:\n{}",
                foreign.len(),
                shown(line)
            ),
            match event {
                Some(_) => "the default hook is called as well",
                None => "the default hook prints plain text: set another one",
            },
        );
    }
    let Some(event) = event else {
        return failed(
            format!("no such event{}", stage.program.log.tail()),
            "the hook logs nothing",
        );
    };
    if event.text("level") != "ERROR" && stage.passed("json-logs.says-how-bad") {
        return failed(
            event.to_string(),
            "a panic is a fault of ours: there is no higher level",
        );
    }
    if !event.holds("drill.rs") {
        return failed(event.to_string(), "the hook is told the place, too");
    }
    let count = stage
        .events()
        .iter()
        .filter(|event| panicked(event))
        .count();
    if count > 1 {
        return failed(
            format!("{count} events, of which one is\n{event}"),
            "it is logged twice",
        );
    }
    answered
        .map(drop)
        .map_err(|failure| match stage.program.end() {
            Some(_) => Failure {
                perhaps: Some(
                    "the hook ends the whole program, with all requests under way".to_owned(),
                ),
                ..failure
            },
            None => failure,
        })
}
