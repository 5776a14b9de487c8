//! The series of the scenarios, as promtool reads them.

use std::{fmt::Write, sync::LazyLock};

use crate::{
    harness::random::random_number,
    steps::alert_rules::{
        metrics::{Metrics, is_modelled},
        scenarios::SCENARIOS,
        scrape::Scrape,
    },
    tools::prometheus::exposition::Sample,
};

/// What is seen of the service in a scenario.
struct Seen {
    metrics: Metrics,
    series: Vec<(String, String)>,
}

/// For each of [`SCENARIOS`], in their order. Some of its values are drawn, once in a run; where traffic is what it is about, how
/// much there is of it.
static SEEN: LazyLock<Vec<Seen>> = LazyLock::new(|| {
    let thousands = || random_number(1..5) as f64;
    let usual = thousands();
    let seen = SCENARIOS.iter().map(|scenario| {
        let thousands = if scenario.metric().starts_with("http") {
            thousands()
        } else {
            usual
        };
        let mut metrics = Metrics::new(scenario.minutes(), thousands);
        (scenario.happens)(&mut metrics);
        let series = metrics.series();
        Seen { metrics, series }
    });
    seen.collect()
});

/// The series of one scenario: their names with their labels, and their values.
pub struct Input(Vec<(String, String)>);

impl Input {
    /// Whether `longer` begins as this one does: then nothing happens in this one that does not happen there.
    pub fn begins(&self, longer: &Input) -> bool {
        let begins = |values: &str, longer: &str| {
            let rest = longer.strip_prefix(values);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        };
        let mut pairs = self.0.iter().zip(&longer.0);
        self.0.len() == longer.0.len()
            && pairs.all(|(one, other)| one.0 == other.0 && begins(&one.1, &other.1))
    }

    /// As promtool reads it.
    pub fn text(&self) -> String {
        let mut text = "- interval: 1m\n  input_series:\n".to_owned();
        for (series, values) in &self.0 {
            let series = series.replace('\'', "''");
            let _ = writeln!(text, "  - series: '{series}'\n    values: '{values}'");
        }
        text
    }
}

/// The series of each scenario: those that `rules` name, and no others. Most of a service's are none of the rules' business, and
/// promtool would be busy with them for seconds.
pub fn of(scrape: &Scrape, rules: &str) -> Vec<Input> {
    // A selector may also match the name by a pattern.
    let named = |name: &str| rules.contains("__name__") || rules.contains(name);
    let samples = scrape.samples().iter();
    let rest = samples.filter(|it| named(&it.name) && !is_modelled(&it.name));
    let rest: Vec<&Sample> = rest.collect();
    let input = |seen: &Seen| {
        let name = |series: &str| series.split('{').next().is_some_and(named);
        let series = seen.series.iter().filter(|(series, _)| name(series));
        let more = rest
            .iter()
            .flat_map(|sample| seen.metrics.series_of(sample));
        Input(series.cloned().chain(more).collect())
    };
    SEEN.iter().map(input).collect()
}
