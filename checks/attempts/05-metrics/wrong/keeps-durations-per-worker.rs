//! Each worker keeps its durations until there are 64 of them, or it is scraped.
//!
//! Why a learner writes it: The `prometheus` crate praises its local histograms as faster.
//! Fails: metrics.agrees-with-itself

use std::{
    cell::RefCell,
    future::{Future, Ready, ready},
    pin::Pin,
    sync::LazyLock,
    time::Instant,
};

use actix_web::{
    Error, HttpResponse,
    body::{EitherBody, MessageBody},
    dev::{Service, ServiceRequest, ServiceResponse, Transform, forward_ready},
    error::ErrorInternalServerError,
    http::Method,
    middleware::Next,
    web,
};
use prometheus::{HistogramOpts, HistogramVec, IntCounterVec, Opts, local::LocalHistogramVec};
use solutions::scrape;

/// The bounds of the histogram, in seconds.
const BUCKETS: [f64; 11] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0,
];

/// The methods that are counted; all others are invented.
const METHODS: [Method; 9] = [
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
    Method::OPTIONS,
    Method::TRACE,
    Method::CONNECT,
];

const LABELS: [&str; 3] = ["method", "path", "status"];

/// How many durations a worker collects before it hands them over.
const BATCH: u32 = 64;

static REQUESTS: LazyLock<IntCounterVec> = LazyLock::new(|| {
    let opts = Opts::new("http_requests_total", "Total number of HTTP requests");
    let requests = IntCounterVec::new(opts, &LABELS).expect("the names are valid");
    prometheus::register(Box::new(requests.clone())).expect("nobody has registered it before");
    requests
});

static DURATIONS: LazyLock<HistogramVec> = LazyLock::new(|| {
    let opts = HistogramOpts::new("http_request_duration_seconds", "Duration of HTTP requests")
        .buckets(BUCKETS.to_vec());
    let durations = HistogramVec::new(opts, &LABELS).expect("the names are valid");
    prometheus::register(Box::new(durations.clone())).expect("nobody has registered it before");
    durations
});

thread_local! {
    /// A histogram costs a lock and several atomics for each request. A local one costs nothing.
    static LOCAL: RefCell<Local> = RefCell::new(Local {
        durations: DURATIONS.local(),
        waiting: 0,
    });
}

struct Local {
    durations: LocalHistogramVec,
    waiting: u32,
}

impl Local {
    fn hand_over(&mut self) {
        self.durations.flush();
        self.waiting = 0;
    }
}

fn count<B>(response: &ServiceResponse<B>, started: Instant) {
    let request = response.request();
    let pattern = request.match_pattern();
    let status = response.status();
    let labels = [
        request.method().as_str(),
        pattern.as_deref().unwrap_or("unmatched"),
        status.as_str(),
    ];
    REQUESTS.with_label_values(&labels).inc();
    LOCAL.with_borrow_mut(|local| {
        let seconds = started.elapsed().as_secs_f64();
        local.durations.with_label_values(&labels).observe(seconds);
        local.waiting += 1;
        if local.waiting >= BATCH {
            local.hand_over();
        }
    });
}

/// Counts and times every request.
pub fn middleware() -> Counting {
    LazyLock::force(&REQUESTS);
    LazyLock::force(&DURATIONS);
    Counting
}

#[derive(Clone)]
pub struct Counting;

impl<S, B> Transform<S, ServiceRequest> for Counting
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    S::Future: 'static,
    B: 'static,
{
    type Response = ServiceResponse<B>;
    type Error = Error;
    type InitError = ();
    type Transform = CountingService<S>;
    type Future = Ready<Result<CountingService<S>, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        ready(Ok(CountingService { service }))
    }
}

pub struct CountingService<S> {
    service: S,
}

impl<S, B> Service<ServiceRequest> for CountingService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    S::Future: 'static,
    B: 'static,
{
    type Response = ServiceResponse<B>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<ServiceResponse<B>, Error>>>>;

    forward_ready!(service);

    fn call(&self, req: ServiceRequest) -> Self::Future {
        let started = Instant::now();
        let answer = self.service.call(req);
        Box::pin(async move {
            let response = answer.await?;
            count(&response, started);
            Ok(response)
        })
    }
}

/// Refuses an invented method before it is counted.
pub async fn known_methods<B: MessageBody>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    if METHODS.contains(req.method()) {
        let response = next.call(req).await?;
        return Ok(response.map_into_left_body());
    }
    let refusal = HttpResponse::MethodNotAllowed().finish();
    Ok(req.into_response(refusal).map_into_right_body())
}

/// `GET /metrics`.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/metrics").route(web::get().to(metrics)));
}

async fn metrics() -> Result<HttpResponse, Error> {
    // What this worker has not handed over yet must be in the text.
    LOCAL.with_borrow_mut(Local::hand_over);
    let text = scrape::text().map_err(ErrorInternalServerError)?;
    Ok(HttpResponse::Ok()
        .content_type(scrape::CONTENT_TYPE)
        .body(text))
}
