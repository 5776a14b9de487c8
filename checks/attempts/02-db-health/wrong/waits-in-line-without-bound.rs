//! The question is bounded, the wait for one's turn is not.
//!
//! Why a learner writes it: The limit is put around what is slow. Alone, the learner sees one second.
//! Fails: db-health.answers-503-when-frozen

use std::{error::Error, time::Duration};

use actix_web::{HttpResponse, http::StatusCode, rt::time::timeout, web};
use diesel::{RunQueryDsl, sql_query};
use serde_json::json;
use solutions::db::Pool;
use tokio::sync::Semaphore;

type Outcome = Result<(), Box<dyn Error + Send + Sync>>;

static TURN: Semaphore = Semaphore::const_new(1);

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/health/db")
            .route(web::get().to(db_health))
            .route(web::head().to(db_health)),
    );
}

async fn db_health(pool: web::Data<Pool>) -> HttpResponse {
    match ask(pool).await {
        Ok(()) => say(StatusCode::OK, "ok"),
        Err(cause) => {
            log::warn!("the database is down: {cause}");
            say(StatusCode::SERVICE_UNAVAILABLE, "down")
        }
    }
}

fn say(status: StatusCode, word: &str) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header(("Cache-Control", "no-store"))
        .json(json!({ "db": word }))
}

async fn ask(pool: web::Data<Pool>) -> Outcome {
    let turn = TURN.acquire().await?;
    let question = web::block(move || {
        let _turn = turn;
        sql_query("SELECT 1").execute(&mut pool.get()?)?;
        Ok(())
    });
    timeout(Duration::from_secs(1), question).await??
}
