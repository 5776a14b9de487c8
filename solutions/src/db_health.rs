//! Database health: can this process do what it is for?
//!
//! A real `SELECT 1` over the pool that the requests use. It has a time limit around the blocking call, because no
//! setting of the pool or of libpq ends the wait for a database that is frozen but still acknowledges packets.

use std::{error::Error, time::Duration};

use actix_web::{
    HttpResponse,
    http::{
        StatusCode,
        header::{CacheControl, CacheDirective},
    },
    rt::time::timeout,
    web,
};
use diesel::connection::SimpleConnection;
use serde_json::json;
use tokio::sync::Semaphore;

use solutions::db::Pool;

/// The caller is promised an answer within 2 s: half of that for the database, the rest for the network both ways.
const DEADLINE: Duration = Duration::from_secs(1);

/// One question at a time in the whole process. The others wait for this permit, which costs no thread.
static TURN: Semaphore = Semaphore::const_new(1);

/// `GET` and `HEAD /health/db`.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/health/db")
            .route(web::get().to(db_health))
            .route(web::head().to(db_health)),
    );
}

/// Asks the database, and reports the result.
pub async fn db_health(pool: web::Data<Pool>) -> HttpResponse {
    let (status, word) = match timeout(DEADLINE, select_one(pool)).await {
        Ok(Ok(())) => (StatusCode::OK, "ok"),
        Ok(Err(cause)) => {
            log::warn!("the database is down: {cause}");
            (StatusCode::SERVICE_UNAVAILABLE, "down")
        }
        Err(_) => {
            log::warn!("the database is down: no answer within {DEADLINE:?}");
            (StatusCode::SERVICE_UNAVAILABLE, "down")
        }
    };
    HttpResponse::build(status)
        .insert_header(CacheControl(vec![CacheDirective::NoStore]))
        .json(json!({ "db": word }))
}

async fn select_one(pool: web::Data<Pool>) -> Result<(), Box<dyn Error + Send + Sync>> {
    let turn = TURN.acquire().await?;
    web::block(move || {
        // The turn goes along: a thread stuck in libpq keeps it, long after the caller has been answered.
        let _turn = turn;
        let mut connection = pool.get()?;
        connection.batch_execute("SELECT 1")?;
        Ok(())
    })
    .await?
}
