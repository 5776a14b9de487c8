//! What a check is, and how it can end.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

/// One thing that is looked at.
#[derive(Debug)]
pub struct Check {
    /// Its name, which never changes: `health.answers-200`.
    pub id: &'static str,
    /// What must hold, in at most 40 characters.
    pub title: &'static str,
    /// The check that must have passed for this one to mean anything.
    pub needs: Option<&'static str>,
    /// The section of the step's README that teaches it.
    pub read: &'static str,
}

impl Check {
    /// A row of a step's table.
    pub const fn new(
        id: &'static str,
        title: &'static str,
        needs: Option<&'static str>,
        read: &'static str,
    ) -> Check {
        Check {
            id,
            title,
            needs,
            read,
        }
    }
}

/// How a check ended.
#[derive(Debug)]
pub enum Outcome {
    Passed,
    Failed(Failure),
    /// What it needs has not passed.
    NotRun,
    /// The machine does not allow it: why, in one line, with what to do about it.
    Blocked(String),
}

/// What a learner is told about a check that failed.
#[derive(Debug)]
pub struct Failure {
    /// What was expected.
    pub expected: String,
    /// What came back: real bytes, bounded.
    pub found: String,
    /// How to see it again.
    pub how: String,
    /// The likely cause, where one can be named.
    pub perhaps: Option<String>,
}

/// What has been found out about one step so far. Scenarios that run side by side share it.
pub struct Results {
    checks: &'static [Check],
    outcomes: Mutex<BTreeMap<&'static str, Outcome>>,
}

impl Results {
    pub fn new(checks: &'static [Check]) -> Results {
        Results {
            checks,
            outcomes: Mutex::default(),
        }
    }

    /// Looks, unless the check that this one needs has not passed, and notes how it ended. Returns what `look` saw.
    ///
    /// # Panics
    /// When `id` is not in the step's list.
    pub fn check<T>(&self, id: &str, look: impl FnOnce() -> Result<T, Failure>) -> Option<T> {
        let check = self.find(id);
        if check.needs.is_some_and(|needed| !self.passed(needed)) {
            return None;
        }
        self.look(check, look)
    }

    /// [`Results::check`], but looks also where the machine did not allow the check that this one needs: it then stands on what
    /// was not looked at, and not on what is wrong.
    ///
    /// # Panics
    /// When `id` is not in the step's list.
    pub fn check_unless_failed<T>(
        &self,
        id: &str,
        look: impl FnOnce() -> Result<T, Failure>,
    ) -> Option<T> {
        let check = self.find(id);
        let stands = |needed| {
            let outcomes = self.lock();
            matches!(
                outcomes.get(needed),
                Some(Outcome::Passed | Outcome::Blocked(_))
            )
        };
        if !check.needs.is_none_or(stands) {
            return None;
        }
        self.look(check, look)
    }

    fn look<T>(
        &self,
        check: &'static Check,
        look: impl FnOnce() -> Result<T, Failure>,
    ) -> Option<T> {
        // Never while holding the lock: others look at the same time.
        let (outcome, seen) = match look() {
            Ok(seen) => (Outcome::Passed, Some(seen)),
            Err(failure) => (Outcome::Failed(failure), None),
        };
        self.lock().insert(check.id, outcome);
        seen
    }

    /// Notes that the machine does not allow it, unless the check that it needs has not passed either.
    ///
    /// # Panics
    /// When `id` is not in the step's list.
    pub fn blocked(&self, id: &str, why: &str) {
        let check = self.find(id);
        if check.needs.is_none_or(|needed| self.passed(needed)) {
            self.lock()
                .insert(check.id, Outcome::Blocked(why.to_owned()));
        }
    }

    pub fn passed(&self, id: &str) -> bool {
        matches!(self.lock().get(id), Some(Outcome::Passed))
    }

    /// Whether anything has failed so far.
    pub fn any_failed(&self) -> bool {
        let outcomes = self.lock();
        outcomes
            .values()
            .any(|outcome| matches!(outcome, Outcome::Failed(_)))
    }

    /// Every check of the step in its order, and how it ended.
    pub fn finish(self) -> Vec<(&'static Check, Outcome)> {
        let mut outcomes = self
            .outcomes
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        self.checks
            .iter()
            .map(|check| (check, outcomes.remove(check.id).unwrap_or(Outcome::NotRun)))
            .collect()
    }

    fn find(&self, id: &str) -> &'static Check {
        let check = self.checks.iter().find(|check| check.id == id);
        check.unwrap_or_else(|| panic!("the list of checks lacks {id}"))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<&'static str, Outcome>> {
        self.outcomes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
