//! Serialize by hand, other orders, and the event only where it is enabled.
//!
//! Right because: The same facts, in another order and other words.

use std::{
    io::{self, Write},
    panic::{self, PanicHookInfo},
    time::{Duration, Instant},
};

use actix_web::{
    Error,
    body::{BodySize, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::header::HeaderValue,
    middleware::Next,
};
use env_logger::{Builder, Target, fmt::Formatter};
use log::{Level, LevelFilter, Record};
use serde::{Serialize, Serializer, ser::SerializeMap};
use solutions::{config, event, request_id};

/// Logs what `RUST_LOG` asks for (`info`), panics included.
pub fn init() {
    let mut builder = Builder::new();
    builder
        .format(write_line)
        .target(Target::Stdout)
        .parse_filters(&config::value("RUST_LOG", "info"))
        .filter_module("actix_http::h1", LevelFilter::Off);
    builder.init();
    panic::set_hook(Box::new(log_panic));
}

fn log_panic(info: &PanicHookInfo) {
    let text = info.payload_as_str().unwrap_or("no text");
    match info.location() {
        Some(place) => log::error!(place:%; "panic at {place}: {text}"),
        None => log::error!("panic: {text}"),
    }
}

fn write_line(out: &mut Formatter, record: &Record) -> io::Result<()> {
    let line = Line {
        time: out.timestamp_millis().to_string(),
        id: request_id::CURRENT.try_with(String::clone).ok(),
        record,
    };
    let line = serde_json::to_string(&line)?;
    writeln!(out, "{}", event::harmless(&line))
}

struct Line<'a, 'r> {
    time: String,
    id: Option<String>,
    record: &'a Record<'r>,
}

impl Serialize for Line<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let names = ["level", "ts", "request_id", "module", "msg"];
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("level", self.record.level().as_str())?;
        map.serialize_entry("ts", &self.time)?;
        if let Some(id) = &self.id {
            map.serialize_entry("request_id", id)?;
        }
        let module = self.record.module_path().unwrap_or("unknown");
        map.serialize_entry("module", module)?;
        map.serialize_entry("msg", &self.record.args().to_string())?;
        for (name, value) in &event::fields(self.record, &names) {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// One event per request, and the request's id on all its events and in its response.
pub async fn access<B: MessageBody>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let started = Instant::now();
    let id = request_id::of(&req);
    let method = req.method().to_string();
    let path = String::from(req.path());
    let mut response = request_id::CURRENT
        .scope(id.clone(), next.call(req))
        .await?;
    request_id::CURRENT.sync_scope(id.clone(), || {
        report(&method, &path, &response, started.elapsed());
    });
    let headers = response.headers_mut();
    headers.insert(request_id::HEADER, HeaderValue::from_str(&id)?);
    Ok(response)
}

fn report<B: MessageBody>(method: &str, path: &str, response: &ServiceResponse<B>, took: Duration) {
    let level = match path {
        "/health" | "/health/db" | "/metrics" => Level::Debug,
        _ => Level::Info,
    };
    if !log::log_enabled!(level) {
        return;
    }
    let pattern = response.request().match_pattern();
    let route = pattern.as_deref().unwrap_or("no-route");
    let status = response.status().as_u16();
    // No handler of ours streams: a length is always known.
    let bytes = match response.response().body().size() {
        BodySize::Sized(bytes) => bytes,
        BodySize::None | BodySize::Stream => 0,
    };
    let duration_ms = took.as_micros() as f64 / 1000.0;
    log::log!(level, route, status, bytes, duration_ms, method, path; "{method} {route} was answered with {status}");
}
