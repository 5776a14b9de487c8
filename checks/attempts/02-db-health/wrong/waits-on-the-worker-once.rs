//! One caller waits for the database and all others for him, each on his worker thread.
//!
//! Why a learner writes it: A thread, `recv_timeout`, and a `Mutex` so that only one asks; the rest is told
//! what he was told.
//! Fails: db-health.leaves-liveness-fast
//! Fails: db-health.bears-a-slow-database

use std::{
    error::Error,
    sync::{Mutex, PoisonError, mpsc},
    thread,
    time::{Duration, Instant},
};

use actix_web::{HttpResponse, http::StatusCode, web};
use diesel::{RunQueryDsl, sql_query};
use serde_json::json;
use solutions::db::Pool;

/// Nobody asks a database again that has just let somebody wait.
static QUIET_UNTIL: Mutex<Option<Instant>> = Mutex::new(None);

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/health/db")
            .route(web::get().to(db_health))
            .route(web::head().to(db_health)),
    );
}

async fn db_health(pool: web::Data<Pool>) -> HttpResponse {
    let mut quiet_until = QUIET_UNTIL.lock().unwrap_or_else(PoisonError::into_inner);
    if quiet_until.is_some_and(|until| Instant::now() < until) {
        return say(StatusCode::SERVICE_UNAVAILABLE, "down");
    }
    let (tell, told) = mpsc::channel();
    thread::spawn(move || tell.send(ask(&pool)));
    let told = told.recv_timeout(Duration::from_millis(1200));
    if let Ok(Ok(())) = told {
        return say(StatusCode::OK, "ok");
    }
    log::warn!("the database is down: {told:?}");
    if told.is_err() {
        *quiet_until = Some(Instant::now() + Duration::from_secs(1));
    }
    say(StatusCode::SERVICE_UNAVAILABLE, "down")
}

fn say(status: StatusCode, word: &str) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header(("Cache-Control", "no-store"))
        .json(json!({ "db": word }))
}

fn ask(pool: &Pool) -> Result<(), Box<dyn Error + Send + Sync>> {
    sql_query("SELECT 1").execute(&mut pool.get()?)?;
    Ok(())
}
