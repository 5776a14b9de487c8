//! Writes the fields one after the other, straight to stdout.
//!
//! Why a learner writes it: Why put together a `String` first that is written anyway? Between two pieces another thread may write.
//! Fails: json-logs.stands-the-flood

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
use solutions::{config, event, request_id};

const PROBES: [&str; 3] = ["/health", "/health/db", "/metrics"];

const TAKEN: [&str; 5] = ["ts", "level", "msg", "module", "request_id"];

pub fn init() {
    Builder::new()
        .parse_filters(&config::value("RUST_LOG", "info"))
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
    let mut fields = event::fields(record, &TAKEN);
    fields.insert("level".into(), record.level().as_str().into());
    fields.insert("msg".into(), record.args().to_string().into());
    let module = record.module_path().unwrap_or(record.target());
    fields.insert("module".into(), module.into());
    if let Ok(id) = request_id::CURRENT.try_with(String::clone) {
        fields.insert("request_id".into(), id.into());
    }
    let mut stdout = io::stdout();
    write!(stdout, r#"{{"ts":"{}""#, out.timestamp_millis())?;
    for (name, value) in fields {
        let value = event::harmless(&value.to_string());
        write!(stdout, r#","{name}":{value}"#)?;
    }
    writeln!(stdout, "}}")
}

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
    let path = req.path().to_owned();
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
            BodySize::Stream => None,
        };
        "request"
    );
    Ok(response)
}
