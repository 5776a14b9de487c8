//! A type that is its own answer.
//!
//! Right because: `Responder` is where a type says how it is answered.

use std::{error::Error, time::Duration};

use actix_web::{
    HttpRequest, HttpResponse, Responder, body::BoxBody, http::StatusCode, rt::time::timeout, web,
};
use diesel::{RunQueryDsl, sql_query};
use serde::Serialize;
use serde_json::json;
use solutions::db::Pool;
use tokio::sync::Semaphore;

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Health {
    Ok,
    Down,
}

impl Responder for Health {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::build(match self {
            Health::Ok => StatusCode::OK,
            Health::Down => StatusCode::SERVICE_UNAVAILABLE,
        })
        .insert_header(("Cache-Control", "no-store"))
        .json(json!({ "db": self }))
    }
}

static TURN: Semaphore = Semaphore::const_new(1);

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/health/db", web::get().to(db_health))
        .route("/health/db", web::head().to(db_health));
}

async fn db_health(pool: web::Data<Pool>) -> Health {
    let asked = timeout(Duration::from_secs(1), ask(pool)).await;
    if let Ok(Ok(())) = asked {
        return Health::Ok;
    }
    log::warn!("the database is down: {asked:?}");
    Health::Down
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
