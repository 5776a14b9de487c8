//! One thread asks for all, in the order in which they came.
//!
//! Right because: Each probe has a `SELECT 1` of its own, and a frozen database holds up this thread alone.

use std::{
    panic::{self, AssertUnwindSafe},
    sync::{LazyLock, mpsc},
    thread,
    time::Duration,
};

use actix_web::{
    HttpResponse,
    http::{Method, header},
    rt::time::timeout,
    web,
};
use diesel::connection::SimpleConnection;
use serde::Serialize;
use tokio::sync::oneshot;

use solutions::db::Pool;

const LIMIT: Duration = Duration::from_millis(1250);

struct Question {
    pool: web::Data<Pool>,
    reply: oneshot::Sender<Result<(), String>>,
}

#[derive(Serialize)]
struct Report {
    db: &'static str,
}

/// Where questions are put in; the thread behind it starts with the first one.
static DESK: LazyLock<mpsc::Sender<Question>> = LazyLock::new(|| {
    let (put, take) = mpsc::channel::<Question>();
    thread::spawn(move || {
        for Question { pool, reply } in take {
            if !reply.is_closed() {
                let asked = panic::catch_unwind(AssertUnwindSafe(|| ask(&pool)));
                let result = asked.unwrap_or_else(|_| Err("the query panicked".to_owned()));
                // The caller may have left meanwhile.
                let _ = reply.send(result);
            }
        }
    });
    put
});

pub fn routes(cfg: &mut web::ServiceConfig) {
    let mut resource = web::resource("/health/db");
    for method in [Method::GET, Method::HEAD] {
        resource = resource.route(web::method(method).to(db_health));
    }
    cfg.service(resource);
}

pub async fn db_health(pool: web::Data<Pool>) -> HttpResponse {
    let (mut answer, report) = match question(pool).await {
        Ok(()) => (HttpResponse::Ok(), Report { db: "ok" }),
        Err(cause) => {
            log::warn!("/health/db says that the database is down: {cause}");
            (HttpResponse::ServiceUnavailable(), Report { db: "down" })
        }
    };
    answer
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(report)
}

async fn question(pool: web::Data<Pool>) -> Result<(), String> {
    let (reply, hear) = oneshot::channel();
    DESK.send(Question { pool, reply })
        .map_err(|error| error.to_string())?;
    match timeout(LIMIT, hear).await {
        Ok(Ok(result)) => result,
        Ok(Err(gone)) => Err(gone.to_string()),
        Err(_) => Err(format!("no answer within {LIMIT:?}")),
    }
}

fn ask(pool: &Pool) -> Result<(), String> {
    let mut connection = pool.get().map_err(|error| error.to_string())?;
    connection
        .batch_execute("SELECT 1")
        .map_err(|error| error.to_string())
}
