//! Whoever comes while a question is stuck is told so at once.
//!
//! Right because: Only a question that is older than a second is called stuck; behind a healthy one
//! everybody waits for his turn.

use std::{
    error::Error,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use actix_web::{HttpResponse, http::StatusCode, rt::time::timeout, web};
use diesel::r2d2::R2D2Connection;
use serde_json::json;
use solutions::db::Pool;
use tokio::sync::Semaphore;

const PATIENCE: Duration = Duration::from_secs(1);
static ASKED_AT: Mutex<Option<Instant>> = Mutex::new(None);
static TURN: Semaphore = Semaphore::const_new(1);

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/health/db", web::get().to(db_health))
        .route("/health/db", web::head().to(db_health));
}

async fn db_health(pool: web::Data<Pool>) -> HttpResponse {
    if asked_at().is_some_and(|at| at.elapsed() > PATIENCE) {
        log::warn!("the database is down: it has not answered the last question yet");
        return say(StatusCode::SERVICE_UNAVAILABLE, "down");
    }
    let asked = timeout(PATIENCE, ask(pool)).await;
    if matches!(asked, Ok(Ok(()))) {
        return say(StatusCode::OK, "ok");
    }
    log::warn!("the database is down: {asked:?}");
    say(StatusCode::SERVICE_UNAVAILABLE, "down")
}

fn say(status: StatusCode, word: &str) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header(("Cache-Control", "no-store"))
        .json(json!({ "db": word }))
}

async fn ask(pool: web::Data<Pool>) -> Result<(), Box<dyn Error + Send + Sync>> {
    let turn = TURN.acquire().await?;
    web::block(move || {
        let _turn = turn;
        *asked_at() = Some(Instant::now());
        let asked = pool.get().map(|mut it| it.ping());
        *asked_at() = None;
        Ok(asked??)
    })
    .await?
}

fn asked_at() -> MutexGuard<'static, Option<Instant>> {
    ASKED_AT.lock().unwrap_or_else(PoisonError::into_inner)
}
