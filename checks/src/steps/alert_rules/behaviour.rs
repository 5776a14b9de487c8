//! The behaviour of the rules: promtool plays every scenario to them in one run.

mod answers;

use std::fmt::Write;

use super::{
    metrics::{BEGIN, Metrics},
    rules::{NOBODY, Rules, unloadable},
    scenarios::{SCENARIOS, Scenario},
    scrape::Scrape,
};
use crate::{
    check::Stop,
    tools::prometheus::{
        exposition::{Labels, Sample},
        promtool::{Promtool, RULES, TESTS},
    },
};

/// How often the rules are evaluated: once between two scrapes, as by the lesson's Prometheus; and twice where one scrape is all
/// there is of the trouble, for there it would matter which comes first. Elsewhere promtool would only take twice as long.
const INTERVALS: [&str; 2] = ["1m", "30s"];

/// The states of the alerts in one scenario.
#[derive(Default)]
pub struct AlertStates {
    /// Those that fired at some time.
    pub fired: Vec<Alert>,
    /// Those that fired before it was over.
    pub in_time: Vec<Alert>,
    /// Those that were pending at some time.
    pub pending: Vec<Alert>,
    /// Those that fire at the end of it and are for no person: severity none.
    pub watchdogs: Vec<Alert>,
    /// Those that still fire half an hour after the end of it.
    pub still: Vec<Alert>,
    /// The names of those that fire at the end of it, and their annotations; only of scenarios that are told, see [`Scenario::is_told`].
    pub told: Vec<(String, Labels)>,
    /// Why Prometheus could not evaluate a rule.
    pub broken: Option<String>,
}

/// An alert, by the labels that it had.
#[derive(Clone, PartialEq, Eq)]
pub struct Alert {
    pub labels: Labels,
}

impl Alert {
    pub fn name(&self) -> &str {
        self.label("alertname")
    }

    pub fn label(&self, name: &str) -> &str {
        self.labels.get(name).map_or("", String::as_str)
    }
}

/// The series of each of [`SCENARIOS`], in their order, and what the alerts did.
pub struct ScenarioResults {
    inputs: Vec<String>,
    states: Vec<AlertStates>,
}

impl ScenarioResults {
    /// Plays all scenarios to these rules.
    ///
    /// # Errors
    /// When promtool does not say what it saw.
    pub fn of(promtool: &Promtool, scrape: &Scrape, rules: &Rules) -> anyhow::Result<Self> {
        let inputs = inputs(scrape, &rules.text);
        let mut tests = INTERVALS.map(|interval| head(RULES, interval));
        for (number, (scenario, input)) in SCENARIOS.iter().zip(&inputs).enumerate() {
            let tests = &mut tests[usize::from(scenario.is_a_blink())];
            *tests += input;
            *tests += &questions(number, scenario, rules);
        }
        let [once, twice] = TESTS;
        let files = [(RULES, &*rules.text), (once, &tests[0]), (twice, &tests[1])];
        let (_, said) = promtool.run(&["test", "rules", once, twice], &files)?;
        let states = answers::read(&said)?;
        Ok(ScenarioResults { inputs, states })
    }

    pub fn states(&self, scenario: &Scenario) -> &AlertStates {
        &self.states[place(scenario)]
    }

    /// A test file for promtool that plays one scenario and asks one question.
    pub fn test_file(&self, scenario: &Scenario, rules: &str, question: &str) -> String {
        let input = &self.inputs[place(scenario)];
        let interval = INTERVALS[usize::from(scenario.is_a_blink())];
        format!("{}{input}{question}", head(rules, interval))
    }
}

/// The beginning of a test file.
fn head(rules: &str, interval: &str) -> String {
    format!("rule_files: [{rules}]\nevaluation_interval: {interval}\ntests:\n")
}

fn place(scenario: &Scenario) -> usize {
    let same = |other: &&Scenario| other.what == scenario.what;
    let place = SCENARIOS.iter().position(same);
    place.expect("every scenario is among them")
}

