//! Metrics: how many, how fast, how many failed; at `GET /metrics`, for Prometheus to read.

use actix_web::{HttpResponse, web};

/// `GET /metrics`.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/metrics", web::get().to(metrics));
}

// TODO(step 5): count requests and measure their duration by method, route and status.
// To look up: `actix_web_prom::PrometheusMetricsBuilder`, `ActixMetricsConfiguration`, `LabelsConfiguration`.
async fn metrics() -> HttpResponse {
    HttpResponse::NotImplemented().finish()
}
