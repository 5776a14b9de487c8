//! After all that strangers have sent, and all that was answered.

use super::super::{COUNTER, MetricsProbe, counter_delta::CounterDelta, counting::curl};
use crate::{check::Failure, harness::random::random_word};

/// Usual requests that nobody has sent before still have series of their own: what is sent again and again, and what may be sent,
/// are two different bounds.
pub fn each_has_its_own(probe: &MetricsProbe) -> Result<(), Failure> {
    const OF_ONE: &str = "/readings/{sensor}";
    let sensor = random_word();
    let of_sensor = format!("/readings/{sensor}");
    let reading = format!(r#"{{"sensor":"{sensor}","value":1.5}}"#);
    // A HEAD that was given a length waits for a body.
    let every = "for method in GET HEAD POST PUT PATCH DELETE OPTIONS TRACE BREW; do for path in health health/db readings readings/here metrics $RANDOM; do curl -s -m 1 -o /dev/null -X $method http://127.0.0.1:8000/$path; done; done";
    let mut sent = vec![every.to_owned()];
    for (method, path, route, body) in [
        ("POST", "/readings", "/readings", reading.as_str()),
        ("GET", of_sensor.as_str(), OF_ONE, ""),
    ] {
        sent.push(curl(method, path, body));
        let before = probe.scrape()?;
        let status = probe.status(method, path, body)?.to_string();
        let labels = [("method", method), ("path", route), ("status", &status)];
        let moved = |delta: &CounterDelta| delta.by(&labels) > 0.0;
        let delta = probe.delta_since(&before, moved)?;
        if moved(&delta) {
            continue;
        }
        return Err(Failure::new(
            format!("{method} {route} moves its own series, also after all other methods and routes"),
            delta.told(),
            probe.how_of(&sent.join("\n"), COUNTER),
        )
        .perhaps("there is a limit for the series, and what comes after it is all one: the error of tomorrow, too"));
    }
    Ok(())
}
