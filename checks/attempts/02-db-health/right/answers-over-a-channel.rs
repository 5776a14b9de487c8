//! A thread of its own asks, and answers over a channel.
//!
//! Right because: each probe is one question, one after the other, within the second.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{LazyLock, mpsc},
    thread,
    time::Duration,
};

use actix_web::{HttpResponse, rt::time::timeout, web};
use diesel::connection::SimpleConnection;
use serde::Serialize;
use tokio::sync::oneshot;

use solutions::db::Pool;

/// Leaves more than half a second of the promised two.
const DEADLINE: Duration = Duration::from_millis(1400);

type Reply = Result<(), String>;

struct Question {
    pool: web::Data<Pool>,
    reply: oneshot::Sender<Reply>,
}

/// Where questions are put. The thread behind it starts with the first one.
static DESK: LazyLock<mpsc::Sender<Question>> = LazyLock::new(|| {
    let (put, take) = mpsc::channel();
    let started = thread::Builder::new()
        .name("db-health".to_owned())
        .spawn(move || answer_all(take));
    if let Err(error) = started {
        // The receiver is gone with the closure, so each question is told so.
        log::error!("no thread for the database probe: {error}");
    }
    put
});

#[derive(Serialize)]
struct Body {
    pool: Figures,
    db: &'static str,
}

#[derive(Serialize)]
struct Figures {
    open: u32,
    idle: u32,
    most: u32,
}

/// `GET` and `HEAD /health/db`.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/health/db").get(db_health).head(db_health));
}

/// Asks the database, and reports the result.
pub async fn db_health(pool: web::Data<Pool>) -> HttpResponse {
    let reply = ask(pool.clone()).await;
    if let Err(cause) = &reply {
        log::warn!("the database cannot be used: {cause}");
    }
    let mut response = match reply {
        Ok(()) => HttpResponse::Ok(),
        Err(_) => HttpResponse::ServiceUnavailable(),
    };
    let state = pool.state();
    response
        .insert_header(("Cache-Control", "no-store, no-cache"))
        .json(Body {
            pool: Figures {
                open: state.connections,
                idle: state.idle_connections,
                most: pool.max_size(),
            },
            db: if reply.is_ok() { "ok" } else { "down" },
        })
}

async fn ask(pool: web::Data<Pool>) -> Reply {
    let (reply, hear) = oneshot::channel();
    DESK.send(Question { pool, reply })
        .map_err(|_| "nobody takes questions".to_owned())?;
    match timeout(DEADLINE, hear).await {
        Ok(Ok(reply)) => reply,
        Ok(Err(_)) => Err("the question was lost".to_owned()),
        Err(_) => Err(format!("it has not answered for {DEADLINE:?}")),
    }
}

fn answer_all(questions: mpsc::Receiver<Question>) {
    for Question { pool, reply } in questions {
        // Whoever asked has been told "down" already.
        if reply.is_closed() {
            continue;
        }
        let answer = catch_unwind(AssertUnwindSafe(|| select_one(&pool)));
        let answer = answer.unwrap_or_else(|_| Err("the question panicked".to_owned()));
        // If the caller has gone meanwhile, nobody needs it.
        let _ = reply.send(answer);
    }
}

fn select_one(pool: &Pool) -> Reply {
    let mut connection = pool
        .get()
        .map_err(|error| format!("no connection: {error}"))?;
    connection
        .batch_execute("SELECT 1")
        .map_err(|error| format!("no answer: {error}"))
}
