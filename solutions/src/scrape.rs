//! What a scrape is answered: everything that is counted in this process, as text for Prometheus. Ready made.

use std::sync::LazyLock;

use prometheus::{
    IntCounterVec, IntGauge, Opts, TextEncoder,
    core::Collector,
    proto::{Metric, MetricFamily},
};

const COUNTER: &str = "http_requests_total";

/// What may fail, and how. These series stand at zero from the start: one that first appears with a value of 50 has not increased
/// by 50, for all that Prometheus can tell, and the alert about it would stay silent.
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

/// The content type of [`text`]. Without it Prometheus 3 does not read the answer.
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// All that is in the default registry, the figures of the process among it, which version this is, and what has not failed yet.
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
