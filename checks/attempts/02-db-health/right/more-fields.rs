//! Says how long it took and which service it is, too.
//!
//! Right because: More fields are allowed, and these give nothing away.

use std::{
    error::Error,
    time::{Duration, Instant},
};

use actix_web::{HttpResponse, rt::time::timeout, web};
use diesel::{RunQueryDsl, sql_query};
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
    let start = Instant::now();
    let asked = timeout(Duration::from_secs(1), ask(pool)).await;
    let (mut response, word) = match &asked {
        Ok(Ok(())) => (HttpResponse::Ok(), "ok"),
        _ => (HttpResponse::ServiceUnavailable(), "down"),
    };
    if word == "down" {
        log::error!("the database is down: {asked:?}");
    }
    response
        .insert_header(("Cache-Control", "no-store, max-age=0"))
        .json(json!({
            "db": word,
            "took_ms": start.elapsed().as_millis(),
            "version": env!("CARGO_PKG_VERSION"),
        }))
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
