//! Asks once, and repeats that answer for ever.
//!
//! Why a learner writes it: Wants to spare the database, and has heard of `OnceCell`.
//! Fails: db-health.asks-the-database

use std::{error::Error, time::Duration};

use actix_web::{HttpResponse, http::StatusCode, rt::time::timeout, web};
use diesel::{RunQueryDsl, sql_query};
use serde_json::json;
use solutions::db::Pool;
use tokio::sync::OnceCell;

static UP: OnceCell<bool> = OnceCell::const_new();

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/health/db")
            .route(web::get().to(db_health))
            .route(web::head().to(db_health)),
    );
}

async fn db_health(pool: web::Data<Pool>) -> HttpResponse {
    if *UP.get_or_init(|| is_up(pool)).await {
        say(StatusCode::OK, "ok")
    } else {
        say(StatusCode::SERVICE_UNAVAILABLE, "down")
    }
}

async fn is_up(pool: web::Data<Pool>) -> bool {
    let asked = timeout(Duration::from_secs(1), web::block(move || ask(&pool))).await;
    match asked {
        Ok(Ok(Ok(()))) => true,
        cause => {
            log::warn!("the database is down: {cause:?}");
            false
        }
    }
}

fn say(status: StatusCode, word: &str) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header(("Cache-Control", "no-store"))
        .json(json!({ "db": word }))
}

fn ask(pool: &Pool) -> Result<(), Box<dyn Error + Send + Sync>> {
    sql_query("SELECT 1").execute(&mut pool.get()?)?;
    Ok(())
}
