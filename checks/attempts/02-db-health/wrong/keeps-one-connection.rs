//! Takes one connection for itself and never gives it back, not even a dead one.
//!
//! Why a learner writes it: The check should not compete with the requests for connections.
//! Fails: db-health.recovers
//! Fails: db-health.shares-the-pool
//! Fails: db-health.does-not-pile-up

use std::{
    error::Error,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use actix_web::{HttpResponse, http::StatusCode, rt::time::timeout, web};
use diesel::{RunQueryDsl, r2d2::PooledConnection, sql_query};
use serde_json::json;
use solutions::db::{Manager, Pool};

static MINE: Mutex<Option<PooledConnection<Manager>>> = Mutex::new(None);

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/health/db")
            .route(web::get().to(db_health))
            .route(web::head().to(db_health)),
    );
}

async fn db_health(pool: web::Data<Pool>) -> HttpResponse {
    let asked = timeout(Duration::from_secs(1), ask(pool)).await;
    if let Ok(Ok(())) = asked {
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
    web::block(move || {
        let mut mine = MINE.lock().unwrap_or_else(PoisonError::into_inner);
        let connection = match &mut *mine {
            Some(connection) => connection,
            none => none.insert(pool.get()?),
        };
        sql_query("SELECT 1").execute(connection)?;
        Ok(())
    })
    .await?
}
