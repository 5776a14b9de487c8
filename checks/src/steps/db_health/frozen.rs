//! The connections are open and well; then no statement is answered any more, as behind a lock, or nothing at all, as from a
//! frozen machine. Many probes come at once.

use std::{
    io,
    panic::resume_unwind,
    thread,
    time::{Duration, Instant},
};

use super::{PATH, Scene, recovers};
use crate::{
    check::Failure,
    expect::Question,
    fake_postgres::{FakePostgres, State},
    http::{self, Answer, NoAnswer},
    program::Program,
};

/// How many statements may hang in the database at a time: some connections must be left for the others.
const MAY_HANG: usize = 3;

/// How often liveness is asked meanwhile and by how many at a time, how fast it must answer (a service that waits for nobody
/// needs a few milliseconds; the rest is for a busy laptop), and how many answers may be slower (1 in 20).
const LIVENESS: usize = 40;
const AT_A_TIME: usize = 4;
const SWIFT: Duration = Duration::from_millis(500);
const MAY_BE_SLOW: usize = LIVENESS / 20;

/// How long after the burst one more probe comes.
const LATER: Duration = Duration::from_millis(300);

/// How long the first probe may take to the database. In a frozen one nothing arrives: then it is only waited.
const ARRIVAL: Duration = Duration::from_millis(200);

/// How long all the probes take at most: what each of them may take, and then some.
const ALL_ANSWERED: Duration = Duration::from_secs(10);

/// How often it is looked.
const PACE: Duration = Duration::from_millis(5);

/// How many probes come at once: more than any machine has worker threads.
fn burst() -> usize {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    32.max(4 * cores)
}

pub fn verify(scene: &Scene) -> io::Result<()> {
    let results = scene.results;
    let freezes = thread::scope(|scope| {
        [(State::Hanging, "hanging"), (State::Silent, "silent")]
            .map(|(state, word)| scope.spawn(|| Freeze::watch(scene, state, word)))
            .map(|watched| watched.join().unwrap_or_else(|panic| resume_unwind(panic)))
    });
    let [locked, frozen] = freezes;
    let both = match (locked?, frozen?) {
        (Ok(locked), Ok(frozen)) => [locked, frozen],
        (Err(failure), _) | (_, Err(failure)) => {
            results.check("db-health.answers-503-when-frozen", || {
                Err::<(), _>(failure)
            });
            return Ok(());
        }
    };
    let each = |look: &dyn Fn(&Question, &Seen) -> Result<(), Failure>| {
        both.iter()
            .try_for_each(|freeze| look(&freeze.question(scene), &freeze.seen))
    };

    results.check("db-health.answers-503-when-frozen", || each(&all_503));
    results.check("db-health.logs-a-timeout", || each(&a_line_was_logged));
    results.check("db-health.leaves-liveness-fast", || each(&liveness_is_fast));
    results.check("db-health.does-not-pile-up", || each(&few_hang));
    both.iter()
        .for_each(|freeze| freeze.server.switch(State::Up));
    results.check("db-health.recovers-from-a-freeze", || {
        let recovers = both
            .iter()
            .try_for_each(|freeze| recovers(&freeze.question(scene)).map(drop));
        recovers.map_err(|failure| Failure {
            perhaps: Some(
                "a probe that was given up left something behind: a turn, a flag, a lock"
                    .to_owned(),
            ),
            ..failure
        })
    });
    for freeze in &both {
        for answer in freeze.seen.answers.iter().flatten() {
            scene.keep(answer, &freeze.question(scene), &freeze.server, "");
        }
        scene.search(&freeze.program);
    }
    Ok(())
}

/// A program whose database froze while it was watched.
struct Freeze {
    server: FakePostgres,
    program: Program,
    /// What `cargo verify database` calls the state.
    word: &'static str,
    seen: Seen,
}

impl Freeze {
    fn watch(
        scene: &Scene,
        state: State,
        word: &'static str,
    ) -> io::Result<Result<Freeze, Failure>> {
        let server = FakePostgres::start(State::Up)?;
        let watched = || {
            let program = scene.start(&server)?;
            recovers(&scene.question(&program, word))?;
            server.switch(state);
            let seen = meanwhile(&program, &server);
            Ok((program, seen))
        };
        Ok(watched().map(|(program, seen)| Freeze {
            server,
            program,
            word,
            seen,
        }))
    }

    fn question<'a>(&'a self, scene: &Scene) -> Question<'a> {
        scene.question(&self.program, self.word)
    }
}

/// What happened during the burst.
struct Seen {
    answers: Vec<Result<Answer, NoAnswer>>,
    /// Answers of `/health` that took longer than [`SWIFT`].
    slow: usize,
    /// Whether the log has grown.
    logged: bool,
    /// The most statements that hung at a time. None arrive in a database that is frozen.
    hanging: usize,
    /// How many hung when the burst had been answered and a later probe could have had its turn.
    hanging_later: usize,
}

