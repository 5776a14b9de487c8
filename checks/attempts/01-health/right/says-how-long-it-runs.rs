//! Says for how many microseconds the process has been alive, too.
//!
//! Right because: more fields are allowed. The length differs from one answer to the next, so HEAD's is that of an answer of its
//! own.

use std::{sync::LazyLock, time::Instant};

use actix_web::{Either, Error, Responder, web};
use serde::Serialize;

static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);

#[derive(Serialize)]
struct Alive {
    alive_us: String,
    process: u32,
    status: &'static str,
}

pub fn routes(cfg: &mut web::ServiceConfig) {
    LazyLock::force(&BEGAN);
    let resource = web::resource("/health")
        .route(web::head().to(health))
        .route(web::get().to(health));
    cfg.service(resource);
}

async fn health() -> Result<Either<impl Responder, &'static str>, Error> {
    let us = BEGAN.elapsed().as_micros();
    let alive = Alive {
        // Now and then a digit more, as a number that grows has.
        alive_us: format!("{us}{}", if us % 2 == 0 { "" } else { ".0" }),
        process: std::process::id(),
        status: "ok",
    };
    let answer = web::Json(alive)
        .customize()
        .append_header(("Cache-Control", "no-store"));
    Ok(Either::Left(answer))
}
