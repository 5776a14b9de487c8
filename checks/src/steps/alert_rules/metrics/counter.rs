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
        }
    }

    /// Its value in each minute.
    pub fn counted(&self, restarts: &[usize]) -> Vec<f64> {
        let mut count = self.before;
        let steps = self.steps.iter().enumerate();
        steps
            .map(|(minute, step)| {
                count = if restarts.contains(&minute) {
                    0.0
                } else {
                    count + step
                };
                count
            })
            .collect()
    }
}
