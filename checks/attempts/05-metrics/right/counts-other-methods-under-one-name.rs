//! Counts all invented methods under one name, and refuses none.
//!
//! Right because: The lesson allows it, and they are one series.

use actix_web::{
    Error, HttpResponse,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{Method, header::CONTENT_TYPE},
    middleware::Next,
    web,
};
use actix_web_prom::{
    ActixMetricsConfiguration, LabelsConfiguration, PrometheusMetrics, PrometheusMetricsBuilder,
};
use solutions::scrape;

/// The name under which OpenTelemetry counts them.
const OTHER: &str = "_OTHER";

/// What the standards define.
const STANDARD: [&str; 9] = [
    "CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE",
];

/// Counts and times every request.
pub fn middleware() -> PrometheusMetrics {
    let mut bounds = vec![0.001]; // a probe
    bounds.extend([0.002, 0.004, 0.008, 0.016, 0.064, 0.256, 0.512]);
    bounds.push(1.0); // the time that the database gets
    bounds.push(1.5);
    bounds.push(2.0); // what callers are promised

    let labels = LabelsConfiguration::default().endpoint("path");
    let names = ActixMetricsConfiguration::default()
        .labels(labels)
        .http_requests_duration_seconds_name("http_request_duration_seconds");
    let built = PrometheusMetricsBuilder::new("")
        .metrics_configuration(names)
        .mask_unmatched_patterns("none")
        .buckets(&bounds)
        .registry(prometheus::default_registry().clone())
        .build();
    match built {
        Ok(middleware) => middleware,
        Err(error) => panic!("the metrics cannot be made: {error}"),
    }
}

/// Gives all invented methods one name.
pub async fn known_methods<B: MessageBody>(
    mut req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    if !STANDARD.contains(&req.method().as_str()) {
        req.head_mut().method = Method::from_bytes(OTHER.as_bytes()).expect("it is a token");
    }
    let response = next.call(req).await?;
    Ok(response.map_into_left_body())
}

/// `GET /metrics`.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/metrics").route(web::get().to(metrics)));
}

async fn metrics() -> HttpResponse {
    match scrape::text() {
        Ok(text) => HttpResponse::Ok()
            .insert_header((CONTENT_TYPE, scrape::CONTENT_TYPE))
            .body(text),
        Err(error) => {
            log::error!("the metrics cannot be written: {error}");
            HttpResponse::InternalServerError().finish()
        }
    }
}
