//! The 503 is an error type that knows how it is answered.
//!
//! Right because: `ResponseError` has the last word on status, header and body.

use std::{
    error::Error,
    fmt::{self, Display, Formatter},
    time::Duration,
};

use actix_web::{HttpResponse, ResponseError, rt::time::timeout, web};
use diesel::{RunQueryDsl, sql_query};
use serde_json::json;
use solutions::db::Pool;
use tokio::sync::Semaphore;

#[derive(Debug)]
struct Down(String);

impl Display for Down {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        write!(f, "the database is down: {}", self.0)
    }
}

impl ResponseError for Down {
    fn error_response(&self) -> HttpResponse {
        log::warn!("{self}");
        HttpResponse::ServiceUnavailable()
            .insert_header(("Cache-Control", "no-store"))
            .json(json!({ "db": "down" }))
    }
}

static TURN: Semaphore = Semaphore::const_new(1);

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/health/db", web::get().to(db_health))
        .route("/health/db", web::head().to(db_health));
}

async fn db_health(pool: web::Data<Pool>) -> Result<HttpResponse, Down> {
    let asked = timeout(Duration::from_secs(1), ask(pool)).await;
    let answered = asked.map_err(|_| Down("no answer for a second".into()))?;
    answered.map_err(|cause| Down(cause.to_string()))?;
    Ok(HttpResponse::Ok()
        .insert_header(("Cache-Control", "no-store"))
        .json(json!({ "db": "ok" })))
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
