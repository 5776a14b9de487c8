//! The database says no, and that counts as up.
//!
//! Why a learner writes it: "It answered, so it is alive."
//! Fails: db-health.answers-503-on-error

use std::{error::Error, time::Duration};

use actix_web::{HttpResponse, http::StatusCode, rt::time::timeout, web};
use diesel::{
    RunQueryDsl, result::DatabaseErrorKind as Kind, result::Error::DatabaseError, sql_query,
};
use serde_json::json;
use solutions::db::Pool;
use tokio::sync::Semaphore;

static TURN: Semaphore = Semaphore::const_new(1);

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/health/db", web::get().to(db_health))
        .route("/health/db", web::head().to(db_health));
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
    let turn = TURN.acquire().await?;
    web::block(move || {
        let _turn = turn;
        match sql_query("SELECT 1").execute(&mut pool.get()?) {
            Err(cause @ DatabaseError(Kind::ClosedConnection | Kind::UnableToSendCommand, _)) => {
                Err(cause.into())
            }
            // Whatever it says, it is there.
            _ => Ok(()),
        }
    })
    .await?
}
