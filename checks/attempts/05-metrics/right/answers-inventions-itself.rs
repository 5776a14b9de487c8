//! One static middleware that is cloned; an invented method gets 501 with a JSON body.
//!
//! Right because: All workers share its registry, and what is refused is no series.

use std::{collections::BTreeSet, sync::LazyLock};

use actix_web::{
    Error, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    error::InternalError,
    http::StatusCode,
    middleware::Next,
    web::{self, Bytes},
};
use actix_web_prom::{
    ActixMetricsConfiguration, LabelsConfiguration, PrometheusMetrics, PrometheusMetricsBuilder,
};
use serde_json::json;
use solutions::scrape;

/// Every method that HTTP itself and PATCH's RFC define.
static KNOWN: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
    "CONNECT DELETE GET HEAD OPTIONS PATCH POST PUT TRACE"
        .split(' ')
        .collect()
});

static METRICS: LazyLock<PrometheusMetrics> = LazyLock::new(|| {
    let configuration = ActixMetricsConfiguration::default()
        .labels(LabelsConfiguration::default().endpoint("path"))
        .http_requests_duration_seconds_name("http_request_duration_seconds");
    PrometheusMetricsBuilder::new("")
        .buckets(&[
            0.0005, 0.001, 0.002, 0.01, 0.05, 0.2, 0.75, 1.0, 1.25, 2.0, 4.0,
        ])
        .mask_unmatched_patterns("none")
        .metrics_configuration(configuration)
        .registry(prometheus::default_registry().clone())
        .build()
        .unwrap()
});

/// Counts and times every request.
pub fn middleware() -> PrometheusMetrics {
    PrometheusMetrics::clone(&METRICS)
}

/// Refuses an invented method before it is counted.
pub async fn known_methods<B: MessageBody + 'static>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if !KNOWN.contains(req.method().as_str()) {
        let refusal = HttpResponse::NotImplemented().json(json!({ "error": "no such method" }));
        return Ok(req.into_response(refusal));
    }
    next.call(req)
        .await
        .map(ServiceResponse::map_into_boxed_body)
}

/// `GET /metrics`.
pub fn routes(cfg: &mut web::ServiceConfig) {
    let scraped = web::get().to(|| async { metrics() });
    cfg.service(web::resource("/metrics").name("metrics").route(scraped));
}

fn metrics() -> Result<HttpResponse, Error> {
    match scrape::text().map(Bytes::from) {
        Ok(text) => {
            let mut answer = HttpResponse::build(StatusCode::OK);
            answer.content_type(scrape::CONTENT_TYPE);
            Ok(answer.body(text))
        }
        Err(error) => {
            let error = InternalError::new(error, StatusCode::INTERNAL_SERVER_ERROR);
            Err(error.into())
        }
    }
}
