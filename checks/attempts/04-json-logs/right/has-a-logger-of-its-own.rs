//! A logger of its own; env_logger only filters.
//!
//! Right because: each event is one line with all that the lesson asks for.

use std::{
    io::{self, Write},
    panic::{self, PanicHookInfo},
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use actix_web::{
    Error,
    body::{BodySize, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::header::HeaderValue,
    middleware::Next,
};
use log::{Level, LevelFilter, Log, Metadata, Record};
use serde_json::Value;
use solutions::{config, event, request_id};

/// The names that are ours.
const OURS: [&str; 5] = ["level", "module", "msg", "request_id", "ts"];

struct Lines {
    /// Never writes: it is asked what RUST_LOG lets through.
    filter: env_logger::Logger,
}

impl Log for Lines {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        self.filter.enabled(metadata)
    }

    fn log(&self, record: &Record<'_>) {
        if !self.filter.matches(record) {
            return;
        }
        let mut line = event::harmless(&object(record).to_string());
        line.push('\n');
        // Locked for the whole line. If nobody reads it any more, the service goes on.
        let mut out = io::stdout().lock();
        let _ = out.write_all(line.as_bytes());
        let _ = out.flush();
    }

    fn flush(&self) {
        let _ = io::stdout().flush();
    }
}

fn object(record: &Record<'_>) -> Value {
    let mut object = event::fields(record, &OURS);
    let mut put = |name: &str, text: String| {
        object.insert(name.to_owned(), Value::String(text));
    };
    put("level", record.level().to_string());
    put(
        "module",
        record.module_path().unwrap_or("unknown").to_owned(),
    );
    put("msg", record.args().to_string());
    put("ts", utc(SystemTime::now()));
    if let Ok(id) = request_id::CURRENT.try_with(String::clone) {
        put("request_id", id);
    }
    Value::Object(object)
}

/// RFC 3339, in UTC, with milliseconds.
fn utc(time: SystemTime) -> String {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    let second = since.as_secs() % 86_400;
    // Days since 1 March of the year 0, in eras of 400 years: a leap day is the last day of its year.
    let days = since.as_secs() / 86_400 + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = match from_march {
        0..=9 => from_march + 3,
        _ => from_march - 9,
    };
    let year = 400 * era + year + u64::from(month <= 2);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    let milli = since.subsec_millis();
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
}

/// Logs to stdout what `RUST_LOG` asks for (`info`), panics included.
pub fn init() {
    let filter = env_logger::Builder::new()
        .parse_filters(&config::value("RUST_LOG", "info"))
        // What is not HTTP is the caller's fault.
        .filter_module("actix_http::h1", LevelFilter::Off)
        .build();
    let most = filter.filter();
    log::set_boxed_logger(Box::new(Lines { filter })).expect("there is no other logger yet");
    log::set_max_level(most);
    panic::set_hook(Box::new(panicked));
}

fn panicked(info: &PanicHookInfo<'_>) {
    let text = info.payload_as_str().unwrap_or("a value that is no text");
    let place = info
        .location()
        .map_or_else(|| "unknown".to_owned(), ToString::to_string);
    log::error!(place = place.as_str(); "panic: {text}");
}

/// One event for each request, and its id on everything that belongs to it.
pub async fn access<B: MessageBody>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let id = request_id::of(&req);
    let handled = request_id::CURRENT.scope(id.clone(), async move {
        let started = Instant::now();
        let method = req.method().as_str().to_owned();
        let path = req.path().to_owned();
        let response = next.call(req).await?;
        let level = match path.as_str() {
            "/health" | "/health/db" | "/metrics" => Level::Debug,
            _ => Level::Info,
        };
        let status = response.status().as_u16();
        let route = response.request().match_pattern();
        let bytes = match response.response().body().size() {
            BodySize::Sized(bytes) => bytes,
            BodySize::None | BodySize::Stream => 0,
        };
        log::log!(
            level,
            method = method.as_str(),
            path = path.as_str(),
            route = route.as_deref().unwrap_or("nowhere"),
            status,
            bytes,
            duration_ms = started.elapsed().as_secs_f64() * 1000.0;
            "answered {status}"
        );
        Ok::<ServiceResponse<B>, Error>(response)
    });
    let mut response = handled.await?;
    let id = HeaderValue::from_str(&id)?;
    response.headers_mut().insert(request_id::HEADER, id);
    Ok(response)
}
