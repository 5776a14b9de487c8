//! Owns its permit, asks on a blocking thread of tokio, and says one more field.

use std::{
    error::Error,
    sync::{Arc, LazyLock},
    time::Duration,
};

use actix_web::{
    HttpResponse, HttpResponseBuilder, guard,
    http::{StatusCode, header},
    web,
};
use diesel::{RunQueryDsl, sql_query};
use serde::Serialize;
use solutions::db::Pool;
use tokio::{
    sync::Semaphore,
    task::spawn_blocking,
    time::{Instant, timeout_at},
};

const LIMIT: Duration = Duration::from_millis(1200);

static QUESTIONS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(1)));

#[derive(Serialize)]
struct Answer {
    db: &'static str,
    took_ms: u64,
}

/// `GET` and `HEAD /health/db`.
pub fn routes(cfg: &mut web::ServiceConfig) {
    let asked = web::route().guard(guard::Any(guard::Get()).or(guard::Head()));
    cfg.service(web::resource("/health/db").route(asked.to(db_health)));
}

/// Asks the database, and reports the result.
pub async fn db_health(pool: web::Data<Pool>) -> HttpResponse {
    let started = Instant::now();
    let outcome: Outcome = match timeout_at(started + LIMIT, ask(pool)).await {
        Ok(outcome) => outcome,
        Err(elapsed) => Err(elapsed.into()),
    };
    let took_ms = started.elapsed().as_millis() as u64;
    let (status, db) = match outcome {
        Ok(()) => (StatusCode::OK, "ok"),
        Err(cause) => {
            log::warn!("no answer from the database in {took_ms} ms: {cause}");
            (StatusCode::SERVICE_UNAVAILABLE, "down")
        }
    };
    HttpResponseBuilder::new(status)
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(Answer { db, took_ms })
}

type Outcome = Result<(), Box<dyn Error + Send + Sync>>;

async fn ask(pool: web::Data<Pool>) -> Outcome {
    let permit = Arc::clone(&QUESTIONS).acquire_owned().await?;
    let question = spawn_blocking(move || {
        // It lives as long as this thread is busy.
        let _permit = permit;
        query(&pool)
    });
    question.await?
}

fn query(pool: &Pool) -> Outcome {
    let mut connection = pool.get()?;
    sql_query("SELECT 1").execute(&mut connection)?;
    Ok(())
}
