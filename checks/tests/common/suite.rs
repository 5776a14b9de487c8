//! A test program whose tests may need tools that a machine lacks: those tests are ignored, and each reason is printed once.

use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    process::ExitCode,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use checks::harness::cleanup;
use libtest_mimic::{Arguments, Trial};

use super::pinning;

/// A test that fails beside others is run again alone: the others keep the processor busy, and then a right program may miss a
/// time limit. Only this many are run again, so that a change that breaks everything is reported soon.
const AGAIN_AT_MOST: usize = 20;

/// How often such a test may run alone. The machine may be shared with others, too; whoever reads the output sees each failure.
const TRIES_ALONE: usize = 2;

/// Tests that run together.
pub struct Suite {
    arguments: Arguments,
    trials: Vec<Trial>,
    turns: Arc<Turns>,
    /// The reasons for leaving out tests, and the number of tests for each.
    left_out: BTreeMap<String, usize>,
}

impl Suite {
    /// A suite with the options on the command line. From now on Ctrl-C ends everything that a test has started. By default,
    /// `at_a_time` tests run in parallel.
    pub fn new(at_a_time: usize) -> Suite {
        Suite::with(Arguments::from_args(), at_a_time)
    }

    /// [`Suite::new`] with these arguments.
    pub fn with(mut arguments: Arguments, at_a_time: usize) -> Suite {
        arguments.test_threads.get_or_insert(at_a_time);
        // A second suite of the same program finds the handler already set.
        let _ = cleanup::on_interrupt();
        pinning::prepare();
        Suite {
            arguments,
            trials: Vec::new(),
            turns: Arc::default(),
            left_out: BTreeMap::new(),
        }
    }

    /// Whether the command line selects a test of this name.
    pub fn wants(&self, name: &str) -> bool {
        !self
            .arguments
            .is_filtered_out(&Trial::test(name, || Ok(())))
    }

    /// Adds a test. `lacks`: why it cannot be run on this machine.
    pub fn add(
        &mut self,
        name: &str,
        lacks: Option<&str>,
        test: impl Fn() -> anyhow::Result<()> + Send + 'static,
    ) {
        if !self.wants(name) {
            return;
        }
        let (own, turns) = (name.to_owned(), Arc::clone(&self.turns));
        let trial = Trial::test(name, move || {
            let result = turns.beside_others_or_alone(&own, &test);
            result.map_err(|error| format!("{error:#}").into())
        });
        if let Some(why) = lacks {
            *self.left_out.entry(why.to_owned()).or_default() += 1;
        }
        if lacks.is_none() || self.arguments.include_ignored {
            self.turns.locked().to_come += 1;
        }
        self.trials.push(trial.with_ignored_flag(lacks.is_some()));
    }

    /// Prints what is left out, and runs the other tests. Returns whether all of them passed.
    pub fn passes(mut self) -> bool {
        if self.trials.is_empty() {
            return true;
        }
        let at_a_time = self.arguments.test_threads.unwrap_or(1);
        self.turns.locked().free = at_a_time;
        // Those that wait to run alone must not keep the others from beginning.
        self.arguments.test_threads = Some(at_a_time + AGAIN_AT_MOST);
        for (why, count) in &self.left_out {
            let (tests, are) = match count {
                1 => ("test", "is"),
                _ => ("tests", "are"),
            };
            eprintln!("{count} {tests} {are} left out: {why}");
        }
        !libtest_mimic::run(&self.arguments, self.trials).has_failed()
    }

    /// [`Suite::passes`], as the end of `main`: the cleanup runs before the program exits.
    pub fn run(self) -> ExitCode {
        exit_code(self.passes())
    }
}

/// Which test may run now: some of them beside each other, and then, one at a time, those that failed.
#[derive(Default)]
struct Turns {
    state: Mutex<State>,
    changed: Condvar,
    alone: Mutex<()>,
    failed: AtomicUsize,
}

#[derive(Default)]
struct State {
    /// How many more tests may run beside those that do.
    free: usize,
    /// How many tests have not run beside the others to their end.
    to_come: usize,
}

impl Turns {
    fn locked(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn beside_others_or_alone(
        &self,
        name: &str,
        test: impl Fn() -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let first = self.beside_others(&test);
        if passed(&first) || self.failed.fetch_add(1, Ordering::Relaxed) >= AGAIN_AT_MOST {
            return first.unwrap_or_else(|panic| resume_unwind(panic));
        }
        eprintln!("{name} failed beside others: {}", why(&first));
        let others = self
            .changed
            .wait_while(self.locked(), |state| state.to_come > 0);
        drop(others);
        let _alone = self.alone.lock().unwrap_or_else(PoisonError::into_inner);
        let mut again = caught(&test);
        for _ in 1..TRIES_ALONE {
            if passed(&again) {
                break;
            }
            eprintln!("{name} failed alone: {}", why(&again));
            again = caught(&test);
        }
        if passed(&again) {
            eprintln!("{name} passed alone");
        }
        again.unwrap_or_else(|panic| resume_unwind(panic))
    }

    fn beside_others(&self, test: impl Fn() -> anyhow::Result<()>) -> Caught {
        let mut state = self
            .changed
            .wait_while(self.locked(), |state| state.free == 0)
            .unwrap_or_else(PoisonError::into_inner);
        state.free -= 1;
        drop(state);
        let result = caught(test);
        let mut state = self.locked();
        state.free += 1;
        state.to_come -= 1;
        self.changed.notify_all();
        result
    }
}

/// What a test returned, or its panic: a test panics where a message is not the pinned one.
type Caught = thread::Result<anyhow::Result<()>>;

fn caught(test: impl Fn() -> anyhow::Result<()>) -> Caught {
    catch_unwind(AssertUnwindSafe(test))
}

fn passed(caught: &Caught) -> bool {
    matches!(caught, Ok(Ok(())))
}

fn why(caught: &Caught) -> String {
    match caught {
        Ok(Err(error)) => format!("{error:#}"),
        _ => "it panicked, see above".to_owned(),
    }
}

/// The exit code of a test program.
pub fn exit_code(passes: bool) -> ExitCode {
    ExitCode::from(if passes { 0 } else { 101 })
}
