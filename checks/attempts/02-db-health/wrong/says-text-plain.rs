//! The right bytes, called text/plain.
//!
//! Why a learner writes it: A string is a `Responder`, and it looks like JSON.
//! Fails: db-health.says-json

use std::{error::Error, time::Duration};

use actix_web::{Responder, http::StatusCode, rt::time::timeout, web};
use diesel::{RunQueryDsl, sql_query};
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

async fn db_health(pool: web::Data<Pool>) -> impl Responder {
    let asked = timeout(Duration::from_secs(1), ask(pool)).await;
    if let Ok(Ok(())) = asked {
        return say(StatusCode::OK, "ok");
    }
    log::warn!("the database is down: {asked:?}");
    say(StatusCode::SERVICE_UNAVAILABLE, "down")
}

fn say(status: StatusCode, word: &str) -> impl Responder + use<> {
    format!(r#"{{"db":"{word}"}}"#)
        .customize()
        .with_status(status)
        .insert_header(("Cache-Control", "no-store"))
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
