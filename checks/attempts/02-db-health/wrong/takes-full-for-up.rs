//! A server without a free slot counts as up.
//!
//! Why a learner writes it: It is there and it talks, it is merely busy; but nobody who needs it now gets
//! through.
//! Fails: db-health.answers-503-when-full

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
    let asked = timeout(Duration::from_millis(1500), ask(pool)).await;
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
        loop {
            let mut connection = match pool.get() {
                Err(busy) if busy.to_string().contains("connection slots are reserved") => return Ok(()),
                connection => connection?,
            };
            match sql_query("SELECT 1").execute(&mut connection) {
                // It died while nobody used it: the next one, please.
                Err(DatabaseError(Kind::ClosedConnection | Kind::UnableToSendCommand, _)) => {
                    continue;
                }
                asked => return Ok(asked.map(drop)?),
            }
        }
    })
    .await?
}
