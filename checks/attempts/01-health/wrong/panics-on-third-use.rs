//! Panics at the third question: there is room for two.
//!
//! Why a learner writes it: Wants to remember when somebody asked last, tries it twice with curl, and it
//! works.
//! Fails: health.keeps-answering

use std::{
    sync::Mutex,
    time::{Duration, Instant},
};

use actix_web::{HttpResponse, web};
use serde_json::json;

static ASKED: Mutex<(usize, [Option<Instant>; 2])> = Mutex::new((0, [None; 2]));

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/health")
            .route(web::get().to(health))
            .route(web::head().to(health)),
    );
}

async fn health() -> HttpResponse {
    let mut asked = ASKED.lock().unwrap();
    let (count, times) = &mut *asked;
    times[*count] = Some(Instant::now());
    *count += 1;
    let first = times[0].map_or(Duration::ZERO, |first| first.elapsed());
    HttpResponse::Ok()
        .insert_header(("Cache-Control", "no-store"))
        .json(json!({ "status": "ok", "asked_for_s": first.as_secs() }))
}
