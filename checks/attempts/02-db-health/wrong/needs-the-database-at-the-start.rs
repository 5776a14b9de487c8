//! Ends the program at the start unless the database is up.
//!
//! Why a learner writes it: "Without the database there is no point in starting", until both start after a
//! power cut.
//! Fails: db-health.answers-503-when-silent
//! Fails: db-health.answers-503-when-full
//! Fails: db-health.starts-without-database

use std::{error::Error, time::Duration};

use actix_web::{HttpResponse, http::StatusCode, rt::time::timeout, web};
use diesel::{RunQueryDsl, sql_query};
use serde_json::json;
use solutions::{config, db};
use tokio::sync::Semaphore;

static TURN: Semaphore = Semaphore::const_new(1);

pub fn routes(cfg: &mut web::ServiceConfig) {
    if let Err(cause) = db::pool().get() {
        config::give_up(&format!("the database must be up first: {cause}"));
    }
    cfg.service(
        web::resource("/health/db")
            .route(web::get().to(db_health))
            .route(web::head().to(db_health)),
    );
}

async fn db_health(pool: web::Data<db::Pool>) -> HttpResponse {
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

async fn ask(pool: web::Data<db::Pool>) -> Result<(), Box<dyn Error + Send + Sync>> {
    let turn = TURN.acquire().await?;
    web::block(move || {
        let _turn = turn;
        sql_query("SELECT 1").execute(&mut pool.get()?)?;
        Ok(())
    })
    .await?
}
