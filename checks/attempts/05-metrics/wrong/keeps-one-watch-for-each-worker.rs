//! The watch belongs to the middleware of a worker, and each request sets it anew.
//!
//! Why a learner writes it: a worker is one thread, which seems to handle one request at a time.
//! Fails: metrics.measures-seconds

use std::{
    cell::Cell,
    future::{Ready, ready},
    pin::Pin,
    rc::Rc,
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
use prometheus::{HistogramOpts, HistogramVec, IntCounterVec, Opts};
use solutions::scrape;

/// In seconds. A probe takes less than 1 ms and a reading some; the database is given up after 1 s, and a caller is promised an
/// answer within 2 s. No more than that, because each one is a series for every route, method and status.
const BUCKETS: [f64; 11] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0,
];

/// The methods that are counted. HTTP lets callers invent others, and each would be a series for ever.
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

/// Counts and times every request. Create it once and clone it for each worker, so that all share one registry.
pub fn middleware() -> Counting {
    let total = Opts::new("http_requests_total", "Total number of HTTP requests");
    let seconds = HistogramOpts::new(
        "http_request_duration_seconds",
        "HTTP request duration in seconds for all requests",
    )
    .buckets(BUCKETS.to_vec());
    let counting = Counting {
        total: IntCounterVec::new(total, &LABELS).expect("the names are valid"),
        seconds: HistogramVec::new(seconds, &LABELS).expect("the names are valid"),
    };
    // The default registry also has the process metrics.
    prometheus::register(Box::new(counting.total.clone())).expect("nobody has registered it");
    prometheus::register(Box::new(counting.seconds.clone())).expect("nobody has registered it");
    counting
}

/// The two metrics, which all workers share.
#[derive(Clone)]
pub struct Counting {
    total: IntCounterVec,
    seconds: HistogramVec,
}

impl Counting {
    fn count<B>(&self, response: &ServiceResponse<B>, started: Instant) {
        let request = response.request();
        // All paths that no route matches are one series: strangers try a lot of them.
        let path = request
            .match_pattern()
            .unwrap_or_else(|| "unmatched".to_owned());
        let status = response.status();
        let labels = [request.method().as_str(), path.as_str(), status.as_str()];
        self.total.with_label_values(&labels).inc();
        self.seconds
            .with_label_values(&labels)
            .observe(started.elapsed().as_secs_f64());
    }
}

impl<S, B> Transform<S, ServiceRequest> for Counting
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    S::Future: 'static,
    B: 'static,
{
    type Response = ServiceResponse<B>;
    type Error = Error;
    type Transform = CountingService<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, Self::InitError>>;

    fn new_transform(&self, service: S) -> Self::Future {
        ready(Ok(CountingService {
            service,
            counting: self.clone(),
            started: Rc::new(Cell::new(Instant::now())),
        }))
    }
}

/// What one worker wraps around its routes.
pub struct CountingService<S> {
    service: S,
    counting: Counting,
    /// When the request came.
    started: Rc<Cell<Instant>>,
}

impl<S, B> Service<ServiceRequest> for CountingService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    S::Future: 'static,
    B: 'static,
{
    type Response = ServiceResponse<B>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>>>>;

    forward_ready!(service);

    fn call(&self, req: ServiceRequest) -> Self::Future {
        let counting = self.counting.clone();
        let started = self.started.clone();
        started.set(Instant::now());
        let answer = self.service.call(req);
        Box::pin(async move {
            let response = answer.await?;
            counting.count(&response, started.get());
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
        return Ok(next.call(req).await?.map_into_left_body());
    }
    let answer = HttpResponse::MethodNotAllowed().finish();
    Ok(req.into_response(answer).map_into_right_body())
}

/// `GET /metrics`.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/metrics").route(web::get().to(metrics)));
}

async fn metrics() -> Result<HttpResponse, Error> {
    let text = scrape::text().map_err(ErrorInternalServerError)?;
    Ok(HttpResponse::Ok()
        .content_type(scrape::CONTENT_TYPE)
        .body(text))
}
