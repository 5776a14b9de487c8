//! Does not count what says that it is a probe.
//!
//! Why a learner writes it: the numbers should show what people do, and a monitor says its name.
//! Fails: metrics.counts-probes

use std::{sync::LazyLock, time::Instant};

use actix_web::{
    Error, HttpResponse,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    error::ErrorInternalServerError,
    middleware::{Identity, Next},
    web,
};
use prometheus::{HistogramVec, IntCounterVec, register_histogram_vec, register_int_counter_vec};
use solutions::scrape;

const LABELS: [&str; 3] = ["method", "path", "status"];

static REQUESTS: LazyLock<IntCounterVec> = LazyLock::new(|| {
    register_int_counter_vec!("http_requests_total", "Requests so far", &LABELS)
        .expect("the name is valid")
});

static DURATION: LazyLock<HistogramVec> = LazyLock::new(|| {
    let buckets = vec![0.005, 0.05, 0.5, 1.0, 1.5, 2.0, 3.0];
    register_histogram_vec!(
        "http_request_duration_seconds",
        "Time to the answer",
        &LABELS,
        buckets
    )
    .expect("the name is valid")
});

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
    let agent = req.headers().get("user-agent");
    let agent = agent.and_then(|agent| agent.to_str().ok());
    let robot = agent.is_some_and(|agent| agent.starts_with("kube-probe/"));
    let response = next.call(req).await?;
    if robot {
        return Ok(response);
    }
    let path = response.request().match_pattern();
    let path = path.as_deref().unwrap_or("unmatched");
    let status = response.status();
    let labels = [method.as_str(), path, status.as_str()];
    REQUESTS.with_label_values(&labels).inc();
    DURATION
        .with_label_values(&labels)
        .observe(started.elapsed().as_secs_f64());
    Ok(response)
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
