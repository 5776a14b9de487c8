//! Takes at most two seconds for the duration of a request.
//!
//! Why a learner writes it: one outlier spoils the average. What took longer counts as in time, and the promise seems to be kept.
//! Fails: metrics.measures-seconds

use std::{sync::LazyLock, time::Instant};

use actix_web::{
    Error, HttpResponse,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    error::ErrorInternalServerError,
    http::Method,
    middleware::{Identity, Next},
    web,
};
use prometheus::{
    HistogramVec, IntCounterVec, histogram_opts, register_histogram_vec, register_int_counter_vec,
};
use solutions::scrape;

const LABELS: &[&str] = &["method", "path", "status"];

const METHODS: [Method; 9] = [
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
    Method::OPTIONS,
    Method::TRACE,
    Method::CONNECT,
];

static REQUESTS: LazyLock<IntCounterVec> = LazyLock::new(|| {
    register_int_counter_vec!(
        "http_requests_total",
        "Total number of HTTP requests",
        LABELS
    )
    .expect("the name is valid and new")
});

static DURATIONS: LazyLock<HistogramVec> = LazyLock::new(|| {
    let buckets = vec![
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0,
    ];
    register_histogram_vec!(
        histogram_opts!(
            "http_request_duration_seconds",
            "How long a request took, in seconds",
            buckets
        ),
        LABELS
    )
    .expect("the name is valid and new")
});

/// Nothing: `known_methods` counts.
pub fn middleware() -> Identity {
    LazyLock::force(&REQUESTS);
    LazyLock::force(&DURATIONS);
    Identity::default()
}

pub async fn known_methods<B: MessageBody>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    if !METHODS.contains(req.method()) {
        let answer = HttpResponse::MethodNotAllowed().finish();
        return Ok(req.into_response(answer).map_into_right_body());
    }
    let clock = Instant::now();
    let method = req.method().clone();
    let answer = next.call(req).await?;
    let pattern = answer.request().match_pattern();
    let path = pattern.as_deref().unwrap_or("unmatched");
    let status = answer.status();
    let labels = [method.as_str(), path, status.as_str()];
    DURATIONS
        .with_label_values(&labels)
        .observe(clock.elapsed().as_secs_f64().min(2.0));
    REQUESTS.with_label_values(&labels).inc();
    Ok(answer.map_into_left_body())
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
