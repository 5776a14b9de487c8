//! A test program whose tests may need tools that a machine lacks: those tests are ignored, and each reason is printed once.

use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    process::ExitCode,
    sync::{
        PoisonError, RwLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use checks::harness::cleanup;
use libtest_mimic::{Arguments, Trial};

use super::pinning;

/// A test that fails beside others is run again alone: the others keep the processor busy, and then a right program may miss a
/// time limit. Only this many are run again, so that a change that breaks everything is reported soon.
const AGAIN_AT_MOST: usize = 20;

/// The tests that run beside others hold it for reading, one that runs alone for writing.
static BESIDE_OTHERS: RwLock<()> = RwLock::new(());
static FAILED: AtomicUsize = AtomicUsize::new(0);

/// Tests that run together.
pub struct Suite {
    arguments: Arguments,
    trials: Vec<Trial>,
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
        let own = name.to_owned();
        let trial = Trial::test(name, move || {
            let result = beside_others_or_alone(&own, &test);
            result.map_err(|error| format!("{error:#}").into())
        });
        if let Some(why) = lacks {
            *self.left_out.entry(why.to_owned()).or_default() += 1;
        }
        self.trials.push(trial.with_ignored_flag(lacks.is_some()));
    }

    /// Prints what is left out, and runs the other tests. Returns whether all of them passed.
    pub fn passes(self) -> bool {
        if self.trials.is_empty() {
            return true;
        }
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

fn beside_others_or_alone(name: &str, test: impl Fn() -> anyhow::Result<()>) -> anyhow::Result<()> {
    // A test panics where a message is not the pinned one.
    let first = {
        let _beside = BESIDE_OTHERS.read().unwrap_or_else(PoisonError::into_inner);
        catch_unwind(AssertUnwindSafe(&test))
    };
    if matches!(first, Ok(Ok(()))) || FAILED.fetch_add(1, Ordering::Relaxed) >= AGAIN_AT_MOST {
        return first.unwrap_or_else(|panic| resume_unwind(panic));
    }
    let _alone = BESIDE_OTHERS
        .write()
        .unwrap_or_else(PoisonError::into_inner);
    test()?;
    let why = match first {
        Ok(Err(error)) => format!("{error:#}"),
        _ => "another message".to_owned(),
    };
    eprintln!("{name} passed alone, and failed beside others: {why}");
    Ok(())
}

/// The exit code of a test program.
pub fn exit_code(passes: bool) -> ExitCode {
    ExitCode::from(if passes { 0 } else { 101 })
}
