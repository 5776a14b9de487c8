//! The handler returns a `Result`, and an error type of its own says what the caller is told.
//!
//! Right because: The error type says what the caller reads; the cause is logged before.

use std::{fmt, sync::Arc, sync::LazyLock, time::Duration};

use actix_web::{
    HttpResponse, Responder, ResponseError,
    http::{StatusCode, header},
    rt::{task, time},
    web,
};
use diesel::{QueryableByName, RunQueryDsl, sql_types::Integer};
use serde::Serialize;
use tokio::sync::Mutex;

use solutions::db::Pool;

static ALONE: LazyLock<Arc<Mutex<()>>> = LazyLock::new(Arc::default);

#[derive(QueryableByName)]
struct One {
    #[diesel(sql_type = Integer)]
    one: i32,
}

#[derive(Serialize)]
struct Report {
    db: &'static str,
    version: &'static str,
}

#[derive(Debug)]
struct Down;

impl fmt::Display for Down {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the database is down")
    }
}

impl ResponseError for Down {
    fn status_code(&self) -> StatusCode {
        StatusCode::SERVICE_UNAVAILABLE
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::build(self.status_code())
            .append_header((header::CACHE_CONTROL, "no-store"))
            .append_header((header::RETRY_AFTER, "5"))
            .json(Report {
                db: "down",
                version: env!("CARGO_PKG_VERSION"),
            })
    }
}

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::scope("/health/db")
            .route("", web::get().to(db_health))
            .route("", web::head().to(db_health)),
    );
}

async fn db_health(pool: web::Data<Pool>) -> Result<impl Responder, Down> {
    time::timeout(Duration::from_millis(900), ask(pool.into_inner()))
        .await
        .map_err(|_| log::warn!("SELECT 1 took longer than 900 ms"))
        .and_then(|found| found.map_err(|why| log::warn!("SELECT 1 failed: {why}")))
        .map_err(|()| Down)?;
    let report = Report {
        db: "ok",
        version: env!("CARGO_PKG_VERSION"),
    };
    Ok(web::Json(report)
        .customize()
        .insert_header((header::CACHE_CONTROL, "no-store")))
}

async fn ask(pool: Arc<Pool>) -> Result<(), String> {
    let alone = Arc::clone(&ALONE).lock_owned().await;
    let query = move || {
        let _alone = alone;
        let mut connection = pool.get().map_err(|why| why.to_string())?;
        let one: One = diesel::sql_query("SELECT 1 AS one")
            .get_result(&mut connection)
            .map_err(|why| format!("{why:?}"))?;
        (one.one == 1).then_some(()).ok_or_else(|| "not 1".to_owned())
    };
    task::spawn_blocking(query).await.map_err(|why| why.to_string())?
}
