//! The service of this course with axum, and what is usually taken for metrics, JSON logs and PostgreSQL there. It is measured beside
//! ours: `cargo bench -p checks --bench peers --profile dev`.

use std::{
    env,
    error::Error,
    net::Ipv4Addr,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    routing::{get, post},
};
use axum_prometheus::PrometheusMetricLayer;
use deadpool_postgres::{Config, Pool, Runtime};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::{net::TcpListener, time::timeout};
use tokio_postgres::NoTls;
use tower_http::trace::{DefaultMakeSpan, DefaultOnResponse, TraceLayer};
use tracing::Level;
use tracing_subscriber::EnvFilter;

/// The limits of our service: see `solutions/src/db_health.rs`, `readings.rs` and `db.rs`.
const HEALTH_DEADLINE: Duration = Duration::from_secs(1);
const DEADLINE: Duration = Duration::from_secs(2);
const MAX_CONNECTIONS: usize = 8;

type Failure = Box<dyn Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let level = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .json()
        .with_env_filter(level)
        .init();
    let (metrics, page) = PrometheusMetricLayer::pair();
    let logs = TraceLayer::new_for_http()
        .make_span_with(DefaultMakeSpan::new().level(Level::INFO))
        .on_response(DefaultOnResponse::new().level(Level::INFO));
    let app = Router::new()
        .route("/health", get(health))
        .route("/health/db", get(db_health))
        .route("/readings", post(create))
        .route("/metrics", get(async move || page.render()))
        .with_state(pool()?)
        .layer(metrics)
        .layer(logs);
    let port: u16 = env::var("PORT")?.parse()?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    Ok(axum::serve(listener, app).await?)
}

fn pool() -> Result<Pool, Failure> {
    let mut config = Config::new();
    config.url = env::var("DATABASE_URL").ok();
    config.pool = Some(deadpool_postgres::PoolConfig::new(MAX_CONNECTIONS));
    Ok(config.create_pool(Some(Runtime::Tokio1), NoTls)?)
}

async fn health() -> Json<Value> {
    Json(json!({ "status": "ok" }))
}

async fn db_health(State(pool): State<Pool>) -> (StatusCode, Json<Value>) {
    let (status, word) = match timeout(HEALTH_DEADLINE, select_one(&pool)).await {
        Ok(Ok(())) => (StatusCode::OK, "ok"),
        failed => {
            tracing::warn!("the database is down: {failed:?}");
            (StatusCode::SERVICE_UNAVAILABLE, "down")
        }
    };
    (status, Json(json!({ "db": word })))
}

async fn select_one(pool: &Pool) -> Result<(), Failure> {
    pool.get().await?.simple_query("SELECT 1").await?;
    Ok(())
}

#[derive(Deserialize)]
struct NewReading {
    sensor: String,
    value: f64,
}

#[derive(Serialize)]
struct Reading {
    sensor: String,
    value: f64,
    recorded_at_ms: i64,
}

async fn create(
    State(pool): State<Pool>,
    Json(new): Json<NewReading>,
) -> Result<(StatusCode, Json<Reading>), StatusCode> {
    match timeout(DEADLINE, insert(&pool, new)).await {
        Ok(Ok(reading)) => Ok((StatusCode::CREATED, Json(reading))),
        failed => {
            tracing::error!("readings: {:?}", failed.map(|saved| saved.map(drop)));
            Err(StatusCode::SERVICE_UNAVAILABLE)
        }
    }
}

async fn insert(pool: &Pool, new: NewReading) -> Result<Reading, Failure> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
    let reading = Reading {
        sensor: new.sensor,
        value: new.value,
        recorded_at_ms: now.as_millis().try_into()?,
    };
    let client = pool.get().await?;
    let insert = "INSERT INTO readings (sensor, value, recorded_at_ms) VALUES ($1, $2, $3)";
    let insert = client.prepare_cached(insert).await?;
    client
        .execute(
            &insert,
            &[&reading.sensor, &reading.value, &reading.recorded_at_ms],
        )
        .await?;
    Ok(reading)
}
