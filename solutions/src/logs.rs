//! Logs: one event, one line, one JSON object.

use std::{
    io::{self, Write},
    panic,
    time::Instant,
};

use actix_web::{
    Error,
    body::{BodySize, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::header::HeaderValue,
    middleware::Next,
};
use env_logger::{Builder, Target, fmt::Formatter};
use log::{Level, Record};
use serde::Serialize;
use solutions::{config, event, request_id};

/// The paths that are probed every few seconds. Nobody reads these lines, and they would drown the others.
const PROBES: [&str; 3] = ["/health", "/health/db", "/metrics"];

/// The fields of a line, in the order in which a person reads them.
#[derive(Serialize)]
struct Event<'a> {
    ts: String,
    level: &'a str,
    msg: String,
    module: &'a str,
    #[serde(flatten)]
    fields: event::Fields,
    /// The request that was being handled when this was logged.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
}

/// The names that no key-value of an event may take.
const TAKEN: [&str; 5] = ["ts", "level", "msg", "module", "request_id"];

/// Logs to stdout at the level that `RUST_LOG` asks for (`info`), panics included.
pub fn init() {
    Builder::new()
        .parse_filters(&config::value("RUST_LOG", "info"))
        // What is not HTTP. It is the caller's fault, and anybody could fill the log with errors.
        .filter_module("actix_http::h1", log::LevelFilter::Off)
        .target(Target::Stdout)
        .format(write_event)
        .init();
    panic::set_hook(Box::new(|panic| {
        let why = panic.payload_as_str().unwrap_or("(no text)");
        let place = panic.location().map(ToString::to_string);
        log::error!(place = place.as_deref(); "panicked: {why}");
    }));
}

fn write_event(out: &mut Formatter, record: &Record) -> io::Result<()> {
    let event = Event {
        ts: out.timestamp_millis().to_string(),
        level: record.level().as_str(),
        msg: record.args().to_string(),
        module: record.module_path().unwrap_or(record.target()),
        fields: event::fields(record, &TAKEN),
        request_id: request_id::CURRENT.try_with(String::clone).ok(),
    };
    writeln!(out, "{}", event::harmless(&serde_json::to_string(&event)?))
}

/// Writes one event per request, and puts the request's id on every event that belongs to it, and into the answer.
pub async fn access<B: MessageBody>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let id = request_id::of(&req);
    let header = HeaderValue::from_str(&id)?;
    let mut response = request_id::CURRENT.scope(id, logged(req, next)).await?;
    response.headers_mut().insert(request_id::HEADER, header);
    Ok(response)
}

async fn logged<B: MessageBody>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let started = Instant::now();
    let method = req.method().to_string();
    let path = req.path().to_owned(); // without the query: it may hold a token
    let level = match PROBES.contains(&path.as_str()) {
        true => Level::Debug,
        false => Level::Info,
    };
    let response = next.call(req).await?;
    log::log!(
        level,
        method,
        path,
        route = response.request().match_pattern().as_deref().unwrap_or("unmatched"),
        status = response.status().as_u16(),
        duration_ms = started.elapsed().as_micros() as f64 / 1000.0,
        bytes = match response.response().body().size() {
            BodySize::None => Some(0),
            BodySize::Sized(bytes) => Some(bytes),
            BodySize::Stream => None, // not known before it has ended
        };
        "request"
    );
    Ok(response)
}
