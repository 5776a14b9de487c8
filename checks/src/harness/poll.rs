//! Polling with a time limit.

use std::{
    thread,
    time::{Duration, Instant},
};

/// The first `Some` that `look` returns. It is called at once and then every `pace`, at most for `limit`.
pub fn until<T>(limit: Duration, pace: Duration, mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let give_up = Instant::now() + limit;
    loop {
        let found = look();
        if found.is_some() || Instant::now() >= give_up {
            return found;
        }
        thread::sleep(pace);
    }
}

/// The first value of `look` that is `enough`, or else the last one within `limit`.
///
/// # Errors
/// The first error of `look`.
pub fn latest<T, E>(
    limit: Duration,
    pace: Duration,
    mut look: impl FnMut() -> Result<T, E>,
    enough: impl Fn(&T) -> bool,
) -> Result<T, E> {
    let give_up = Instant::now() + limit;
    loop {
        let found = look()?;
        if enough(&found) || Instant::now() >= give_up {
            return Ok(found);
        }
        thread::sleep(pace);
    }
}

/// Whether `done` returns true, at once or within `limit`.
pub fn is_done(limit: Duration, pace: Duration, mut done: impl FnMut() -> bool) -> bool {
    until(limit, pace, || done().then_some(())).is_some()
}

/// The first success of two: for what a busy machine may spoil. What is a program's own fault happens to the next one, too.
///
/// # Errors
/// The second error.
pub fn retried<T, E>(attempt: impl Fn() -> Result<T, E>) -> Result<T, E> {
    attempt().or_else(|_| attempt())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACE: Duration = Duration::from_millis(1);
    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn it_ends_with_what_it_waits_for_and_otherwise_with_the_time() {
        let mut asked = 0;
        let mut count = || {
            asked += 1;
            asked
        };
        assert!(is_done(LONG, PACE, || count() == 3));
        assert_eq!(until(Duration::ZERO, PACE, || Some(count())), Some(4));
        assert!(!is_done(PACE, PACE, || false));
        let same = |look: Result<u8, u8>| latest(PACE, PACE, || look, |_| false);
        assert_eq!((same(Ok(1)), same(Err(2))), (Ok(1), Err(2)));
    }
}
