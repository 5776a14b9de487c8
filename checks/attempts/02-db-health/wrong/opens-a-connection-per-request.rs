//! A new connection for every question.
//!
//! Why a learner writes it: The lesson opened one with `get_conn()` each time, and a question that bypasses
//! the pool cannot be starved by it.
//! Fails: db-health.reuses-connections

use std::{env, error::Error, time::Duration};

use actix_web::{HttpResponse, http::StatusCode, rt::time::timeout, web};
use diesel::{Connection, PgConnection, RunQueryDsl, sql_query};
use serde_json::json;
use tokio::sync::Semaphore;

static TURN: Semaphore = Semaphore::const_new(1);

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/health/db")
            .route(web::get().to(db_health))
            .route(web::head().to(db_health)),
    );
}

async fn db_health() -> HttpResponse {
    let asked = timeout(Duration::from_secs(1), ask()).await;
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

async fn ask() -> Result<(), Box<dyn Error + Send + Sync>> {
    let turn = TURN.acquire().await?;
    web::block(move || {
        let _turn = turn;
        let mut connection = PgConnection::establish(&env::var("DATABASE_URL")?)?;
        sql_query("SELECT 1").execute(&mut connection)?;
        Ok(())
    })
    .await?
}
