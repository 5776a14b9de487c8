//! What was seen of a scene, and its line in the table.

use std::time::Duration;

use crate::{clients::AllAnswers, common::service::Figures};

pub const HEAD: &str = "| the database is | `/health`: p99, longest | `/health/db`: status, longest | `/readings`: status, longest | log lines a second | `db_up` | well again after | threads, most | descriptors, most | memory after |\n|---|---|---|---|---|---|---|---|---|---|";

/// What was seen of one round.
#[derive(Default)]
pub struct Round {
    pub answers: AllAnswers,
    pub lines_per_second: f64,
    /// After how long `db_up` was 0.
    pub noticed: Option<Duration>,
    pub recovered: Duration,
    pub most: Figures,
    /// With all clients gone.
    pub after: Figures,
}

/// What was seen of all rounds.
#[derive(Default)]
pub struct Seen {
    pub answers: AllAnswers,
    pub lines_per_second: f64,
    pub noticed: Option<Duration>,
    pub recovered: Duration,
    pub most: Vec<Figures>,
    pub after: Vec<Figures>,
}

impl Seen {
    pub fn add(&mut self, round: Round) {
        self.answers.add(round.answers);
        self.lines_per_second = self.lines_per_second.max(round.lines_per_second);
        self.noticed = self.noticed.or(round.noticed);
        self.recovered = self.recovered.max(round.recovered);
        self.most.push(round.most);
        self.after.push(round.after);
    }

    pub fn row(&self, name: &str) -> String {
        let [database, readings] = [&self.answers.database, &self.answers.readings];
        let noticed = self.noticed.map_or("1".to_owned(), |after| {
            format!("0 after {:.1} s", after.as_secs_f64())
        });
        format!(
            "| {name} | {:.0} ms, {:.2} s | {}, {:.2} s | {}, {:.2} s | {:.0} | {noticed} | {:.2} s | {} | {} | {} MB |",
            self.answers.health.p99(),
            self.answers.health.longest() / 1000.0,
            database.list(),
            database.longest() / 1000.0,
            readings.list(),
            readings.longest() / 1000.0,
            self.lines_per_second,
            self.recovered.as_secs_f64(),
            each(&self.most, |figures| figures.threads.to_string()),
            each(&self.most, |figures| figures.descriptors.to_string()),
            each(&self.after, |figures| format!("{:.1}", figures.memory)),
        )
    }
}

/// The figures of the rounds in turn.
fn each(rounds: &[Figures], figure: impl Fn(&Figures) -> String) -> String {
    rounds.iter().map(figure).collect::<Vec<_>>().join(", ")
}
