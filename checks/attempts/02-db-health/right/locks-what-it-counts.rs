//! The turn is a lock around the number of questions; the thread tells its result over a channel.
//!
//! Right because: waiting for the lock costs no thread, and the thread that asks holds it to the end.

use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};

use actix_web::{
    HttpResponse,
    rt::{task::spawn_blocking, time::timeout},
    web,
};
use diesel::{RunQueryDsl, sql_query};
use serde_json::json;
use solutions::db::Pool;
use tokio::sync::{Mutex, oneshot};

static QUESTIONS: LazyLock<Arc<Mutex<u64>>> = LazyLock::new(Arc::default);

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/health/db")
            .route(web::get().to(db_health))
            .route(web::head().to(db_health)),
    );
}

async fn db_health(pool: web::Data<Pool>) -> HttpResponse {
    let cause = match timeout(Duration::from_millis(900), answer(pool)).await {
        Ok(Ok(())) => {
            return HttpResponse::Ok()
                .insert_header(("Cache-Control", "no-store"))
                .json(json!({ "db": "ok" }));
        }
        Ok(Err(cause)) => cause,
        Err(_) => "it has not answered for 900 ms".to_owned(),
    };
    log::warn!(cause; "no answer from the database: {cause}");
    HttpResponse::ServiceUnavailable()
        .insert_header(("Cache-Control", "no-store"))
        .json(json!({ "db": "down" }))
}

async fn answer(pool: web::Data<Pool>) -> Result<(), String> {
    let mut questions = Arc::clone(&QUESTIONS).lock_owned().await;
    *questions += 1;
    let (tell, told) = oneshot::channel();
    spawn_blocking(move || {
        let result = match pool.get() {
            Ok(mut connection) => sql_query("SELECT 1")
                .execute(&mut connection)
                .map(drop)
                .map_err(|error| format!("question {questions}: {error}")),
            Err(error) => Err(format!("question {questions}: {error}")),
        };
        // Nobody listens any more if the time was up.
        let _ = tell.send(result);
    });
    told.await
        .unwrap_or_else(|_| Err("the thread ended without an answer".to_owned()))
}
