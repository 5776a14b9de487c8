//! Whether the histogram exists and is well-formed.

use std::collections::BTreeMap;

use super::{HISTOGRAM, MetricsProbe, counting::curl, exposition_format::names, shown};
use crate::{
    check::Failure,
    harness::text::varying,
    tools::prometheus::exposition::{Labels, Sample, Scrape},
};

pub fn is_there(probe: &MetricsProbe) -> Result<Scrape, Failure> {
    let scrape = probe.scrape()?;
    let failure = |found: String, perhaps: Option<String>| {
        Failure::new(
            format!("# TYPE {HISTOGRAM} histogram, labelled like the counter"),
            found,
            probe.how_of(&curl("GET", "/health", ""), HISTOGRAM),
        )
        .perhaps_if(perhaps)
    };
    match scrape.kind(HISTOGRAM) {
        Some("histogram") => {}
        Some(kind) => {
            let perhaps = match kind {
                "summary" => "quantiles of several instances cannot be put together; buckets can",
                _ => "a mean hides the slow ones: only buckets show how many were how slow",
            };
            return Err(failure(
                format!("# TYPE {HISTOGRAM} {kind}"),
                Some(perhaps.to_owned()),
            ));
        }
        None => {
            let other = scrape
                .families
                .keys()
                .find(|name| name.contains("duration"));
            let perhaps = other.map(|other| match other.as_str() {
                "http_requests_duration_seconds" => {
                    "the plural is what actix-web-prom calls it by default".to_owned()
                }
                other => format!("{other} is another name: dashboards look for this one"),
            });
            return Err(failure(names(&scrape), perhaps));
        }
    }
    if let Some(wrong) = malformed(&scrape) {
        return Err(failure(
            wrong,
            Some("an encoder of a library gets this right".to_owned()),
        ));
    }
    Ok(scrape)
}

/// `/health/db` while the database is well: it takes a part of a second, and that is what is added.
pub fn measures_fractions(probe: &MetricsProbe) -> Result<(), Failure> {
    let question = probe.question("/health/db");
    let answer = question.status(200, probe.send("GET", "/health/db", ""))?;
    let took = answer.took.as_secs_f64();
    let of = |scrape: &Scrape, part: &str| {
        scrape.sum(&format!("{HISTOGRAM}_{part}"), &[("path", "/health/db")])
    };
    let scrape = probe.scrape_until(|scrape| of(scrape, "count") > 0.0)?;
    let sum = of(&scrape, "sum");
    // A part of it was spent on the way; a watch that counts whole seconds shows nothing.
    if sum > 0.0 || of(&scrape, "count") == 0.0 {
        return Ok(());
    }
    Err(Failure::new(
        format!(
            "an answer that took {} s adds a part of a second to {HISTOGRAM}_sum",
            varying("about 0.01", format!("{took:.4}"))
        ),
        format!("it added {sum}"),
        probe.how_of(
            "curl -i http://127.0.0.1:8000/health/db",
            &format!("{HISTOGRAM}_sum"),
        ),
    )
    .perhaps("whole seconds are measured: most answers take far less than one"))
}

/// What is wrong with a histogram, if anything.
fn malformed(scrape: &Scrape) -> Option<String> {
    let buckets = format!("{HISTOGRAM}_bucket");
    let mut histograms: BTreeMap<Labels, Vec<(f64, &Sample)>> = BTreeMap::new();
    for bucket in scrape.of(&buckets) {
        let mut labels = bucket.labels.clone();
        let bound = labels.remove("le").and_then(|bound| bound.parse().ok());
        let Some(bound) = bound else {
            return Some(format!(
                "a bucket without its bound, le:\n{}",
                shown(&bucket.to_string())
            ));
        };
        histograms.entry(labels).or_default().push((bound, bucket));
    }
    let counts = format!("{HISTOGRAM}_count");
    if histograms.is_empty() || scrape.of(&counts).next().is_none() {
        return Some(format!("no {HISTOGRAM}_bucket, or no _count"));
    }
    for (labels, mut of_one) in histograms {
        of_one.sort_by(|(one, _), (other, _)| one.total_cmp(other));
        let falls = of_one
            .windows(2)
            .find(|two| two[0].1.value > two[1].1.value);
        if let Some(two) = falls {
            return Some(format!(
                "each bucket counts what the smaller ones count, too; not here:\n{}\n{}",
                shown(&two[0].1.to_string()),
                shown(&two[1].1.to_string())
            ));
        }
        let count = scrape.of(&counts).find(|count| count.labels == labels);
        let last = of_one.last().filter(|(bound, _)| *bound == f64::INFINITY);
        match (last, count) {
            (Some((_, last)), Some(count)) if last.value == count.value => {}
            (None, _) => return Some("no bucket le=\"+Inf\", in which everything is".to_owned()),
            (Some((_, last)), _) => {
                return Some(format!(
                    "le=\"+Inf\" and _count differ:\n{}",
                    shown(&last.to_string())
                ));
            }
        }
    }
    None
}

/// Bound and count, over all series that have these labels.
pub fn buckets(scrape: &Scrape, labels: &[(&str, &str)]) -> Vec<(f64, f64)> {
    let name = format!("{HISTOGRAM}_bucket");
    let mut buckets: Vec<(f64, f64)> = Vec::new();
    for sample in scrape.of(&name).filter(|sample| sample.has(labels)) {
        let bound = sample.label("le").parse().unwrap_or(f64::NAN);
        match buckets.iter_mut().find(|(other, _)| *other == bound) {
            Some((_, count)) => *count += sample.value,
            None => buckets.push((bound, sample.value)),
        }
    }
    buckets.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    buckets
}
