//! The behaviour of the rules: promtool plays every scenario to each alert, and those in which it sees the same in one go.

mod answers;
mod inputs;
mod played;
mod states;

use inputs::Input;
pub use states::{Alert, AlertStates};

use super::{
    metrics::BEGIN,
    rules::{NOBODY, Rules, unloadable},
    scenarios::{SCENARIOS, Scenario},
    scrape::Scrape,
};
use crate::{
    check::Stop,
    tools::prometheus::promtool::{Promtool, RULES},
};

/// How often the rules are evaluated: once between two scrapes, as by the lesson's Prometheus; and twice where one scrape is all
/// there is of the trouble, for there it would matter which comes first. Elsewhere promtool would only take twice as long.
const INTERVALS: [&str; 2] = ["1m", "30s"];

/// The series of each of [`SCENARIOS`], in their order, and what the alerts did.
pub struct ScenarioResults {
    inputs: Vec<Input>,
    states: Vec<AlertStates>,
}

impl ScenarioResults {
    /// Plays all scenarios to these rules.
    ///
    /// # Errors
    /// When promtool does not say what it saw.
    pub fn of(promtool: &Promtool, scrape: &Scrape, rules: &Rules) -> anyhow::Result<Self> {
        let mut states = SCENARIOS.map(|_| AlertStates::default());
        for part in played::beside_each_other(promtool, scrape, &rules.each_alone())? {
            for (states, more) in states.iter_mut().zip(part.iter()) {
                states.add(more);
            }
        }
        let inputs = inputs::of(scrape, &rules.text);
        Ok(ScenarioResults {
            inputs,
            states: states.into(),
        })
    }

    pub fn states(&self, scenario: &Scenario) -> &AlertStates {
        &self.states[place(scenario)]
    }

    /// A test file for promtool that plays one scenario and asks one question.
    pub fn test_file(&self, scenario: &Scenario, rules: &str, question: &str) -> String {
        let input = self.inputs[place(scenario)].text();
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

/// Which alerts fire at the end of a scenario, and what they say, if that is read.
fn texts(scenario: &Scenario, rules: &Rules) -> String {
    let mut text = String::new();
    if scenario.is_told() {
        text.push_str("  alert_rule_test:\n");
        for rule in rules.alerts() {
            text += &told(rule.says.name(), scenario);
        }
    }
    text
}

/// What promtool is asked about a scenario. It expects nothing, so that it says what it got instead; the number of the scenario
/// is there in any case.
fn what_fired(number: usize, scenario: &Scenario) -> String {
    let ask = |seen: &str, of: &str| format!(r#"label_replace({of}, "seen", "{seen}", "", "")"#);
    let once = ask("once", "count_over_time(ALERTS[12h])");
    let in_time = ask("in time", &fired_in_time("", scenario));
    let at_last = ask("at last", &watchdogs(scenario));
    let still = ask("still", r#"ALERTS{alertstate="firing"}"#);
    let scenario_number =
        format!(r#"label_replace(vector({number}), "scenario", "{number}", "", "")"#);
    result_of(
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

const EXPRESSIONS: &str = "  promql_expr_test:\n";

/// The only question: for the result of an expression at the end of what is played, which should have none.
pub fn expression(expr: &str, scenario: &Scenario) -> String {
    EXPRESSIONS.to_owned() + &result_of(expr, scenario)
}

fn result_of(expr: &str, scenario: &Scenario) -> String {
    let minute = scenario.minutes() - 1;
    format!("  - expr: '{expr}'\n    eval_time: {minute}m\n    exp_samples: []\n")
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
