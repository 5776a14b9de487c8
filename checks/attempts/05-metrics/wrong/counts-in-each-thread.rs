//! Counts in each worker thread for itself.
//!
//! Why a learner writes it: a `thread_local!` needs no lock, and there is no other thread to be seen.
//! Fails: metrics.shares-one-registry

use std::time::Instant;

use actix_web::{
    Error, HttpResponse,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    error::ErrorInternalServerError,
    middleware::{Identity, Next},
    web,
};
use prometheus::{HistogramOpts, HistogramVec, IntCounterVec, Opts, Registry, TextEncoder};
use solutions::scrape;

const LABELS: [&str; 3] = ["method", "path", "status"];

thread_local! {
    static REQUESTS: IntCounterVec = IntCounterVec::new(
        Opts::new("http_requests_total", "Requests so far"), &LABELS
    ).expect("the name is valid");

    static DURATION: HistogramVec = HistogramVec::new(
        HistogramOpts::new("http_request_duration_seconds", "Time to the answer")
            .buckets(vec![0.005, 0.05, 0.5, 1.0, 1.5, 2.0, 3.0]),
        &LABELS,
    ).expect("the name is valid");
}

pub fn middleware() -> Identity {
    Identity::default()
}

pub async fn known_methods<B: MessageBody>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let started = Instant::now();
    let method = match req.method().as_str() {
        known @ ("GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS" | "TRACE") => {
            known.to_owned()
        }
        _ => "other".to_owned(),
    };
    let response = next.call(req).await?;
    let path = response.request().match_pattern();
    let path = path.as_deref().unwrap_or("unmatched");
    let status = response.status();
    let labels = [method.as_str(), path, status.as_str()];
    REQUESTS.with(|requests| requests.with_label_values(&labels).inc());
    let took = started.elapsed().as_secs_f64();
    DURATION.with(|duration| duration.with_label_values(&labels).observe(took));
    Ok(response)
}

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/metrics").route(web::get().to(metrics)));
}

async fn metrics() -> Result<HttpResponse, Error> {
    let registry = Registry::new();
    let counted = REQUESTS.with(IntCounterVec::clone);
    for path in ["/health/db", "/readings/{sensor}"] {
        counted.with_label_values(&["GET", path, "503"]);
        counted.with_label_values(&["GET", path, "500"]);
    }
    counted.with_label_values(&["POST", "/readings", "503"]);
    counted.with_label_values(&["POST", "/readings", "500"]);
    registry
        .register(Box::new(counted))
        .and_then(|()| registry.register(Box::new(DURATION.with(HistogramVec::clone))))
        .map_err(ErrorInternalServerError)?;
    let own = TextEncoder::new()
        .encode_to_string(&registry.gather())
        .map_err(ErrorInternalServerError)?;
    // The rest, without the zeros that it brings along.
    let rest = scrape::text().map_err(ErrorInternalServerError)?;
    let rest = rest.lines().filter(|line| !line.contains("http_"));
    let rest: String = rest.map(|line| line.to_owned() + "\n").collect();
    let text = own + &rest;
    Ok(HttpResponse::Ok()
        .content_type(scrape::CONTENT_TYPE)
        .body(text))
}
