//! The outcomes of a step's checks.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use super::{Check, Failure, Outcome, Stop};

/// Is told about the checks of a step while they run, by several threads.
pub trait Observer: Send + Sync {
    /// This check is being made.
    fn began(&self, check: &'static Check);
    /// This is how it ended. One that was blocked may never have begun.
    fn ended(&self, check: &'static Check, outcome: &Outcome);
}

/// The outcomes of one step's checks so far, shared by scenarios that run concurrently.
pub struct Results {
    checks: &'static [Check],
    /// Whether extras are checked even if something of the core has failed.
    extras: bool,
    outcomes: Mutex<BTreeMap<&'static str, Outcome>>,
    observer: Option<Arc<dyn Observer>>,
}

impl Results {
    /// No outcomes yet. `extras`: check the extras even if something of the core has failed.
    pub fn new(checks: &'static [Check], extras: bool) -> Results {
        Results {
            checks,
            extras,
            outcomes: Mutex::default(),
            observer: None,
        }
    }

    /// The same, with an observer.
    pub fn observed(self, observer: Arc<dyn Observer>) -> Results {
        Results {
            observer: Some(observer),
            ..self
        }
    }

    /// Runs `look` and records the outcome, unless the check that this one needs has not passed. Returns what `look` returned.
    pub fn check<T>(
        &self,
        check: &'static Check,
        look: impl FnOnce() -> Result<T, Failure>,
    ) -> Option<T> {
        if !self.wants(check) || check.needs.is_some_and(|needed| !self.passed(needed)) {
            return None;
        }
        self.look(check, look)
    }

    /// Whether it is time for this check: extras come when the core passes.
    fn wants(&self, check: &Check) -> bool {
        check.is_core() || self.extras || !self.core_failed()
    }

    /// [`Results::check`], but also runs `look` if the check that this one needs was blocked by the machine: nothing is known to be
    /// wrong then.
    pub fn check_unless_failed<T>(
        &self,
        check: &'static Check,
        look: impl FnOnce() -> Result<T, Failure>,
    ) -> Option<T> {
        let stands = |needed: &Check| {
            let outcomes = self.lock();
            matches!(
                outcomes.get(needed.id),
                Some(Outcome::Passed | Outcome::Blocked(_))
            )
        };
        if !self.wants(check) || !check.needs.is_none_or(stands) {
            return None;
        }
        self.look(check, look)
    }

    /// [`Results::check`], for a `look` that can also be blocked or break, which ends the whole step.
    ///
    /// # Errors
    /// [`Stop::Blocked`] and [`Stop::Broken`]; a failure is recorded.
    pub fn try_check<T>(
        &self,
        check: &'static Check,
        look: impl FnOnce() -> Result<T, Stop>,
    ) -> Result<Option<T>, Stop> {
        if !self.wants(check) || check.needs.is_some_and(|needed| !self.passed(needed)) {
            return Ok(None);
        }
        self.begin(check);
        match look() {
            Ok(seen) => {
                self.end(check, Outcome::Passed);
                Ok(Some(seen))
            }
            Err(Stop::Failed(failure)) => {
                self.end(check, Outcome::Failed(failure));
                Ok(None)
            }
            Err(stop) => Err(stop),
        }
    }

    fn look<T>(
        &self,
        check: &'static Check,
        look: impl FnOnce() -> Result<T, Failure>,
    ) -> Option<T> {
        self.begin(check);
        // Never while holding the lock: other checks run at the same time.
        match look() {
            Ok(seen) => {
                self.end(check, Outcome::Passed);
                Some(seen)
            }
            Err(failure) => {
                self.end(check, Outcome::Failed(failure));
                None
            }
        }
    }

    fn begin(&self, check: &'static Check) {
        if let Some(observer) = &self.observer {
            observer.began(check);
        }
    }

    fn end(&self, check: &'static Check, outcome: Outcome) {
        if let Some(observer) = &self.observer {
            observer.ended(check, &outcome);
        }
        self.lock().insert(check.id, outcome);
    }

    /// Records that the machine blocks this check, unless the check that it needs has not passed.
    pub fn blocked(&self, check: &'static Check, why: &str) {
        if check.needs.is_none_or(|needed| self.passed(needed)) {
            self.end(check, Outcome::Blocked(why.to_owned()));
        }
    }

    /// Records that the machine blocks every check that has no outcome yet, unless a check that it needs has not passed.
    pub fn blocked_rest(&self, why: &str) {
        for check in self.checks {
            if !self.lock().contains_key(check.id) {
                self.blocked(check, why);
            }
        }
    }

    pub fn passed(&self, check: &Check) -> bool {
        matches!(self.lock().get(check.id), Some(Outcome::Passed))
    }

    /// Whether anything of the core has failed so far.
    pub fn core_failed(&self) -> bool {
        let outcomes = self.lock();
        let failed = |check: &Check| matches!(outcomes.get(check.id), Some(Outcome::Failed(_)));
        self.checks
            .iter()
            .any(|check| check.is_core() && failed(check))
    }

    /// Every check of the step, in order, with its outcome.
    pub fn finish(self) -> Vec<(&'static Check, Outcome)> {
        let outcomes = self.outcomes.into_inner();
        let mut outcomes = outcomes.unwrap_or_else(PoisonError::into_inner);
        self.checks
            .iter()
            .map(|check| (check, outcomes.remove(check.id).unwrap_or(Outcome::NotRun)))
            .collect()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<&'static str, Outcome>> {
        self.outcomes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
