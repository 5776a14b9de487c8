//! Metrics: how many, how fast, how many failed; at `GET /metrics`, for Prometheus to read.

use actix_web::{
    Error, HttpResponse,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    error::ErrorInternalServerError,
    http::Method,
    middleware::Next,
    web,
};
use actix_web_prom::{
    ActixMetricsConfiguration, LabelsConfiguration, PrometheusMetrics, PrometheusMetricsBuilder,
};
use solutions::scrape;

/// In seconds. A probe takes less than 1 ms and a reading some; the database is given up after 1 s, and a caller is promised an
/// answer within 2 s. No more than that, because each one is a series for every route, method and status.
const BUCKETS: [f64; 11] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0,
];

/// The methods that are counted. HTTP lets callers invent others, and each would be a series for ever.
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

/// Counts and times every request. Create it once and clone it for each worker, so that all share one registry.
pub fn middleware() -> PrometheusMetrics {
    PrometheusMetricsBuilder::new("")
        // The default registry also has the process metrics.
        .registry(prometheus::default_registry().clone())
        .buckets(&BUCKETS)
        // All paths that no route matches are one series: strangers try a lot of them.
        .mask_unmatched_patterns("unmatched")
        .metrics_configuration(
            ActixMetricsConfiguration::default()
                .http_requests_duration_seconds_name("http_request_duration_seconds")
                .labels(LabelsConfiguration::default().endpoint("path")),
        )
        .build()
        .expect("the names are valid, and nobody has registered them before")
}

/// Refuses an invented method before it is counted.
pub async fn known_methods<B: MessageBody>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    if METHODS.contains(req.method()) {
        return Ok(next.call(req).await?.map_into_left_body());
    }
    let answer = HttpResponse::MethodNotAllowed().finish();
    Ok(req.into_response(answer).map_into_right_body())
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
