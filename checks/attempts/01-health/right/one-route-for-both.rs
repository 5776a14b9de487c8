//! One route with a guard for both methods, and a struct with more fields.
//!
//! Right because: A guard may ask for either method, and the fields beside `status` are free.

use std::{sync::LazyLock, time::Instant};

use actix_web::{
    HttpRequest, HttpResponse,
    guard::{Any, Get, Head},
    web,
};
use serde::Serialize;

static STARTED: LazyLock<Instant> = LazyLock::new(Instant::now);

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    Ok,
}

#[derive(Serialize)]
struct Health {
    status: Status,
    version: &'static str,
    uptime_s: u64,
    pid: u32,
}

pub fn routes(cfg: &mut web::ServiceConfig) {
    LazyLock::force(&STARTED);
    let get_or_head = Any(Get()).or(Head());
    cfg.service(web::resource("/health").route(web::route().guard(get_or_head).to(health)));
}

async fn health(request: HttpRequest) -> HttpResponse {
    log::debug!("{} {}", request.method(), request.path());
    HttpResponse::Ok()
        .insert_header(("cache-control", "no-cache, no-store, must-revalidate"))
        .json(Health {
            status: Status::Ok,
            version: env!("CARGO_PKG_VERSION"),
            uptime_s: STARTED.elapsed().as_secs(),
            pid: std::process::id(),
        })
}
