//! Requests that fail.

use super::super::metrics::{BEGIN, Metrics};

/// Whether a minute is among the first of the trouble.
pub fn in_first(minutes: usize) -> impl Fn(usize) -> bool {
    move |minute| (BEGIN..BEGIN + minutes).contains(&minute)
}

/// In the first minutes, each instance answers so many of a thousand requests for readings with `status`.
pub fn each_fails(metrics: &mut Metrics, status: &'static str, of_thousand: f64, minutes: usize) {
    for instance in &mut metrics.app {
        instance.fail(status, of_thousand, in_first(minutes));
    }
}
