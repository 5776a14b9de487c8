//! Methods that nobody knows.

use super::{COUNTER, MetricsProbe, counter_delta::CounterDelta, counting::curl};
use crate::{check::Failure, harness::random::random_word};

/// Not HTTP methods by any standard.
const INVENTED: [&str; 4] = ["BREW", "FOO1", "get", "X-Y"];

/// They may share a series, but none may have one of its own.
pub fn bounds_methods(probe: &MetricsProbe) -> Result<(), Failure> {
    let before = probe.scrape()?;
    for method in INVENTED {
        probe.status(method, "/health", "")?;
    }
    // They may not be counted at all, which is right too: then nothing shows that counting has finished.
    let last = random_word();
    probe.status("GET", &format!("/readings/{last}"), "")?;
    let delta = probe.delta_since(&before, |delta| {
        delta.by(&[("path", "/readings/{sensor}")]) > 0.0
    })?;
    let invented = |method: &str| {
        INVENTED
            .iter()
            .any(|word| word.eq_ignore_ascii_case(method))
    };
    let own: Vec<_> = delta
        .0
        .into_iter()
        .filter(|(sample, _)| {
            sample.label("path") != "/readings/{sensor}" && invented(sample.label("method"))
        })
        .collect();
    if own.is_empty() {
        return Ok(());
    }
    Err(Failure::new(
        format!("{} make no series of their own", INVENTED.join(", ")),
        CounterDelta(own).told(),
        probe.how_of(&curl(INVENTED[0], "/health", ""), COUNTER),
    )
    .perhaps("HTTP lets a client invent methods, and what it invents ends up in the label"))
}
