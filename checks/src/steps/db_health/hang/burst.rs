//! Many concurrent probes, and what is observed meanwhile.

use std::{
    thread,
    time::{Duration, Instant},
};

use crate::{
    harness::{
        clients::{Client, patient},
        fake_postgres::FakePostgres,
        http::{ANSWER_LIMIT, Answer, NoAnswer},
        poll,
        program::Program,
        threads::joined,
    },
    steps::db_health::PATH,
};

/// The number of liveness requests meanwhile, how many are concurrent, how fast the answers must be (a service that is not blocked
/// needs a few milliseconds; the rest is for a busy laptop), and how many may be slower (1 in 20).
const LIVENESS: usize = 40;
const AT_A_TIME: usize = 4;
pub const SWIFT: Duration = Duration::from_millis(500);
pub const MAY_BE_SLOW: usize = LIVENESS / 20;

/// The pause between the burst and one more probe.
const LATER: Duration = Duration::from_millis(300);

/// The time limit for the first probe to reach the database. A silent one sees nothing arrive: then this is merely a pause.
const ARRIVAL: Duration = Duration::from_millis(200);

/// The time limit for all probes: the limit of each, with a margin.
const ALL_ANSWERED: Duration = Duration::from_secs(10);

/// Polling interval.
const PACE: Duration = Duration::from_millis(5);

/// The number of concurrent probes: more than any machine has worker threads.
fn burst() -> usize {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    32.max(4 * cores)
}

/// What happened during the burst.
pub struct BurstResult {
    pub answers: Vec<(&'static str, Result<Answer, NoAnswer>)>,
    /// What a caller got that wanted to wait for longer.
    pub patient: (Client, Result<Answer, NoAnswer>),
    /// Answers of `/health` that took longer than [`SWIFT`].
    pub slow: usize,
    /// The number of threads that the program has got in the meantime, where they can be counted.
    pub threads_added: usize,
    /// Whether the log has grown.
    pub logged: bool,
    /// The maximum number of statements that hung at a time. A silent database receives none.
    pub hanging: usize,
    /// The number that hung after the burst had been answered and a later probe could have had its turn.
    pub hanging_later: usize,
}

impl BurstResult {
    /// Whether anything took longer than it may.
    pub fn is_late(&self) -> bool {
        let late = |answer: &Result<Answer, NoAnswer>| matches!(answer, Err(NoAnswer::TooSlow(_)));
        self.slow > MAY_BE_SLOW
            || self.answers.iter().any(|(_, answer)| late(answer))
            || late(&self.patient.1)
    }
}

pub fn meanwhile(program: &Program, server: &FakePostgres) -> BurstResult {
    thread::scope(|scope| {
        let logged = program.log.count();
        let began = Instant::now();
        let left = |limit: Duration| limit.saturating_sub(began.elapsed());
        let threads = program.threads();
        let probes: Vec<_> = (0..burst())
            .map(|number| {
                let method = if number % 2 == 0 { "GET" } else { "HEAD" };
                scope.spawn(move || (method, program.ask(method, PATH, ANSWER_LIMIT)))
            })
            .collect();
        poll::is_done(left(ARRIVAL), PACE, || server.unanswered() > 0);
        let slow = slow_liveness(program);
        let added = program.threads().zip(threads);
        let threads_added = added.map_or(0, |(now, before)| now.saturating_sub(before));

        // A probe that is given up may pass its turn on while its statement still hangs: to one that came later.
        thread::sleep(left(LATER));
        let patient = patient::client();
        let later = scope.spawn({
            let patient = patient.clone();
            move || program.ask_as(&patient, "GET", PATH)
        });
        let mut hanging = server.unanswered();
        poll::is_done(left(ALL_ANSWERED), PACE, || {
            hanging = hanging.max(server.unanswered());
            probes.iter().all(|probe| probe.is_finished())
        });
        poll::is_done(LATER, PACE, || {
            server.unanswered() > hanging || later.is_finished()
        });
        let hanging_later = server.unanswered();
        let answers = probes.into_iter();
        let answers = answers.map(|probe| probe.join().expect("asking does not panic"));
        let mut answers: Vec<_> = answers.collect();
        // GET first, so that a message does not depend on who came first.
        answers.sort_by_key(|(method, _)| *method);
        let logged = poll::is_done(LATER, PACE, || program.log.warnings(logged, "") > 0);
        BurstResult {
            answers,
            patient: (patient, joined(later)),
            slow,
            threads_added,
            logged,
            hanging,
            hanging_later,
        }
    })
}

fn slow_liveness(program: &Program) -> usize {
    let ask = || {
        (0..LIVENESS / AT_A_TIME)
            .filter(|_| program.ask("GET", "/health", SWIFT).is_err())
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
