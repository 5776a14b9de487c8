//! Is a logger of its own, and takes only the filter from env_logger.

use std::{
    io::{self, Write},
    panic,
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

/// Decides by env_logger's rules, and writes by ours.
struct JsonLines {
    filter: env_logger::Logger,
}

impl Log for JsonLines {
    fn enabled(&self, metadata: &Metadata) -> bool {
        self.filter.enabled(metadata)
    }

    fn log(&self, record: &Record) {
        if self.filter.matches(record) {
            let line = line(record);
            // If nobody reads our log, there is nobody to tell.
            let _ = io::stdout().lock().write_all(line.as_bytes());
        }
    }

    fn flush(&self) {
        let _ = io::stdout().flush();
    }
}

/// Logs to stdout at the level that `RUST_LOG` asks for (`info`), panics included.
pub fn init() {
    let filter = env_logger::Builder::new()
        .parse_filters(&config::value("RUST_LOG", "info"))
        .filter_module("actix_http::h1", LevelFilter::Off)
        .build();
    log::set_max_level(filter.filter());
    log::set_boxed_logger(Box::new(JsonLines { filter })).expect("this is the first logger");
    panic::set_hook(Box::new(|panic| {
        let text = panic.payload_as_str().unwrap_or("no text");
        match panic.location() {
            Some(place) => log::error!(place:%; "panicked: {text}"),
            None => log::error!("panicked: {text}"),
        }
    }));
}

fn line(record: &Record) -> String {
    let taken = ["ts", "level", "msg", "module", "request_id"];
    let mut fields = event::fields(record, &taken);
    let mut set = |name: &str, value: String| {
        fields.insert(name.to_owned(), Value::String(value));
    };
    set("ts", now());
    set("level", record.level().to_string());
    set("msg", record.args().to_string());
    let module = record.module_path().unwrap_or_else(|| record.target());
    set("module", module.to_owned());
    if let Ok(id) = request_id::CURRENT.try_with(String::clone) {
        set("request_id", id);
    }
    let mut line = event::harmless(&Value::Object(fields).to_string());
    line.push('\n');
    line
}

/// The time in UTC, by the calendar that counts its years from March.
fn now() -> String {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let (days, second) = (since.as_secs() / 86_400, since.as_secs() % 86_400);
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + u64::from(month <= 2);
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.{:03}Z",
        second / 3_600,
        second / 60 % 60,
        second % 60,
        since.subsec_millis()
    )
}

/// Writes one event per request, and puts the request's id on every event that belongs to it, and into the answer.
pub async fn access<B: MessageBody>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let started = Instant::now();
    let id = request_id::of(&req);
    let header = HeaderValue::from_str(&id)?;
    let method = req.method().clone();
    let path = req.uri().path().to_owned();
    let handled = async move {
        let mut response = next.call(req).await?;
        response.headers_mut().insert(request_id::HEADER, header);
        let duration_ms = started.elapsed().as_secs_f64() * 1000.0;
        let status = response.status().as_u16();
        let route = response.request().match_pattern();
        let route = route.as_deref().unwrap_or("none");
        let bytes = match response.response().body().size() {
            BodySize::Sized(bytes) => bytes,
            BodySize::None | BodySize::Stream => 0,
        };
        let level = match path.as_str() {
            "/health" | "/health/db" | "/metrics" => Level::Debug,
            _ => Level::Info,
        };
        let method = method.as_str();
        log::log!(level, method, path, route, status, bytes, duration_ms; "answered");
        Ok::<_, Error>(response)
    };
    request_id::CURRENT.scope(id, handled).await
}
