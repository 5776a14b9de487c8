"""The FastAPI lesson from which this course comes, written from its text. `cargo bench -p checks --bench peers --profile dev` measures it."""

import json
import logging
import os
import time
from contextlib import contextmanager

import psycopg
from fastapi import FastAPI, Request, Response, status
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest
from psycopg_pool import ConnectionPool
from pydantic import BaseModel, Field

DATABASE_URL = os.environ.get("DATABASE_URL", "")

# The lesson takes its connections from `get_conn()` and leaves open where they come from. With POOL=1 there is a pool of as many as
# our service has; without it, each call opens one.
pool = ConnectionPool(DATABASE_URL, min_size=1, max_size=8) if os.environ.get("POOL") else None


@contextmanager
def get_conn():
    with pool.connection() if pool else psycopg.connect(DATABASE_URL) as conn:
        yield conn


class JsonFormatter(logging.Formatter):
    def format(self, record):
        line = {
            "ts": self.formatTime(record),
            "level": record.levelname,
            "msg": record.getMessage(),
            "module": record.module,
        }
        return json.dumps(line, ensure_ascii=False)


handler = logging.StreamHandler()
handler.setFormatter(JsonFormatter())
logging.getLogger().addHandler(handler)

REQUESTS = Counter("http_requests_total", "HTTP requests", ["method", "path"])
DURATION = Histogram("http_request_duration_seconds", "Duration of HTTP requests")

app = FastAPI()


# The lesson declares the two and does not say where they are used. Here is the usual place. The line for each request is uvicorn's.
@app.middleware("http")
async def count(request: Request, call_next):
    started = time.perf_counter()
    response = await call_next(request)
    DURATION.observe(time.perf_counter() - started)
    REQUESTS.labels(request.method, request.url.path).inc()
    return response


@app.get("/health")
def health():
    return {"status": "ok"}


@app.get("/health/db")
def health_db():
    try:
        with get_conn() as conn, conn.cursor() as cur:
            cur.execute("SELECT 1")
            cur.fetchone()
        return {"db": "ok"}
    except Exception as error:
        # As the lesson has it. FastAPI answers 200 to this: see step 2.
        return {"db": "down", "error": str(error)}, status.HTTP_503_SERVICE_UNAVAILABLE


class NewReading(BaseModel):
    sensor: str = Field(min_length=1, max_length=100)
    value: float


@app.post("/readings", status_code=status.HTTP_201_CREATED)
def create(new: NewReading):
    now = time.time_ns() // 1_000_000
    with get_conn() as conn, conn.cursor() as cur:
        cur.execute(
            "INSERT INTO readings (sensor, value, recorded_at_ms) VALUES (%s, %s, %s)",
            (new.sensor, new.value, now),
        )
    return {"sensor": new.sensor, "value": new.value, "recorded_at_ms": now}


@app.get("/metrics")
def metrics():
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
