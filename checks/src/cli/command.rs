//! What `cargo verify` does besides checking.

use checks::{
    commands::{
        database,
        hint::{self, Topic},
        server, who,
    },
    course::Step,
    harness::fake_server::Answer,
    steps::on_call,
};
use clap::Subcommand;
use jiff::Timestamp;

use super::step;

#[derive(Subcommand)]
pub enum Command {
    /// Print the next hint for what failed last, a check, or a step.
    Hint {
        /// A check (db-health.recovers) or a step (2).
        #[arg(value_parser = hint::topic, value_name = "CHECK")]
        topic: Option<Topic>,
        /// Which hint, counted from 1.
        number: Option<usize>,
    },
    /// Check the step again whenever you save.
    Watch {
        /// The step; without it the one that you are at.
        #[arg(value_parser = step, value_name = "STEP")]
        step: Option<&'static Step>,
    },
    /// Show the steps, and how far you are.
    List,
    /// Lay the start of a step over your files, which are kept.
    Reset {
        /// 2, step02 or db-health; or several.
        #[arg(value_parser = step, value_name = "STEP", required_unless_present = "all")]
        steps: Vec<&'static Step>,
        /// Every step.
        #[arg(long, conflicts_with = "steps")]
        all: bool,
    },
    /// Show the difference to the solution, or lay it over. Yours is kept.
    Solution {
        /// 2, step02 or db-health.
        #[arg(value_parser = step, value_name = "STEP")]
        step: &'static Step,
        /// Do not ask.
        #[arg(long)]
        yes: bool,
    },
    /// Solve all earlier steps, and begin this one. Your files are kept.
    CatchUp {
        /// The step to begin: 5, step05 or metrics.
        #[arg(value_parser = step, value_name = "STEP")]
        step: &'static Step,
    },
    /// Put your own feature of an earlier step into a later one.
    Carry {
        /// The step whose feature is taken.
        #[arg(value_parser = step, value_name = "FROM")]
        from: &'static Step,
        /// The step that it is put into.
        #[arg(value_parser = step, value_name = "TO")]
        to: &'static Step,
    },
    /// Run the checks' fake database, broken; Enter repairs or breaks it.
    Database {
        /// What is wrong with it.
        fault: database::FaultMode,
        /// The port of 127.0.0.1 that it takes; 0: a free one.
        #[arg(long, default_value_t = database::PORT)]
        port: u16,
    },
    /// Run the checks' fake server, which gives every request one answer.
    Server {
        /// A status (503), or: slow, pieces, half, nothing, garbage, silent, deaf.
        answer: Answer,
        /// The port of 127.0.0.1 that it takes; 0: a free one.
        #[arg(long, default_value_t = server::PORT)]
        port: u16,
    },
    /// Say who is told of an alert with these labels, at a time.
    Who {
        /// The finished file (solutions/) instead of yours.
        #[arg(long)]
        solutions: bool,
        /// When: '2027-03-05 18:00' in Seoul, or 2027-03-05T09:00Z. Without it: now.
        #[arg(long, value_parser = who::time, value_name = "TIME")]
        at: Option<Timestamp>,
        /// The labels of another alert that fires meanwhile, and may silence this one.
        #[arg(long = "while", value_name = "LABELS")]
        others: Vec<String>,
        /// The alert's labels: alertname=MemoryHigh severity=ticket job=app.
        #[arg(value_name = "LABEL=VALUE", required = true)]
        labels: Vec<String>,
    },
    /// Show what Slack and email say about an alert, from first to last.
    Message {
        /// The finished file (solutions/) instead of yours.
        #[arg(long)]
        solutions: bool,
        /// The alert: one of step 6.
        #[arg(value_parser = on_call::ALERTS, default_value = on_call::ALERTS[0])]
        alert: String,
        /// Another alert that begins meanwhile: 'alertname=DiskFull job=app'.
        #[arg(long = "with", value_name = "LABELS")]
        other: Option<String>,
    },
    /// Break one thing after another, and see who is told.
    Drill {
        /// The finished service (solutions/) instead of yours: the instructor's demo.
        #[arg(long)]
        solutions: bool,
        /// Without Docker: prometheus and alertmanager from PATH, and the self-check's own database.
        #[arg(long)]
        native: bool,
        /// Break one thing after another without waiting for a key.
        #[arg(long)]
        auto: bool,
        /// Print one JSON document at the end instead (docs/json.md).
        #[arg(long)]
        json: bool,
    },
    /// Say what this machine lacks, and for which step.
    Doctor {
        /// Build and download what these steps need (without any: all steps), before somebody waits for it.
        #[arg(long, num_args = 0.., value_parser = step, value_name = "STEP")]
        prefetch: Option<Vec<&'static Step>>,
    },
    /// For authors: add a step, with its check and its attempts.
    New {
        /// The prefix of its checks' ids: rate-limit.
        name: String,
    },
}
