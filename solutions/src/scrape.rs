//! The response to a scrape: all metrics of this process, as text for Prometheus. Ready made.

use std::sync::LazyLock;

use prometheus::{
    IntCounterVec, IntGauge, Opts, PullingGauge, TextEncoder,
    core::Collector,
    proto::{Metric, MetricFamily},
};

use crate::db::Pool;

const COUNTER: &str = "http_requests_total";

/// What may fail, and how. These series are at zero from the start: if a series first appears with a value of 50, Prometheus
/// sees no increase by 50, and the alert about it stays silent.
const MAY_FAIL: [(&str, &str); 3] = [
    ("GET", "/health/db"),
    ("GET", "/readings/{sensor}"),
    ("POST", "/readings"),
];
const FAILURES: [&str; 2] = ["500", "503"];

static ZEROS: LazyLock<IntCounterVec> = LazyLock::new(|| {
    let opts = Opts::new(COUNTER, "Total number of HTTP requests");
    let zeros =
        IntCounterVec::new(opts, &["method", "path", "status"]).expect("the names are valid");
    for (method, path) in MAY_FAIL {
        for status in FAILURES {
            zeros.with_label_values(&[method, path, status]);
        }
    }
    zeros
});

static BUILD: LazyLock<IntGauge> = LazyLock::new(|| {
    let opts = Opts::new("build_info", "Which version this is; always 1")
        .const_label("version", env!("CARGO_PKG_VERSION"));
    let build = IntGauge::with_opts(opts).expect("the names are valid");
    build.set(1);
    build
});

/// The content type of [`text`]. Without it Prometheus 3 rejects the response.
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Adds gauges that say at each scrape how full the pool is, the first one if there are several. Asking the pool waits for no
/// connection.
pub fn pool(pool: &Pool) {
    let add = |name, help, value: fn(&Pool) -> u32| {
        let pool = pool.clone();
        let value = Box::new(move || value(&pool).into());
        let gauge = PullingGauge::new(name, help, value).expect("the name is valid");
        if let Err(error) = prometheus::register(Box::new(gauge)) {
            log::debug!("{name} is there already: {error}");
        }
    };
    let open = |pool: &Pool| pool.state().connections;
    let idle = |pool: &Pool| pool.state().idle_connections;
    add("db_pool_connections", "Connections to the database", open);
    add("db_pool_connections_idle", "Those that nobody uses", idle);
    add(
        "db_pool_connections_max",
        "Those that there may be",
        Pool::max_size,
    );
}

/// The default registry, including the process metrics; the version of this service; and the failures that have not occurred yet.
pub fn text() -> prometheus::Result<String> {
    let mut families = prometheus::gather();
    families.extend(BUILD.collect());
    for zeros in ZEROS.collect() {
        add_missing(&mut families, zeros);
    }
    TextEncoder::new().encode_to_string(&families)
}

/// Adds those of `zeros` that have not been counted yet.
fn add_missing(families: &mut Vec<MetricFamily>, mut zeros: MetricFamily) {
    let counted = families.iter_mut().find(|family| family.name() == COUNTER);
    let Some(counted) = counted else {
        families.push(zeros);
        return;
    };
    let missing: Vec<Metric> = zeros
        .take_metric()
        .into_iter()
        .filter(|zero| {
            let same = |metric: &Metric| metric.get_label() == zero.get_label();
            !counted.get_metric().iter().any(same)
        })
        .collect();
    counted.mut_metric().extend(missing);
}
