//! An enum of causes, a permit of its own, and figures of the pool in both answers.
//!
//! Right because: Each answer comes from a query of its own, within a limit; figures are no cause.

use std::{
    fmt,
    sync::{Arc, LazyLock},
    time::{Duration, Instant},
};

use actix_web::{
    HttpResponse,
    error::BlockingError,
    http::{StatusCode, header},
    rt::time::timeout,
    web,
};
use diesel::{connection::SimpleConnection, r2d2::PoolError};
use serde::Serialize;
use solutions::db::Pool;
use tokio::sync::{AcquireError, Semaphore};

const PATIENCE: Duration = Duration::from_millis(1_200);

/// In the whole process one query at a time.
static QUEUE: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(1)));

/// Why there is no "ok". For the log alone.
enum Trouble {
    Queue(AcquireError),
    Thread(BlockingError),
    Pool(PoolError),
    Query(diesel::result::Error),
    Late,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::Queue(cause) => write!(f, "the queue is closed: {cause}"),
            Trouble::Thread(cause) => write!(f, "the thread broke off: {cause}"),
            Trouble::Pool(cause) => write!(f, "no connection: {cause}"),
            Trouble::Query(cause) => write!(f, "the query failed: {cause}"),
            Trouble::Late => write!(f, "still waiting after {PATIENCE:?}"),
        }
    }
}

#[derive(Serialize)]
struct Body {
    took_ms: u128,
    pool: Figures,
    db: &'static str,
}

#[derive(Serialize)]
struct Figures {
    open: u32,
    idle: u32,
}

/// `GET` and `HEAD /health/db`.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/health/db").get(db_health).head(db_health));
}

/// Asks the database, and reports the result.
pub async fn db_health(pool: web::Data<Pool>) -> HttpResponse {
    let begun = Instant::now();
    let asked = timeout(PATIENCE, ask(pool.clone()))
        .await
        .unwrap_or(Err(Trouble::Late));
    let (status, db) = match &asked {
        Ok(()) => (StatusCode::OK, "ok"),
        Err(trouble) => {
            log::warn!("GET or HEAD /health/db: {trouble}");
            (StatusCode::SERVICE_UNAVAILABLE, "down")
        }
    };
    let state = pool.state();
    HttpResponse::build(status)
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(Body {
            took_ms: begun.elapsed().as_millis(),
            pool: Figures {
                open: state.connections,
                idle: state.idle_connections,
            },
            db,
        })
}

async fn ask(pool: web::Data<Pool>) -> Result<(), Trouble> {
    let permit = Arc::clone(&QUEUE)
        .acquire_owned()
        .await
        .map_err(Trouble::Queue)?;
    let work = move || {
        let result = pool
            .get()
            .map_err(Trouble::Pool)
            .and_then(|mut lent| lent.batch_execute("SELECT 1").map_err(Trouble::Query));
        drop(permit);
        result
    };
    web::block(work).await.map_err(Trouble::Thread)?
}
