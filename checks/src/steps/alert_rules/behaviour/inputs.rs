//! The series of the scenarios, as promtool reads them.

use std::{fmt::Write, sync::LazyLock};

use crate::{
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

/// For each of [`SCENARIOS`], in their order. Some of its values are drawn, once in a run.
static SEEN: LazyLock<Vec<Seen>> = LazyLock::new(|| {
    let seen = SCENARIOS.iter().map(|scenario| {
        let mut metrics = Metrics::new(scenario.minutes());
        (scenario.happens)(&mut metrics);
        let series = metrics.series();
        Seen { metrics, series }
    });
    seen.collect()
});

/// The series of each scenario: those that `rules` name, and no others. Most of a service's are none of the rules' business, and
/// promtool would be busy with them for seconds.
pub fn of(scrape: &Scrape, rules: &str) -> Vec<String> {
    // A selector may also match the name by a pattern.
    let named = |name: &str| rules.contains("__name__") || rules.contains(name);
    let samples = scrape.samples().iter();
    let rest = samples.filter(|it| named(&it.name) && !is_modelled(&it.name));
    let rest: Vec<&Sample> = rest.collect();
    let input = |seen: &Seen| {
        let mut text = "- interval: 1m\n  input_series:\n".to_owned();
        let name = |series: &str| series.split('{').next().is_some_and(named);
        let series = seen.series.iter().filter(|(series, _)| name(series));
        let more = rest
            .iter()
            .flat_map(|sample| seen.metrics.series_of(sample));
        for (series, values) in series.cloned().chain(more) {
            let series = series.replace('\'', "''");
            let _ = writeln!(text, "  - series: '{series}'\n    values: '{values}'");
        }
        text
    };
    SEEN.iter().map(input).collect()
}
