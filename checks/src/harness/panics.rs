//! Panics of a library that are no news to a learner.

use std::{
    cell::Cell,
    panic::{self, UnwindSafe},
    sync::Once,
};

thread_local! {
    static EXPECTED: Cell<bool> = const { Cell::new(false) };
}

/// What `work` returns, or nothing if it panics. Such a panic leaves no line on stderr; every other one is printed as ever.
pub fn quietly<T>(work: impl FnOnce() -> T + UnwindSafe) -> Option<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let print = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !EXPECTED.get() {
                print(info);
            }
        }));
    });
    let outer = EXPECTED.replace(true);
    let result = panic::catch_unwind(work);
    EXPECTED.set(outer);
    result.ok()
}

#[cfg(test)]
mod tests {
    use super::{EXPECTED, quietly};

    #[test]
    fn a_panic_is_nothing_and_the_next_one_is_news_again() {
        assert_eq!(quietly(|| 1), Some(1));
        let inner = || -> u8 { panic!("not printed") };
        assert_eq!(
            quietly(|| quietly(inner).or(EXPECTED.get().then_some(2))),
            Some(Some(2))
        );
        assert!(!EXPECTED.get());
    }
}
