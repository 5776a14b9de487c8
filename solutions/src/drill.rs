//! Faults on demand, for practising an incident. The routes exist only with `DRILL=1`. Ready made.
//!
//! - `POST /drill/errors?ratio=0.3`: from now on 30 % of the requests to `/readings` fail with 500
//! - `POST /drill/memory?mb=64`: holds this many MiB more, at most up to 90 % of the container's limit
//! - `POST /drill/panic`: the handler panics, once, with the text of the body if there is one
//! - `POST /drill/log`: logs the body, as text and as key-values whose names are those of fields that every event has
//! - `POST /drill/reset`: ends the faults

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicU32, Ordering},
};

use actix_web::{
    Error, HttpResponse,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    error::ErrorInternalServerError,
    middleware::{Next, from_fn},
    web,
};
use serde::Deserialize;
use serde_json::json;

use crate::{config, guard, signals};

/// In a process without a container limit: enough to be noticed, too little to hurt a laptop.
const MOST_WITHOUT_LIMIT: u64 = 256 * MIB;

const MIB: u64 = 1024 * 1024;

/// How many requests out of a thousand fail.
static FAILING: AtomicU32 = AtomicU32::new(0);

/// Counts the requests, so that the failing ones are spread evenly.
static REQUESTS: AtomicU32 = AtomicU32::new(0);

/// The memory that `/drill/memory` holds.
static HELD: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// The fault routes, if `DRILL=1`.
pub fn routes(cfg: &mut web::ServiceConfig) {
    if config::value("DRILL", "0") != "1" {
        return;
    }
    cfg.service(web::resource("/drill/errors").route(web::post().to(errors)))
        .service(web::resource("/drill/memory").route(web::post().to(memory)))
        .service(
            web::resource("/drill/panic")
                .wrap(from_fn(guard::answer))
                .route(web::post().to(panic)),
        )
        .service(web::resource("/drill/log").route(web::post().to(log)))
        .service(web::resource("/drill/reset").route(web::post().to(reset)));
}

/// Fails the share of requests that `/drill/errors` asked for. Wrapped around the readings resource.
pub async fn fail_some<B: MessageBody>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let failing = FAILING.load(Ordering::Relaxed);
    if failing > 0 {
        let before = REQUESTS.fetch_add(1, Ordering::Relaxed) % 1000;
        // The same number out of any thousand in a row, spread evenly over them.
        if (before + 1) * failing / 1000 > before * failing / 1000 {
            return Err(ErrorInternalServerError("this is a drill"));
        }
    }
    next.call(req).await
}

#[derive(Deserialize)]
struct Errors {
    ratio: f64,
}

async fn errors(query: web::Query<Errors>) -> HttpResponse {
    if !(0.0..=1.0).contains(&query.ratio) {
        return HttpResponse::BadRequest().json(json!({ "error": "ratio must be from 0 to 1" }));
    }
    FAILING.store((query.ratio * 1000.0).round() as u32, Ordering::Relaxed);
    log::warn!(ratio = query.ratio; "drill: requests to /readings fail from now on");
    HttpResponse::Ok().json(json!({ "ratio": query.ratio }))
}

#[derive(Deserialize)]
struct Memory {
    mb: u64,
}

async fn memory(query: web::Query<Memory>) -> HttpResponse {
    let most = signals::memory_limit().map_or(MOST_WITHOUT_LIMIT, |limit| limit / 10 * 9);
    let free = most.saturating_sub(resident());
    let wanted = query.mb.saturating_mul(MIB);
    let more = wanted.min(free).try_into().unwrap_or(0);
    let mut held = held();
    let length = held.len() + more;
    // Filled with a value, since the kernel provides memory only once it is written to.
    held.resize(length, 1);
    let mb = held.len() as u64 / MIB;
    log::warn!(mb; "drill: memory is held from now on");
    HttpResponse::Ok().json(json!({ "mb": mb }))
}

async fn panic(text: String) -> HttpResponse {
    match text.as_str() {
        "" => panic!("this is a drill"),
        text => panic!("{text}"),
    }
}

async fn log(text: String) -> HttpResponse {
    let said = text.as_str();
    log::warn!(said, ts = said, level = said, msg = said, module = said, request_id = said; "drill: {said}");
    HttpResponse::NoContent().finish()
}

async fn reset() -> HttpResponse {
    FAILING.store(0, Ordering::Relaxed);
    *held() = Vec::new();
    log::warn!("drill: all is well again");
    HttpResponse::Ok().json(json!({ "ratio": 0, "mb": 0 }))
}

fn held() -> MutexGuard<'static, Vec<u8>> {
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The memory that this process uses now, in bytes: the second number of `statm` counts pages. 0 where there is no `/proc`.
fn resident() -> u64 {
    const PAGE: u64 = 4096;
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: Option<u64> = statm
        .split(' ')
        .nth(1)
        .and_then(|number| number.parse().ok());
    pages.unwrap_or(0) * PAGE
}
