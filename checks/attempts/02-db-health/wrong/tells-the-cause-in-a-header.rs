//! The body is discreet, a header is not.
//!
//! Why a learner writes it: A header does not disturb whoever reads the body.
//! Fails: db-health.keeps-the-cause-private

use std::{error::Error, time::Duration};

use actix_web::{
    HttpResponse,
    http::{
        StatusCode,
        header::{HeaderName, HeaderValue},
    },
    rt::time::timeout,
    web,
};
use diesel::{RunQueryDsl, sql_query};
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
    let mut response = say(StatusCode::SERVICE_UNAVAILABLE, "down");
    if let Ok(cause) = HeaderValue::from_str(&format!("{asked:?}")) {
        response
            .headers_mut()
            .insert(HeaderName::from_static("x-cause"), cause);
    }
    response
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
        sql_query("SELECT 1").execute(&mut pool.get()?)?;
        Ok(())
    })
    .await?
}
