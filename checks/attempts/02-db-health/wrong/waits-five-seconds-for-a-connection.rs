//! Waits longer for a connection than the caller was promised.
//!
//! Why a learner writes it: The pool gave up after 750 ms, so it is given more time, and a dead connection
//! is exchanged for the next.
//! Fails: db-health.answers-503-when-down

use std::{error::Error, time::Duration};

use actix_web::{HttpResponse, http::StatusCode, web};
use diesel::{
    RunQueryDsl, result::DatabaseErrorKind as Kind, result::Error::DatabaseError, sql_query,
};
use serde_json::json;
use solutions::db::Pool;
use tokio::sync::Semaphore;

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

async fn ask(pool: web::Data<Pool>) -> Result<(), Box<dyn Error + Send + Sync>> {
    let turn = TURN.acquire().await?;
    web::block(move || {
        let _turn = turn;
        loop {
            let mut connection = pool.get_timeout(Duration::from_secs(5))?;
            match sql_query("SELECT 1").execute(&mut connection) {
                Err(DatabaseError(Kind::ClosedConnection | Kind::UnableToSendCommand, _)) => {
                    continue;
                }
                asked => return Ok(asked.map(drop)?),
            }
        }
    })
    .await?
}