/// The series of each scenario: those that `rules` name, and no others. Most of a service's are none of the rules' business, and
/// promtool would be busy with them for seconds.
fn inputs(scrape: &Scrape, rules: &str) -> Vec<String> {
    // A selector may also match the name by a pattern.
    let named = |name: &str| rules.contains("__name__") || rules.contains(name);
    let samples = scrape.samples().iter();
    let rest: Vec<Sample> = samples.filter(|it| named(&it.name)).cloned().collect();
    let input = |scenario: &&Scenario| {
        let mut metrics = Metrics::new(scenario.minutes(), &rest);
        (scenario.happens)(&mut metrics);
        let mut text = "- interval: 1m\n  input_series:\n".to_owned();
        let series = metrics.series().into_iter();
        let name = |series: &str| series.split('{').next().is_some_and(named);
        for (series, values) in series.filter(|(series, _)| name(series)) {
            let series = series.replace('\'', "''");
            let _ = writeln!(text, "  - series: '{series}'\n    values: '{values}'");
        }
        text
    };
    SCENARIOS.iter().map(input).collect()
}

/// What promtool is asked about a scenario. It expects nothing, so that it says what it got instead; the number of the scenario
/// is there in any case.
fn questions(number: usize, scenario: &Scenario, rules: &Rules) -> String {
    let mut text = String::new();
    if scenario.is_told() {
        text.push_str("  alert_rule_test:\n");
        for rule in rules.alerts() {
            text += &told(rule.says.name(), scenario);
        }
    }
    let ask = |seen: &str, of: &str| format!(r#"label_replace({of}, "seen", "{seen}", "", "")"#);
    let once = ask("once", "count_over_time(ALERTS[12h])");
    let in_time = ask("in time", &fired_in_time("", scenario));
    let at_last = ask("at last", &watchdogs(scenario));
    let still = ask("still", r#"ALERTS{alertstate="firing"}"#);
    let scenario_number =
        format!(r#"label_replace(vector({number}), "scenario", "{number}", "", "")"#);
    text + &expression(
        &format!("{scenario_number} or {once} or {in_time} or {at_last} or {still}"),
        scenario,
    )
}

/// How often an alert with these matchers has fired before `scenario` was over.
pub fn fired_in_time(matchers: &str, scenario: &Scenario) -> String {
    let over = (BEGIN + scenario.lasts + 1) * 60;
    format!(r#"count_over_time(ALERTS{{alertstate="firing"{matchers}}}[1h] @ {over})"#)
}

/// The alerts for no person that fire at the end of `scenario`.
pub fn watchdogs(scenario: &Scenario) -> String {
    let last = (BEGIN + scenario.lasts) * 60 - 30;
    format!(r#"ALERTS{{alertstate="firing", severity="{NOBODY}"}} @ {last}"#)
}

/// The question for the result of an expression half an hour after the end, which should have none.
pub fn expression(expr: &str, scenario: &Scenario) -> String {
    let minute = scenario.minutes() - 1;
    format!(
        "  promql_expr_test:\n  - expr: '{expr}'\n    eval_time: {minute}m\n    exp_samples: []\n"
    )
}

/// The question for the alerts of this name that fire in the last minute of it, and their texts.
pub fn told(alert: &str, scenario: &Scenario) -> String {
    let last = BEGIN + scenario.lasts - 1;
    format!("  - alertname: {alert:?}\n    eval_time: {last}m30s\n    exp_alerts: []\n")
}

/// Whether promtool loads the rules, which a learner knows as `name`.
pub fn loads(promtool: &Promtool, rules: &str, name: &str) -> Result<(), Stop> {
    let (fine, said) =
        promtool.run(&["check", "rules", "--lint=none", RULES], &[(RULES, rules)])?;
    if fine {
        return Ok(());
    }
    let lines: Vec<&str> = said
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && *line != "FAILED:" && !line.starts_with("Checking"))
        .map(|line| line.trim_start_matches("alerts.yml: "))
        .collect();
    Err(unloadable(name, lines.join("\n")).into())
}
