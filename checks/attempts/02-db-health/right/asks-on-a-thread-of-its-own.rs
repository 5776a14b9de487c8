//! One thread of its own asks, for the whole process: the requests send it their question and wait for the answer.
//!
//! Right because: Waiting is async and bounded, and one thread takes no more than one connection.

use std::{
    sync::{OnceLock, mpsc},
    thread,
    time::Duration,
};

use actix_web::{HttpResponse, http::header, rt::time::timeout, web};
use diesel::{RunQueryDsl, sql_query};
use tokio::sync::oneshot;

use solutions::db::Pool;

type Reply = oneshot::Sender<Result<(), String>>;

static QUESTIONS: OnceLock<mpsc::Sender<Reply>> = OnceLock::new();

pub fn routes(cfg: &mut web::ServiceConfig) {
    let resource = web::resource("/health/db")
        .route(web::get().to(db_health))
        .route(web::head().to(db_health));
    cfg.service(resource);
}

async fn db_health(pool: web::Data<Pool>) -> HttpResponse {
    let mut response = match timeout(Duration::from_millis(1500), ask(pool)).await {
        Ok(Ok(())) => HttpResponse::Ok(),
        Ok(Err(why)) => {
            log::error!("SELECT 1: {why}");
            HttpResponse::ServiceUnavailable()
        }
        Err(elapsed) => {
            log::error!("SELECT 1: timeout: {elapsed}");
            HttpResponse::ServiceUnavailable()
        }
    };
    response.insert_header((header::CACHE_CONTROL, "no-store, max-age=0"));
    response.insert_header((header::CONTENT_TYPE, "application/json; charset=utf-8"));
    let up = response.finish().status().is_success();
    let mut response = if up { HttpResponse::Ok() } else { HttpResponse::ServiceUnavailable() };
    response
        .insert_header((header::CACHE_CONTROL, "no-store, max-age=0"))
        .insert_header((header::CONTENT_TYPE, "application/json; charset=utf-8"))
        .body(if up { "{\"db\": \"ok\"}\n" } else { "{\"db\": \"down\"}\n" })
}

async fn ask(pool: web::Data<Pool>) -> Result<(), String> {
    let questions = QUESTIONS.get_or_init(|| {
        let (sender, receiver) = mpsc::channel::<Reply>();
        thread::spawn(move || answer(&pool, &receiver));
        sender
    });
    let (reply, answer) = oneshot::channel();
    questions.send(reply).map_err(|error| error.to_string())?;
    answer.await.map_err(|error| error.to_string())?
}

fn answer(pool: &Pool, questions: &mpsc::Receiver<Reply>) {
    for reply in questions {
        // Its caller has been answered by the timeout.
        if reply.is_closed() {
            continue;
        }
        let found = pool
            .get()
            .map_err(|error| error.to_string())
            .and_then(|mut connection| {
                sql_query("SELECT 1")
                    .execute(&mut connection)
                    .map_err(|error| error.to_string())
            });
        let _ = reply.send(found.map(drop));
    }
}
