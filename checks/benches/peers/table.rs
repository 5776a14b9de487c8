//! What was seen, as tables that can be pasted into `docs/numbers.md`, and what was aimed at.

use crate::programs::{AXUM, BARE, FASTAPI, FASTAPI_POOL, FINISHED};

/// One round of one program.
pub struct Round {
    pub per_second: f64,
    /// In milliseconds.
    pub p50: f64,
    pub p99: f64,
    /// Processor time per request, in microseconds.
    pub cost: f64,
    pub failed: f64,
}

/// All rounds of one program.
pub struct Row {
    pub path: &'static str,
    pub program: &'static str,
    pub rounds: Vec<Round>,
    /// Afterwards, in MB.
    pub memory: f64,
}

impl Row {
    fn median(&self, what: impl Fn(&Round) -> f64) -> f64 {
        let sorted = self.sorted(what);
        sorted[sorted.len() / 2]
    }

    fn sorted(&self, what: impl Fn(&Round) -> f64) -> Vec<f64> {
        let mut sorted: Vec<f64> = self.rounds.iter().map(what).collect();
        sorted.sort_by(f64::total_cmp);
        sorted
    }

    fn per_second(&self) -> f64 {
        self.median(|round| round.per_second)
    }

    fn cost(&self) -> f64 {
        self.median(|round| round.cost)
    }
}

/// A ratio of the finished service and another program that was aimed at.
struct Goal {
    what: &'static str,
    path: &'static str,
    beside: &'static str,
    of: fn(&Row) -> f64,
    /// At least `limit`, or otherwise at most.
    at_least: bool,
    limit: f64,
}

const fn goal(what: &'static str, path: &'static str, beside: &'static str) -> Goal {
    Goal {
        what,
        path,
        beside,
        of: Row::cost,
        at_least: false,
        limit: 1.0,
    }
}

const GOALS: [Goal; 9] = [
    Goal {
        of: Row::per_second,
        at_least: true,
        limit: 20.0,
        ..goal("requests per second", "/health", FASTAPI)
    },
    Goal {
        of: Row::per_second,
        at_least: true,
        limit: 25.0,
        ..goal("requests per second", "/health/db", FASTAPI)
    },
    Goal {
        of: Row::per_second,
        at_least: true,
        limit: 25.0,
        ..goal("requests per second", "/health/db", FASTAPI_POOL)
    },
    Goal {
        of: |row| row.memory,
        limit: 0.1,
        ..goal("memory", "/health", FASTAPI)
    },
    goal("processor time", "/health", AXUM),
    goal("processor time", "/health/db", AXUM),
    goal("processor time", "/readings", AXUM),
    Goal {
        of: Row::per_second,
        at_least: true,
        ..goal("requests per second", "/health/db", AXUM)
    },
    Goal {
        limit: 1.4,
        ..goal("processor time", "/health", BARE)
    },
];

pub fn print(rows: &[Row]) {
    println!(
        "| program | requests/s | least, most | p50, ms | p99, ms | processor time, µs | memory, MB | failed |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for row in rows {
        let sorted = row.sorted(|round| round.per_second);
        println!(
            "| {} | {:.0} | {:.0}, {:.0} | {:.2} | {:.2} | {:.1} | {:.0} | {:.0} |",
            row.program,
            row.per_second(),
            sorted[0],
            sorted[sorted.len() - 1],
            row.median(|round| round.p50),
            row.median(|round| round.p99),
            row.cost(),
            row.memory,
            row.rounds.iter().map(|round| round.failed).sum::<f64>()
        );
    }
}

pub fn print_goals(rows: &[Row]) {
    println!("\n| {FINISHED}, beside | of | ratio | goal | met |");
    println!("|---|---|---|---|---|");
    let find = |path, program| {
        rows.iter()
            .find(|row| row.path == path && row.program == program)
    };
    for goal in GOALS {
        let Some((ours, other)) = find(goal.path, FINISHED).zip(find(goal.path, goal.beside))
        else {
            continue;
        };
        let ratio = (goal.of)(ours) / (goal.of)(other);
        let (words, met) = match goal.at_least {
            true => ("at least", ratio >= goal.limit),
            false => ("at most", ratio <= goal.limit),
        };
        println!(
            "| {} | {}, `{}` | {ratio:.2} | {words} {} | {} |",
            goal.beside,
            goal.what,
            goal.path,
            goal.limit,
            if met { "yes" } else { "**no**" }
        );
    }
}
