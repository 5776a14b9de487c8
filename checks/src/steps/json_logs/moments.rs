//! When each event was: `ts`.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{
    event::Event,
    requests::Logged,
    row,
    service::{RunningService, curl},
};
use crate::{
    check::Failure,
    harness::{poll, text::varying},
};

/// The tolerance between two clocks of one machine, one of which is rounded, and the other perhaps read from a coarse one.
const SLACK: SignedDuration = SignedDuration::from_millis(20);

/// The milliseconds of a second that begin with a zero, with time left for an answer on a busy machine.
const BEGIN_WITH_ZERO: std::ops::Range<i32> = 1..50;

/// How long one of them may take to be met, and the polling interval.
const LIMIT: Duration = Duration::from_secs(3);
const PACE: Duration = Duration::from_millis(1);

/// Checks the event about the start of a program that was started after `before`, and those about requests that have one.
pub fn check_all(
    service: &RunningService,
    start: &Event,
    before: Timestamp,
    logged: Option<&[Logged]>,
) {
    service.context.results.check(row::SAYS_WHEN, || {
        let failed = |perhaps: &str| {
            let expected = r#"ts: the present, like "2026-11-23T18:05:20.334Z""#.to_owned();
            service.failure("", expected, start.to_string(), perhaps)
        };
        let time = read(start).map_err(failed)?;
        if is_short(start) {
            return keeps_its_zeros(service);
        }
        if time < before - SLACK || time > Timestamp::now() + SLACK {
            return Err(failed(
                "this is not the present: is it local time with a Z behind it?",
            ));
        }
        let seen = Timestamp::now();
        let logged = logged.unwrap_or_default();
        // The last of the plain ones first: a time that is kept for each thread may be right as often as there are threads.
        let is_plain = |it: &&Logged| it.sent.method == "GET" && it.sent.difference.is_none();
        let plain = logged.iter().filter(is_plain);
        let mut in_order = plain.rev().chain(logged);
        in_order.try_for_each(|it| is_of_its_request(service, it, seen))?;
        keeps_its_zeros(service)
    });
}

/// The time, or what is wrong with how it is written.
fn read(event: &Event) -> Result<Timestamp, &'static str> {
    let ts = match event.field("ts") {
        Value::String(ts) => ts.as_str(),
        Value::Null => return Err("there is no field \"ts\""),
        _ => return Err("ts is no text: RFC 3339 is what people and machines both read"),
    };
    let digits = digits(ts);
    let Ok(time) = ts.parse::<Timestamp>() else {
        return Err("this is not RFC 3339: the offset from UTC is missing, or else the T");
    };
    if !(ts.ends_with('Z') || ts.ends_with("+00:00")) {
        return Err("this is not UTC: lines of several machines could not be put in order");
    }
    if digits == 0 {
        return Err("a second is too coarse to say what came first: milliseconds, three digits");
    }
    if digits > 3 {
        return Err("finer than milliseconds: three digits are enough to say what came first");
    }
    Ok(time)
}

/// How many digits of a second there are behind the point.
fn digits(ts: &str) -> usize {
    let behind = ts.split_once('.').map_or("", |(_, behind)| behind);
    behind.bytes().take_while(u8::is_ascii_digit).count()
}

/// Whether zeros are left out, so that it means another time.
fn is_short(event: &Event) -> bool {
    (1..3).contains(&digits(event.text("ts")))
}

/// Between the moment when the request was sent and the one when its event was seen.
fn is_of_its_request(
    service: &RunningService,
    it: &Logged,
    seen: Timestamp,
) -> Result<(), Failure> {
    let began = it.sent.began;
    let failed = |perhaps: &str| {
        let expected = format!(
            "ts: the moment when this was logged, after {}",
            varying("time", began.strftime("%H:%M:%S%.3fZ"))
        );
        Err(it.failure(service, expected, perhaps))
    };
    match read(&it.event) {
        // Whether there is such a one is chance: the last look meets one for certain.
        _ if is_short(&it.event) => Ok(()),
        Err(why) => failed(why),
        Ok(time) if time < began - SLACK => {
            failed("the clock was asked earlier, and the answer kept: ask it again for each event")
        }
        Ok(time) if time > seen + SLACK => failed("this is the future"),
        Ok(_) => Ok(()),
    }
}

/// An event that a handler logs in the first tenth of a second.
fn keeps_its_zeros(service: &RunningService) -> Result<(), Failure> {
    const TARGET: &str = "/drill/reset";
    const SAID: &str = "all is well again";
    let mut met = Ok(());
    poll::is_done(LIMIT, PACE, || {
        if !BEGIN_WITH_ZERO.contains(&Timestamp::now().subsec_millisecond()) {
            return false;
        }
        let first = service.program.log.count();
        if let Err(failure) = service.ask("POST", TARGET, &[], "") {
            met = Err(failure);
            return true;
        }
        // That what a handler logs is there is the concern of other checks.
        let Some(event) = service.wait_from(first, |event| event.holds(SAID)) else {
            return true;
        };
        let time = read(&event);
        let short = "milliseconds are three digits: 7 ms are .007, and .7 is 700 ms";
        let wrong = is_short(&event).then_some(short).or(time.err());
        if let Some(why) = wrong {
            met = Err(service.failure(
                &curl("POST", TARGET, ""),
                "ts: milliseconds as three digits, like .007".to_owned(),
                event.to_string(),
                why,
            ));
        }
        wrong.is_some() || time.is_ok_and(|time| time.subsec_millisecond() < 100)
    });
    met
}
