//! What callers, probes and Prometheus have asked for, counted.

use super::READINGS;

/// What was asked for, and with what status it was answered; and how often, of a thousand requests.
pub const REQUESTS: [(&str, &str, &str, f64); 6] = [
    ("GET", READINGS, "200", 899.0),
    ("GET", READINGS, "404", 1.0),
    ("POST", "/readings", "201", 100.0),
    ("GET", READINGS, "500", 0.0),
    ("GET", READINGS, "503", 0.0),
    ("POST", "/readings", "503", 0.0),
];

/// How often it is probed and scraped, in a minute.
pub const PROBES: [(&str, &str, f64); 4] = [
    ("/health", "200", 2.0),
    ("/health/db", "200", 2.0),
    ("/health/db", "503", 0.0),
    ("/metrics", "200", 1.0),
];

/// How long an answer usually takes, and how long a late one does, in seconds.
const USUAL: f64 = 0.004;
const LATE: f64 = 1.5;

/// Requests of one kind.
pub struct Counter {
    pub method: &'static str,
    pub path: &'static str,
    pub status: &'static str,
    /// How many there have been before.
    before: f64,
    /// How many come in each minute.
    pub steps: Vec<f64>,
    /// How many of these take [`LATE`].
    pub late: Vec<f64>,
    /// How long the others take.
    pub takes: f64,
}

impl Counter {
    /// So many requests of one kind in each minute.
    pub fn new(
        (method, path, status, step): (&'static str, &'static str, &'static str, f64),
        thousands: f64,
        minutes: usize,
    ) -> Counter {
        Counter {
            method,
            path,
            status,
            // Some days are behind it, bad ones among them: three answers of a hundred were errors.
            before: if status.starts_with('5') {
                600.0 * thousands
            } else {
                step.max(5.0) * 100.0
            },
            steps: vec![step; minutes],
            late: vec![0.0; minutes],
            takes: USUAL,
        }
    }

    /// There have been none before.
    pub fn begins(&mut self) {
        self.before = 0.0;
    }

    /// How many there have been, in each minute.
    pub fn counted(&self, restarts: &[usize]) -> Vec<f64> {
        self.total(restarts, |_| 1.0)
    }

    /// How many of them took at most so many seconds.
    pub fn within(&self, bound: f64, restarts: &[usize]) -> Vec<f64> {
        self.total(restarts, |seconds| f64::from(seconds <= bound))
    }

    /// How long all of them took together, in seconds.
    pub fn taken(&self, restarts: &[usize]) -> Vec<f64> {
        self.total(restarts, |seconds| seconds)
    }

    /// The sum of what each of them is worth, by how long it took.
    fn total(&self, restarts: &[usize], worth: impl Fn(f64) -> f64) -> Vec<f64> {
        let mut total = self.before * worth(USUAL);
        let steps = self.steps.iter().zip(&self.late).enumerate();
        steps
            .map(|(minute, (step, late))| {
                total = if restarts.contains(&minute) {
                    0.0
                } else {
                    total + (step - late) * worth(self.takes) + late * worth(LATE)
                };
                total
            })
            .collect()
    }
}
