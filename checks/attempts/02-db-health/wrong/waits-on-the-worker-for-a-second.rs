//! Asks in a thread of its own, and holds up the worker while it waits, a second for each caller.
//!
//! Why a learner writes it: A thread and `recv_timeout` is how it is done without async.
//! Fails: db-health.answers-503-when-frozen
//! Fails: db-health.leaves-liveness-fast

use std::{error::Error, sync::mpsc, thread, time::Duration};

use actix_web::{HttpResponse, http::StatusCode, web};
use diesel::{RunQueryDsl, sql_query};
use serde_json::json;
use solutions::db::Pool;

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/health/db")
            .route(web::get().to(db_health))
            .route(web::head().to(db_health)),
    );
}

async fn db_health(pool: web::Data<Pool>) -> HttpResponse {
    let (tell, told) = mpsc::channel();
    thread::spawn(move || tell.send(ask(&pool)));
    match told.recv_timeout(Duration::from_secs(1)) {
        Ok(Ok(())) => say(StatusCode::OK, "ok"),
        Ok(Err(cause)) => {
            log::warn!("the database is down: {cause}");
            say(StatusCode::SERVICE_UNAVAILABLE, "down")
        }
        Err(_) => {
            log::warn!("the database is down: no answer for a second");
            say(StatusCode::SERVICE_UNAVAILABLE, "down")
        }
    }
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
