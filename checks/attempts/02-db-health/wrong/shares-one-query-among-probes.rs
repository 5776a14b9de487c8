//! Probes that come while one asks get its answer.
//!
//! Why a learner writes it: a hundred probes are one question: that spares the database.
//! Fails: db-health.asks-the-database

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use actix_web::{
    HttpResponse,
    http::{
        StatusCode,
        header::{CacheControl, CacheDirective},
    },
    rt::{self, time::timeout},
    web,
};
use diesel::connection::SimpleConnection;
use serde_json::json;
use tokio::sync::watch;

use solutions::db::Pool;

const DEADLINE: Duration = Duration::from_secs(1);

type Answer = Result<(), String>;

/// The question that is under way, if there is one: whoever comes meanwhile waits for the same answer.
static UNDER_WAY: Mutex<Option<watch::Receiver<Option<Answer>>>> = Mutex::new(None);

/// `GET` and `HEAD /health/db`.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/health/db")
            .route(web::get().to(db_health))
            .route(web::head().to(db_health)),
    );
}

/// Asks the database, and reports the result.
pub async fn db_health(pool: web::Data<Pool>) -> HttpResponse {
    let answer = match timeout(DEADLINE, answer(pool)).await {
        Ok(answer) => answer,
        Err(_) => Err(format!("no answer within {DEADLINE:?}")),
    };
    let (status, word) = match answer {
        Ok(()) => (StatusCode::OK, "ok"),
        Err(cause) => {
            log::warn!("the database is down: {cause}");
            (StatusCode::SERVICE_UNAVAILABLE, "down")
        }
    };
    HttpResponse::build(status)
        .insert_header(CacheControl(vec![CacheDirective::NoStore]))
        .json(json!({ "db": word }))
}

async fn answer(pool: web::Data<Pool>) -> Answer {
    let mut hear = join(pool);
    let told: Option<Answer> = match hear.wait_for(|answer| answer.is_some()).await {
        Ok(answer) => (*answer).clone(),
        Err(_) => None,
    };
    told.unwrap_or_else(|| Err("the question was given up".to_owned()))
}

/// Joins the question that is under way, or begins one.
fn join(pool: web::Data<Pool>) -> watch::Receiver<Option<Answer>> {
    let mut under_way = UNDER_WAY.lock().unwrap_or_else(PoisonError::into_inner);
    let running = (*under_way).clone();
    if let Some(hear) = running {
        return hear;
    }
    let (tell, hear) = watch::channel(None);
    *under_way = Some(hear.clone());
    rt::spawn(async move {
        let answer = match web::block(move || select_one(&pool)).await {
            Ok(answer) => answer,
            Err(error) => Err(error.to_string()),
        };
        *UNDER_WAY.lock().unwrap_or_else(PoisonError::into_inner) = None;
        tell.send_replace(Some(answer));
    });
    hear
}

fn select_one(pool: &Pool) -> Answer {
    let mut connection = pool.get().map_err(|error| error.to_string())?;
    connection
        .batch_execute("SELECT 1")
        .map_err(|error| error.to_string())
}
