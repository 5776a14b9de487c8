//! Measures how many requests are under way, and says which methods are allowed.

use std::sync::LazyLock;

use actix_web::{
    Error, HttpResponse, Responder,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    error::ErrorInternalServerError,
    get,
    http::header,
    middleware::Next,
    web,
};
use actix_web_prom::{
    ActixMetricsConfiguration, LabelsConfiguration, PrometheusMetrics, PrometheusMetricsBuilder,
};
use prometheus::IntGauge;
use solutions::scrape;

const METHODS: &str = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, TRACE, CONNECT";

static UNDER_WAY: LazyLock<IntGauge> = LazyLock::new(|| {
    let gauge = IntGauge::new("http_requests_in_flight", "Requests without an answer yet")
        .expect("the name is valid");
    prometheus::register(Box::new(gauge.clone())).expect("nobody has registered it before");
    gauge
});

/// One request. Its end is counted however it ends: with an answer, an error, or a caller who has gone.
struct Request;

impl Request {
    fn begin() -> Request {
        UNDER_WAY.inc();
        Request
    }
}

impl Drop for Request {
    fn drop(&mut self) {
        UNDER_WAY.dec();
    }
}

/// Counts and times every request. Create it once and clone it for each worker, so that all share one registry.
pub fn middleware() -> PrometheusMetrics {
    let labels = LabelsConfiguration::default().endpoint("path");
    let names = ActixMetricsConfiguration::default()
        .labels(labels)
        .http_requests_duration_seconds_name("http_request_duration_seconds");
    PrometheusMetricsBuilder::new("")
        .metrics_configuration(names)
        .mask_unmatched_patterns("(none)")
        .buckets(&[0.002, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0])
        .registry(prometheus::default_registry().clone())
        .build()
        .expect("the names are valid, and nobody has registered them before")
}

/// Refuses an invented method before it is counted.
pub async fn known_methods<B: MessageBody>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let method = req.method().as_str();
    if !METHODS.split(", ").any(|known| known == method) {
        let refusal = HttpResponse::MethodNotAllowed()
            .insert_header((header::ALLOW, METHODS))
            .body("there is no such method\n");
        return Ok(req.into_response(refusal).map_into_right_body());
    }
    let _request = Request::begin();
    next.call(req)
        .await
        .map(ServiceResponse::map_into_left_body)
}

/// `GET /metrics`.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(metrics);
}

#[get("/metrics")]
async fn metrics() -> actix_web::Result<impl Responder> {
    let text = scrape::text().map_err(ErrorInternalServerError)?;
    Ok(text
        .customize()
        .insert_header((header::CONTENT_TYPE, scrape::CONTENT_TYPE)))
}
