//! What Prometheus would have seen of the service: two instances of it, and another service beside, minute by minute. All is
//! well, and a scenario changes what it is about.

mod counter;
mod drawn;
mod pool;
mod series;

pub use counter::Counter;
use counter::{PROBES, REQUESTS};
use drawn::{DRAWN, MOST, Machine};
use pool::Connections;

use crate::tools::prometheus::exposition::Sample;

/// The name of the service in the lesson's Prometheus.
pub const JOB: &str = "app";

/// How long everything is healthy before the scenario begins: windows have filled by then.
pub const BEGIN: usize = 20;

pub const READINGS: &str = "/readings/{sensor}";

/// Everything that was seen.
pub struct Metrics {
    /// The instances of the service.
    pub app: Vec<Instance>,
    /// An instance of another service, without traffic.
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
    pub pool: Connections,
    pub memory: Vec<f64>,
    pub limit: Option<f64>,
    /// The minutes in which it counts from zero again.
    pub restarts: Vec<usize>,
    pub counters: Vec<Counter>,
}

impl Metrics {
    /// All is well, for so many minutes, with so many thousand requests a minute to each of two instances.
    pub fn new(minutes: usize, thousands: f64) -> Metrics {
        let mut other = Instance::new(&DRAWN.other_job, &DRAWN.other, thousands, minutes);
        other.falls_quiet(0);
        let app = Vec::new();
        let mut metrics = Metrics { app, other };
        metrics.has_instances(2);
        metrics
    }

    /// There are so many instances of the service, at most [`MOST`].
    pub fn has_instances(&mut self, count: usize) {
        let (minutes, thousands) = (self.other.up.len(), self.other.thousands);
        assert!(count <= MOST, "there are machines for {MOST} instances");
        self.app.truncate(count);
        for machine in &DRAWN.machines[self.app.len()..count] {
            self.app
                .push(Instance::new(JOB, machine, thousands, minutes));
        }
    }

    /// Every series, with the values as promtool reads them.
    pub fn series(&self) -> Vec<(String, String)> {
        self.instances().flat_map(Instance::series).collect()
    }

    /// The series of this sample, which no scenario is about.
    pub fn series_of(&self, sample: &Sample) -> Vec<(String, String)> {
        let of = |instance: &Instance| instance.series_of(sample);
        self.instances().map(of).collect()
    }

    fn instances(&self) -> impl Iterator<Item = &Instance> {
        self.app.iter().chain([&self.other])
    }
}

/// Whether scenarios are about the metric of this name.
pub fn is_modelled(name: &str) -> bool {
    const MODELLED: [&str; 8] = [
        "db_pool_connections",
        "db_pool_connections_idle",
        "db_pool_connections_max",
        "db_up",
        "process_memory_limit_bytes",
        "process_resident_memory_bytes",
        "process_virtual_memory_bytes",
        "up",
    ];
    MODELLED.contains(&name) || name.starts_with("http_request")
}

impl Instance {
    fn new(job: &str, machine: &Machine, thousands: f64, minutes: usize) -> Instance {
        let asked = REQUESTS.map(|(method, path, status, of_thousand)| {
            (method, path, status, of_thousand * thousands)
        });
        let probed = PROBES.map(|(path, status, times)| ("GET", path, status, times));
        let counters = asked.into_iter().chain(probed);
        let counters = counters.map(|kind| Counter::new(kind, thousands, minutes));
        Instance {
            job: job.to_owned(),
            name: machine.name.clone(),
            thousands,
            is_target: vec![true; minutes],
            up: vec![true; minutes],
            db_up: vec![1.0; minutes],
            pool: Connections::new(machine.connections, minutes),
            memory: vec![0.3 * machine.memory; minutes],
            limit: Some(machine.memory),
            restarts: Vec::new(),
            counters: counters.collect(),
        }
    }

    /// In these minutes so many of a thousand requests are readings that are asked for and answered with `status` in place of 200.
    pub fn fail(&mut self, status: &'static str, of_thousand: f64, when: impl Fn(usize) -> bool) {
        self.swap(("GET", READINGS), ("200", status), of_thousand, when);
    }

    /// In these minutes so many of a thousand requests are readings that are sent and answered with `status` in place of 201.
    pub fn refuse(&mut self, status: &'static str, of_thousand: f64, when: impl Fn(usize) -> bool) {
        self.swap(("POST", "/readings"), ("201", status), of_thousand, when);
    }

    fn swap(
        &mut self,
        (method, path): (&'static str, &'static str),
        (good, bad): (&'static str, &'static str),
        of_thousand: f64,
        when: impl Fn(usize) -> bool,
    ) {
        let failing = of_thousand * self.thousands;
        for (status, change) in [(good, -failing), (bad, failing)] {
            let steps = &mut self.counter(method, path, status).steps;
            let minutes = steps.iter_mut().enumerate();
            minutes
                .filter(|(minute, _)| when(*minute))
                .for_each(|(_, step)| *step += change);
        }
    }

    /// In these minutes such a share of the answers to a route takes longer than a second.
    pub fn is_late(&mut self, method: &str, path: &str, share: f64, when: impl Fn(usize) -> bool) {
        let counters = self.counters.iter_mut();
        for counter in counters.filter(|it| (it.method, it.path) == (method, path)) {
            for minute in (0..counter.steps.len()).filter(|minute| when(*minute)) {
                counter.late[minute] = share * counter.steps[minute];
            }
        }
    }

    /// From this minute on there are no requests for readings.
    pub fn falls_quiet(&mut self, from: usize) {
        let of_people = |counter: &&mut Counter| counter.path.starts_with("/readings");
        for counter in self.counters.iter_mut().filter(of_people) {
            counter.steps[from..].fill(0.0);
        }
    }

    /// The one kind of requests. One that nobody has counted yet is at the number of some bad days.
    pub fn counter(
        &mut self,
        method: &'static str,
        path: &'static str,
        status: &'static str,
    ) -> &mut Counter {
        let place = self.counters.iter().position(|counter| {
            (counter.method, counter.path, counter.status) == (method, path, status)
        });
        let place = place.unwrap_or_else(|| {
            let minutes = self.up.len();
            self.counters.push(Counter::new(
                (method, path, status, 0.0),
                self.thousands,
                minutes,
            ));
            self.counters.len() - 1
        });
        &mut self.counters[place]
    }
}
