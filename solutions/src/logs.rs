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
use env_logger::{Builder, Target, WriteStyle, fmt::Formatter};
use log::{
    Level, Record,
    kv::{self, Key, Value, VisitSource},
};
use serde::Serialize;
use serde_json::Map;
use solutions::{config, request_id};

/// What asks every few seconds whether we are well. Nobody reads those lines, and they would drown the others.
const PROBES: [&str; 3] = ["/health", "/health/db", "/metrics"];

/// Logs to stdout what `RUST_LOG` asks for (`info`), panics included.
pub fn init() {
    Builder::new()
        .parse_filters(&config::value("RUST_LOG", "info"))
        .target(Target::Stdout)
        .write_style(WriteStyle::Never)
        .format(write_event)
        .init();
    panic::set_hook(Box::new(|panic| {
        let why = panic.payload_as_str().unwrap_or("(no text)");
        let place = panic.location().map(ToString::to_string);
        log::error!(place = place.as_deref(); "panicked: {why}");
    }));
}

/// In this order, because a person reads it now and then.
#[derive(Serialize)]
struct Event<'a> {
    ts: String,
    level: &'a str,
    msg: String,
    module: &'a str,
    #[serde(flatten)]
    fields: Fields,
}

fn write_event(out: &mut Formatter, record: &Record) -> io::Result<()> {
    let mut fields = Fields::default();
    record
        .key_values()
        .visit(&mut fields)
        .map_err(io::Error::other)?;
    // Whichever request it is that somebody logs for.
    let _ = request_id::CURRENT
        .try_with(|id| fields.0.insert("request_id".to_owned(), id.as_str().into()));
    let event = Event {
        ts: out.timestamp_millis().to_string(),
        level: record.level().as_str(),
        msg: record.args().to_string(),
        module: record.module_path().unwrap_or(record.target()),
        fields,
    };
    writeln!(out, "{}", harmless(&serde_json::to_string(&event)?))
}

/// The key-values of an event, none of which may take the place of what every event has.
#[derive(Default, Serialize)]
struct Fields(Map<String, serde_json::Value>);

impl<'kvs> VisitSource<'kvs> for Fields {
    fn visit_pair(&mut self, key: Key<'kvs>, value: Value<'kvs>) -> Result<(), kv::Error> {
        let mut key = key.to_string();
        while matches!(
            key.as_str(),
            "ts" | "level" | "msg" | "module" | "request_id"
        ) || self.0.contains_key(&key)
        {
            key.push('_');
        }
        let value = serde_json::to_value(&value).unwrap_or_else(|_| value.to_string().into());
        self.0.insert(key, value);
        Ok(())
    }
}

/// JSON escapes control characters up to U+001F. Terminals also obey some from U+007F on and those that turn the
/// direction of writing, and some readers end a line at U+2028 and U+2029.
fn harmless(json: &str) -> String {
    let mut line = String::with_capacity(json.len());
    for letter in json.chars() {
        match letter {
            '\u{7f}'..='\u{9f}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}' => {
                line.push_str(&format!("\\u{:04x}", u32::from(letter)));
            }
            _ => line.push(letter),
        }
    }
    line
}

/// Writes one event per request, and puts the request's id on every event that belongs to it, and into the answer.
pub async fn access<B: MessageBody>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let started = Instant::now();
    let id = request_id::of(&req);
    let header = HeaderValue::from_str(&id)?;
    let handled = async {
        let method = req.method().to_string();
        let path = req.path().to_owned(); // without the query: it may hold a token
        let level = if PROBES.contains(&path.as_str()) {
            Level::Debug
        } else {
            Level::Info
        };
        let mut response = next.call(req).await?;
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
        response.headers_mut().insert(request_id::HEADER, header);
        Ok(response)
    };
    request_id::CURRENT.scope(id, handled).await
}
