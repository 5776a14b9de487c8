//! Keeps the numbers itself and hands them to the registry as a collector.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::Instant,
};

use actix_web::{
    Error, HttpResponse,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    error::ErrorInternalServerError,
    middleware::{Identity, Next},
    web,
};
use prometheus::{
    core::{Collector, Desc},
    proto::{Bucket, Counter, Histogram, LabelPair, Metric, MetricFamily, MetricType},
};
use solutions::scrape;

const LABELS: [&str; 3] = ["method", "path", "status"];

const BOUNDS: [f64; 8] = [0.001, 0.01, 0.1, 0.5, 1.0, 1.5, 2.0, 4.0];

#[derive(Clone, Default)]
struct Series {
    count: u64,
    sum: f64,
    buckets: [u64; BOUNDS.len()],
}

static SERIES: Mutex<BTreeMap<[String; 3], Series>> = Mutex::new(BTreeMap::new());

fn count(labels: [String; 3], took: f64) {
    let mut all = SERIES.lock().unwrap_or_else(PoisonError::into_inner);
    let series = all.entry(labels).or_default();
    series.count += 1;
    series.sum += took;
    for (bound, bucket) in BOUNDS.iter().zip(&mut series.buckets) {
        *bucket += u64::from(took <= *bound);
    }
}

struct Numbers;

impl Collector for Numbers {
    fn desc(&self) -> Vec<&Desc> {
        Vec::new()
    }

    fn collect(&self) -> Vec<MetricFamily> {
        let all = SERIES.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut counters = Vec::new();
        let mut histograms = Vec::new();
        for (labels, series) in all {
            let pairs: Vec<LabelPair> = LABELS
                .iter()
                .zip(&labels)
                .map(|(name, value)| {
                    let mut pair = LabelPair::default();
                    pair.set_name((*name).to_owned());
                    pair.set_value(value.clone());
                    pair
                })
                .collect();
            let mut counter = Counter::default();
            counter.set_value(series.count as f64);
            let mut metric = Metric::from_label(pairs.clone());
            metric.set_counter(counter);
            counters.push(metric);

            let mut histogram = Histogram::default();
            histogram.set_sample_count(series.count);
            histogram.set_sample_sum(series.sum);
            let buckets = BOUNDS.iter().zip(series.buckets).map(|(bound, count)| {
                let mut bucket = Bucket::default();
                bucket.set_upper_bound(*bound);
                bucket.set_cumulative_count(count);
                bucket
            });
            histogram.set_bucket(buckets.collect());
            let mut metric = Metric::from_label(pairs);
            metric.set_histogram(histogram);
            histograms.push(metric);
        }
        vec![
            family("http_requests_total", MetricType::COUNTER, counters),
            family(
                "http_request_duration_seconds",
                MetricType::HISTOGRAM,
                histograms,
            ),
        ]
    }
}

fn family(name: &str, kind: MetricType, metrics: Vec<Metric>) -> MetricFamily {
    let mut family = MetricFamily::default();
    family.set_name(name.to_owned());
    family.set_help("Requests, and how long they took".to_owned());
    family.set_field_type(kind);
    family.set_metric(metrics);
    family
}

pub fn middleware() -> Identity {
    prometheus::register(Box::new(Numbers)).expect("it is registered once");
    Identity::default()
}

pub async fn known_methods<B: MessageBody>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let started = Instant::now();
    let method = match req.method().as_str() {
        known @ ("GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS" | "TRACE") => {
            known.to_owned()
        }
        _ => "other".to_owned(),
    };
    let response = next.call(req).await?;
    let path = response.request().match_pattern();
    let path = path.as_deref().unwrap_or("unmatched");
    let status = response.status();
    let labels = [method, path.to_owned(), status.as_str().to_owned()];
    count(labels, started.elapsed().as_secs_f64());
    Ok(response)
}

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/metrics").route(web::get().to(metrics)));
}

async fn metrics() -> Result<HttpResponse, Error> {
    let text = scrape::text().map_err(ErrorInternalServerError)?;
    Ok(HttpResponse::Ok()
        .content_type(scrape::CONTENT_TYPE)
        .body(text))
}
