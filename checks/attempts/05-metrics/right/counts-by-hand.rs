//! Counts by hand in known_methods, and invented methods under one name.
//!
//! Right because: each request is counted once, and what strangers invent makes one series.

use std::{sync::LazyLock, time::Instant};

use actix_web::{
    Error, HttpResponse,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    error::ErrorInternalServerError,
    http::StatusCode,
    middleware::{Identity, Next},
    web,
};
use prometheus::{HistogramOpts, HistogramVec, IntCounterVec, Opts};
use solutions::scrape;

const LABELS: [&str; 3] = ["method", "path", "status"];

/// In seconds. 1 and 2 are what this service promises.
const BOUNDS: [f64; 9] = [0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0];

const METHODS: [&str; 9] = [
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT",
];

// One for the whole process, however many workers there are.
static COUNT: LazyLock<IntCounterVec> = LazyLock::new(|| {
    let opts = Opts::new("http_requests_total", "Total number of HTTP requests");
    let count = IntCounterVec::new(opts, &LABELS).expect("the names are valid");
    prometheus::register(Box::new(count.clone())).expect("nobody has registered it before");
    count
});

static TIME: LazyLock<HistogramVec> = LazyLock::new(|| {
    let opts = HistogramOpts::new(
        "http_request_duration_seconds",
        "How long the answer to a request took",
    )
    .buckets(BOUNDS.to_vec());
    let time = HistogramVec::new(opts, &LABELS).expect("the names are valid");
    prometheus::register(Box::new(time.clone())).expect("nobody has registered it before");
    time
});

/// Registers the metrics, before a worker starts. The counting itself is done in `known_methods`.
pub fn middleware() -> Identity {
    LazyLock::force(&COUNT);
    LazyLock::force(&TIME);
    Identity::default()
}

/// Counts and times every request. One with an invented method is answered here, and counted as `_OTHER`.
pub async fn known_methods<B: MessageBody>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let started = Instant::now();
    let Some(method) = known(req.method().as_str()) else {
        let answer = HttpResponse::MethodNotAllowed().finish();
        record("_OTHER", "unmatched", answer.status(), started);
        return Ok(req.into_response(answer).map_into_right_body());
    };
    match next.call(req).await {
        Ok(response) => {
            let pattern = response.request().match_pattern();
            let path = pattern.as_deref().unwrap_or("unmatched");
            record(method, path, response.status(), started);
            Ok(response.map_into_left_body())
        }
        Err(error) => {
            record(method, "unmatched", error.error_response().status(), started);
            Err(error)
        }
    }
}

fn known(method: &str) -> Option<&'static str> {
    METHODS.iter().copied().find(|known| *known == method)
}

fn record(method: &str, path: &str, status: StatusCode, started: Instant) {
    let labels = [method, path, status.as_str()];
    TIME.with_label_values(&labels)
        .observe(started.elapsed().as_secs_f64());
    COUNT.with_label_values(&labels).inc();
}

/// `GET /metrics`.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/metrics").route(web::get().to(metrics)));
}

async fn metrics() -> Result<HttpResponse, Error> {
    let text = scrape::text().map_err(ErrorInternalServerError)?;
    Ok(HttpResponse::Ok()
        .content_type(scrape::CONTENT_TYPE)
        .body(text))
}
