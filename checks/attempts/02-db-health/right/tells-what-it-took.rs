//! Tells how long the query took and how full the pool is, and when to ask again.
//!
//! Right because: other fields and headers are free, and none of them names the cause or the server.

use std::{
    error::Error,
    sync::{Arc, LazyLock},
    time::{Duration, Instant},
};

use actix_web::{HttpResponse, HttpResponseBuilder, rt::time::timeout, web};
use diesel::{IntoSql, RunQueryDsl, select, sql_types::Integer};
use serde::Serialize;
use solutions::db::Pool;
use tokio::sync::Semaphore;

static TURNS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(1)));

#[derive(Serialize)]
struct Report {
    db: &'static str,
    took_ms: f64,
    pool: Figures,
}

#[derive(Serialize)]
struct Figures {
    open: u32,
    idle: u32,
    limit: u32,
}

pub fn routes(cfg: &mut web::ServiceConfig) {
    let resource = web::resource("/health/db")
        .route(web::head().to(report))
        .route(web::get().to(report));
    cfg.service(resource);
}

async fn report(pool: web::Data<Pool>) -> HttpResponse {
    let began = Instant::now();
    let asked = timeout(Duration::from_millis(1400), ask(pool.clone()))
        .await
        .unwrap_or_else(|elapsed| Err(elapsed.into()));
    let (mut answer, db): (HttpResponseBuilder, _) = match &asked {
        Ok(one) if *one == 1 => (HttpResponse::Ok(), "ok"),
        other => {
            log::warn!(took:? = began.elapsed(); "/health/db: {other:?}");
            let mut answer = HttpResponse::ServiceUnavailable();
            answer.insert_header(("Retry-After", "1"));
            (answer, "down")
        }
    };
    let state = pool.state();
    answer
        .insert_header(("Cache-Control", "no-store, max-age=0"))
        .json(Report {
            db,
            took_ms: began.elapsed().as_secs_f64() * 1000.0,
            pool: Figures {
                open: state.connections,
                idle: state.idle_connections,
                limit: pool.max_size(),
            },
        })
}

async fn ask(pool: web::Data<Pool>) -> Result<i32, Box<dyn Error + Send + Sync>> {
    let turn = Arc::clone(&TURNS).acquire_owned().await?;
    let asking = web::block(move || -> Result<i32, Box<dyn Error + Send + Sync>> {
        let one = select(1.into_sql::<Integer>()).get_result(&mut *pool.get()?)?;
        drop(turn);
        Ok(one)
    });
    asking.await?
}
