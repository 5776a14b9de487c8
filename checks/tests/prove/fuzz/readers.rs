//! The readers of texts.

use std::{borrow::Cow, fs};

use checks::{
    commands::progress::Progress,
    steps::{alert_rules::rules::Rules, json_logs::event::Event},
    tools::{
        alertmanager::{
            any_hour,
            config::Config,
            durations,
            matcher::{Labels, Matcher},
        },
        compose::{Container, ps},
        prometheus::{
            exposition::{Sample, parse, readable},
            promql,
        },
    },
};
use jiff::{Timestamp, civil::date};

use super::texts;
use crate::common::edits;

/// Its name, what it begins with, and the reader.
pub type Reader = (
    &'static str,
    fn() -> anyhow::Result<Vec<Vec<u8>>>,
    fn(&[u8]),
);

pub const ALL: [Reader; 8] = [
    (
        "exposition",
        || Ok(some(&[METRICS, ODD_METRICS])),
        exposition,
    ),
    (
        "docker's answers",
        || texts("checks/src/tools/compose/fixtures", ".json"),
        docker,
    ),
    ("log", || Ok(some(&[EVENT])), log),
    ("progress.txt", || Ok(some(&[PROGRESS])), progress),
    ("attempts", || texts("checks/attempts", ".diff"), attempts),
    (
        "alertmanager.yml",
        || Ok(some(&[ROUTES, HOURS])),
        alertmanager,
    ),
    ("alerts.yml", || Ok(some(&[ALERTS, RULE])), alerts),
    ("matchers", || Ok(some(&MATCHERS)), matchers),
];

const METRICS: &str = r#"# HELP http_requests_total Requests
# TYPE http_requests_total counter
http_requests_total{method="GET",path="/readings/{sensor}",status="200"} 3
http_requests_total{method="GET",path="a\\b\"c\nd",status="500"} 1e3 1700000000000
# TYPE db_up gauge
db_up 1
"#;
const ODD_METRICS: &str =
    "a{} NaN\n b { c = \"d\" , } +Inf -1\n# a comment\n\n#TYPE c untyped\nc -0\n";
const EVENT: &str = r#"{"ts":"2026-11-29T05:40:29.546Z","level":"INFO","msg":"request","module":"solutions::logs","status":200,"duration_ms":0.2,"path":"/가"}"#;
const PROGRESS: &str = "# cargo verify, format 1. You may delete, copy or commit this file.
step health done 00c0ffee00c0ffee 60 1700000000 8 2
step db-health failed 1 0 1700000000 3 0
check health.answers passed
";
const ALERTS: &str = include_str!("../../../../solutions/alerts.yml");
const ROUTES: &str = include_str!("../../../../solutions/alertmanager.yml");
/// Short ones: a damage is likelier to hit what counts.
const RULE: &str = "groups: [{ name: a, rules: [{ alert: A, expr: 'sum by (b) (rate(c{d=~\"e\"}[5m])) > -0x1', for: 1d }] }]";
const HOURS: &str = "route: { receiver: a }
receivers: [{ name: a }]
time_intervals: [{ name: b, time_intervals: [{ times: [{ start_time: '09:00', end_time: '18:00' }], weekdays: ['monday:5'],
  days_of_month: ['-3:-1', 1], months: [may, '8'], years: ['2026:2028'], location: Asia/Seoul }] }]
";
const MATCHERS: [&str; 4] = [
    r#"{severity="page", a=~"x,y|\"z\"",}"#,
    "severity!~pa.+",
    "1d12h30m",
    "100ms",
];

fn some(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

fn text(input: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(input)
}

/// What is read strictly is read leniently, too; and what is written again is the same once more.
fn exposition(input: &[u8]) {
    let text = text(input);
    let lenient = readable(&text);
    let Ok(scrape) = parse(&text) else {
        return;
    };
    let same = |one: &[Sample], other: &[Sample]| format!("{one:?}") == format!("{other:?}");
    assert!(same(&scrape.samples, &lenient));
    let written: String = scrape.samples.iter().map(line).collect();
    let again = parse(&written).unwrap_or_else(|error| panic!("{error:?}"));
    assert!(same(&scrape.samples, &again.samples));
}

fn line(sample: &Sample) -> String {
    let labels = sample.labels.iter().map(|(name, value)| {
        let value = value
            .replace('\\', "\\\\")
            .replace('"', "\\\"")
            .replace('\n', "\\n");
        format!("{name}=\"{value}\",")
    });
    format!(
        "{}{{{}}} {}\n",
        sample.name,
        labels.collect::<String>(),
        sample.value
    )
}

fn docker(input: &[u8]) {
    let text = text(input);
    for row in ps::read(&text).unwrap_or_default() {
        row.publishes(8000);
    }
    let _ = serde_json::from_str::<Vec<Container>>(&text);
}

fn log(input: &[u8]) {
    for line in text(input).lines() {
        if let Ok(event) = Event::read(line) {
            assert!(event.holds(""));
        }
    }
}

/// What is understood is written in the same words.
fn progress(input: &[u8]) {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    fs::write(root.join("progress.txt"), input).expect("it can be written");
    let Ok((first, None)) = Progress::read(root) else {
        return;
    };
    first.write(root).expect("it can be written");
    let (second, said) = Progress::read(root).expect("it can be read");
    assert!(said.is_none() && first == second);
}

fn attempts(input: &[u8]) {
    let _ = edits::apply(&text(input), ROUTES, "alertmanager.yml");
}

fn alertmanager(input: &[u8]) {
    let text = text(input);
    let Ok(config) = Config::read(&text) else {
        return;
    };
    let now: Timestamp = "2026-12-31T23:59:59Z".parse().expect("an instant");
    for (label, value) in config.mentions() {
        let labels = Labels::from([(label, value)]);
        for route in config.matched_routes(&labels) {
            config.is_active(&route, now);
            route.group(&labels);
        }
        config.receivers_at(&labels, now);
        config.silences(&labels, &labels);
    }
    for interval in config.intervals() {
        interval.contain(now);
        interval.left_out_by(now);
        assert!(interval.edges(date(2028, 2, 29)).count() <= text.len());
    }
    let _ = any_hour::with_any_hour(&text);
}

fn alerts(input: &[u8]) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("alerts.yml");
    fs::write(&path, input).expect("it can be written");
    let Ok(rules) = Rules::read(&path, "alerts.yml") else {
        return;
    };
    for rule in rules.alerts() {
        promql::uses(&rule.expr);
        promql::numbers(&rule.expr);
    }
}

fn matchers(input: &[u8]) {
    let text = text(input);
    for matcher in Matcher::read_all(&text).unwrap_or_default() {
        matcher.values();
        matcher.holds(&Labels::new());
    }
    if let Some(duration) = durations::duration(&text) {
        let shown = durations::shown(duration);
        assert_eq!(
            durations::duration(&shown),
            Some(duration),
            "{text} is {shown}"
        );
    }
}
