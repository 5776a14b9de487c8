//! Says 503 when the database is down.
//!
//! Why a learner writes it: a service without its database is of no use to anybody.
//! Fails: metrics.needs-no-database

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
use solutions::{db::Pool, scrape};

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
        .mask_unmatched_patterns("unmatched")
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

async fn metrics(pool: web::Data<Pool>) -> Result<HttpResponse, Error> {
    let connection = web::block(move || pool.get().is_ok()).await?;
    if !connection {
        return Ok(HttpResponse::ServiceUnavailable().finish());
    }
    let text = scrape::text().map_err(ErrorInternalServerError)?;
    Ok(HttpResponse::Ok()
        .content_type(scrape::CONTENT_TYPE)
        .body(text))
}
