//! What Prometheus would have seen of the service: two instances of it, and another service beside, minute by minute. All is
//! well, and a scene changes what it is about.

mod series;

use super::scrape::Labels;
use crate::steps::{random_number, random_word};

/// The name of the service in the lesson's Prometheus.
pub const JOB: &str = "app";

const MIB: f64 = 1_048_576.0;

/// How long something has gone well before it does not any more: windows have filled by then.
pub const BEGIN: usize = 20;

/// What was asked for, and with what status it was answered; and how often, of a thousand requests.
const REQUESTS: [(&str, &str, &str, f64); 9] = [
    ("GET", READINGS, "200", 899.0),
    ("GET", READINGS, "404", 1.0),
    ("POST", "/readings", "201", 100.0),
    ("GET", READINGS, "500", 0.0),
    ("GET", READINGS, "502", 0.0),
    ("GET", READINGS, "503", 0.0),
    ("GET", READINGS, "504", 0.0),
    ("POST", "/readings", "500", 0.0),
    ("POST", "/readings", "503", 0.0),
];
pub const READINGS: &str = "/readings/{sensor}";

/// How often it is probed and scraped, in a minute.
const PROBES: [(&str, &str, f64); 5] = [
    ("/health", "200", 2.0),
    ("/health/db", "200", 2.0),
    ("/health/db", "503", 0.0),
    ("/health/db", "500", 0.0),
    ("/metrics", "200", 1.0),
];

/// Everything that was seen.
pub struct World {
    /// The instances of the service.
    pub app: Vec<Instance>,
    /// One of another service, which nobody asks for anything.
    pub other: Instance,
}

/// One target. Each list has a value for each minute.
pub struct Instance {
    job: String,
    name: String,
    /// How many thousand requests it gets in a minute.
    pub thousands: f64,
    /// Whether Prometheus knows of it.
    pub is_target: Vec<bool>,
    /// Whether it answers the scrape.
    pub up: Vec<bool>,
    pub db_up: Vec<f64>,
    pub memory: Vec<f64>,
    pub limit: Option<f64>,
    /// The minutes in which it counts from zero again.
    pub restarts: Vec<usize>,
    pub counters: Vec<Counter>,
    /// What else it exposes, and no scene is about.
    rest: Vec<(String, Labels, f64)>,
}

/// Requests of one kind.
pub struct Counter {
    pub method: &'static str,
    pub path: &'static str,
    pub status: &'static str,
    /// How many there have been before.
    before: f64,
    /// How many come in each minute.
    pub steps: Vec<f64>,
}

impl World {
    /// All is well. `rest`: what the service exposes beside the metrics of the lesson.
    pub fn new(minutes: usize, rest: &[(String, Labels, f64)]) -> World {
        let rest: Vec<_> = rest
            .iter()
            .filter(|(name, _, _)| !modelled(name))
            .cloned()
            .collect();
        let thousands = random_number(1..5) as f64;
        let instance = |job: &str| Instance::new(job, thousands, minutes, &rest);
        let mut other = instance(&random_word());
        other.falls_quiet(0);
        World {
            app: vec![instance(JOB), instance(JOB)],
            other,
        }
    }

    /// Every series, with the values as promtool reads them.
    pub fn series(&self) -> Vec<(String, String)> {
        let instances = self.app.iter().chain([&self.other]);
        instances.flat_map(Instance::series).collect()
    }
}

fn modelled(name: &str) -> bool {
    const MODELLED: [&str; 5] = [
        "db_up",
        "process_memory_limit_bytes",
        "process_resident_memory_bytes",
        "process_virtual_memory_bytes",
        "up",
    ];
    MODELLED.contains(&name) || name.starts_with("http_request")
}

impl Instance {
    fn new(job: &str, thousands: f64, minutes: usize, rest: &[(String, Labels, f64)]) -> Instance {
        let limit = random_number(64..1024) as f64 * MIB;
        let asked = REQUESTS.map(|(method, path, status, of_thousand)| {
            (method, path, status, of_thousand * thousands)
        });
        let probed = PROBES.map(|(path, status, times)| ("GET", path, status, times));
        let counters = asked.into_iter().chain(probed);
        let counters = counters.map(|(method, path, status, step)| Counter {
            method,
            path,
            status,
            // Some days are behind it, bad ones among them: three answers of a hundred were errors.
            before: match status {
                "500" | "502" | "503" | "504" => 600.0 * thousands,
                _ => step.max(5.0) * 100.0,
            },
            steps: vec![step; minutes],
        });
        Instance {
            job: job.to_owned(),
            name: format!("{}:8000", random_word()),
            thousands,
            is_target: vec![true; minutes],
            up: vec![true; minutes],
            db_up: vec![1.0; minutes],
            memory: vec![0.3 * limit; minutes],
            limit: Some(limit),
            restarts: Vec::new(),
            counters: counters.collect(),
            rest: rest.to_vec(),
        }
    }

    /// In these minutes so many of a thousand requests for readings are answered with `status` in place of 200.
    pub fn fail(&mut self, status: &str, of_thousand: f64, when: impl Fn(usize) -> bool) {
        let failing = of_thousand * self.thousands;
        for counter in &mut self.counters {
            let change = match (counter.method, counter.path, counter.status) {
                ("GET", READINGS, "200") => -failing,
                ("GET", READINGS, of) if of == status => failing,
                _ => continue,
            };
            let minutes = counter.steps.iter_mut().enumerate();
            minutes
                .filter(|(minute, _)| when(*minute))
                .for_each(|(_, step)| *step += change);
        }
    }

    /// From this minute on nobody asks for readings.
    pub fn falls_quiet(&mut self, from: usize) {
        let of_people = |counter: &&mut Counter| counter.path.starts_with("/readings");
        for counter in self.counters.iter_mut().filter(of_people) {
            counter.steps[from..].fill(0.0);
        }
    }

    /// The one kind of requests.
    pub fn counter(&mut self, method: &str, path: &str, status: &str) -> &mut Counter {
        let found = self.counters.iter_mut().find(|counter| {
            (counter.method, counter.path, counter.status) == (method, path, status)
        });
        found.expect("the world has such requests")
    }
}
