//! Leaves out what was answered 404.
//!
//! Why a learner writes it: a path that does not exist is no request to this service.
//! Fails: metrics.counts-each-request

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

const BUCKETS: [f64; 11] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0,
];

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

pub fn middleware() -> PrometheusMetrics {
    PrometheusMetricsBuilder::new("")
        .registry(prometheus::default_registry().clone())
        .buckets(&BUCKETS)
        .exclude_status(actix_web::http::StatusCode::NOT_FOUND)
        .metrics_configuration(
            ActixMetricsConfiguration::default()
                .http_requests_duration_seconds_name("http_request_duration_seconds")
                .labels(LabelsConfiguration::default().endpoint("path")),
        )
        .build()
        .expect("the names are valid")
}

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

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/metrics").route(web::get().to(metrics)));
}

async fn metrics() -> Result<HttpResponse, Error> {
    let text = scrape::text().map_err(ErrorInternalServerError)?;
    Ok(HttpResponse::Ok()
        .content_type(scrape::CONTENT_TYPE)
        .body(text))
}