fn meanwhile(program: &Program, server: &FakePostgres) -> Seen {
    thread::scope(|scope| {
        let logged = program.log.count();
        let began = Instant::now();
        let probes: Vec<_> = (0..burst())
            .map(|_| scope.spawn(|| program.get(PATH)))
            .collect();
        wait_until(began + ARRIVAL, || server.unanswered() > 0);
        let slow = slow_liveness(&program.url("/health"));

        // A probe that is given up may pass its turn on while its statement still hangs: to one that came later.
        wait_until(began + LATER, || false);
        let later = scope.spawn(|| program.get(PATH));
        let mut hanging = server.unanswered();
        wait_until(began + ALL_ANSWERED, || {
            hanging = hanging.max(server.unanswered());
            probes.iter().all(|probe| probe.is_finished())
        });
        wait_until(Instant::now() + LATER, || {
            server.unanswered() > hanging || later.is_finished()
        });
        let hanging_later = server.unanswered();
        let answers = probes
            .into_iter()
            .map(|probe| probe.join().expect("asking does not panic"))
            .collect();
        let logged = program.log.wait_for_more_than(logged, LATER);
        Seen {
            answers,
            slow,
            logged,
            hanging,
            hanging_later,
        }
    })
}

fn slow_liveness(url: &str) -> usize {
    let ask = || {
        (0..LIVENESS / AT_A_TIME)
            .filter(|_| http::ask("GET", url, SWIFT).is_err())
            .count()
    };
    thread::scope(|scope| {
        let asking: Vec<_> = (0..AT_A_TIME).map(|_| scope.spawn(ask)).collect();
        asking
            .into_iter()
            .map(|asking| asking.join().expect("asking does not panic"))
            .sum()
    })
}

fn wait_until(give_up: Instant, mut come: impl FnMut() -> bool) {
    while !come() && Instant::now() < give_up {
        thread::sleep(PACE);
    }
}

fn all_503(question: &Question, seen: &Seen) -> Result<(), Failure> {
    let answers = &seen.answers;
    let all = answers.len();
    let in_time = answers
        .iter()
        .flatten()
        .filter(|answer| answer.status == 503)
        .count();
    for answer in answers {
        question
            .status(503, answer.clone())
            .map_err(|failure| Failure {
                expected: format!("{}, within 2 s, to {all} probes at once", failure.expected),
                found: format!(
                    "{in_time} of {all} were answered so; another got:\n{}",
                    failure.found
                ),
                perhaps: Some(
                    "neither the pool nor libpq ends the wait for a database that is frozen"
                        .to_owned(),
                ),
                ..failure
            })?;
    }
    Ok(())
}

fn a_line_was_logged(question: &Question, seen: &Seen) -> Result<(), Failure> {
    if seen.logged {
        return Ok(());
    }
    Err(Failure {
        perhaps: Some("the branch for the elapsed time limit logs nothing".to_owned()),
        ..question.failure(
            "a line of log about a database that did not answer in time".to_owned(),
            format!(
                "{} probes were told 503, and no line was logged",
                seen.answers.len()
            ),
        )
    })
}

fn liveness_is_fast(question: &Question, seen: &Seen) -> Result<(), Failure> {
    if seen.slow <= MAY_BE_SLOW {
        return Ok(());
    }
    let log = question.program.log.tail();
    Err(Failure {
        perhaps: Some(
            "the question blocks the worker thread, which answers everything else too".to_owned(),
        ),
        ..question.failure(
            format!(
                "/health answers within {SWIFT:?} while {} probes wait",
                seen.answers.len()
            ),
            format!(
                "{} answers of /health took longer, or never came{log}",
                seen.slow
            ),
        )
    })
}

fn few_hang(question: &Question, seen: &Seen) -> Result<(), Failure> {
    let (found, perhaps) = if seen.hanging > MAY_HANG {
        (
            format!(
                "{} of them held a connection each, inside a statement that never ends",
                seen.hanging
            ),
            "each probe takes a connection and a thread with it; let one ask and the others wait",
        )
    } else if seen.hanging_later > seen.hanging {
        (
            format!(
                "{} hung in the database at first, {} after the next probe",
                seen.hanging, seen.hanging_later
            ),
            "a probe that is given up passes its turn on, while its thread still hangs",
        )
    } else {
        return Ok(());
    };
    let expected = format!(
        "{} probes at once, and those after them, leave the pool to others",
        seen.answers.len()
    );
    Err(Failure {
        perhaps: Some(perhaps.to_owned()),
        ..question.failure(expected, found)
    })
}
