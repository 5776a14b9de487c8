//! The expected result of each scenario, and the failure if it differs.

mod cause;
mod golden;
mod question;
mod result;
mod table;
mod texts;

use golden::GOLDEN;
use result::{differs, names};
use table::{CRITERIA, ENDS};
pub use texts::{own_runbooks, shows_the_value};

use super::{
    behaviour::{ScenarioResults, expression},
    rules::Rules,
    scenarios::Scenario,
};
use crate::{
    check::{Check, Failure, TestFile},
    tools::prometheus::promtool::Promtool,
};

/// The expected result of a scenario.
#[derive(Clone, Copy)]
enum Expectation {
    /// An alert fires before it is over.
    Fire,
    /// One of the alerts that fire in that other scenario does.
    FireAsIn(&'static Scenario),
    /// An alert fires that does not fire in that other scenario.
    FireUnlike(&'static Scenario),
    /// No alert fires.
    BeSilent,
    /// No alert fires for this service; alerts for another one are allowed.
    BeSilentHere,
    /// Every alert that fires names the service.
    NameTheService,
    /// If an alert fires, one has severity page.
    Page,
    /// No alert still fires half an hour later.
    End,
    /// The alert that is for no person fires.
    Watch,
}
use Expectation::{Fire, FireAsIn, FireUnlike};

/// A check, the expected results of its scenarios, and for each the likely cause if it differs and the rules do not show one.
pub struct Criterion {
    pub check: &'static Check,
    scenarios: &'static [(Expectation, &'static Scenario, &'static str)],
}

/// All of them, in the order of the checks.
pub fn criteria() -> impl Iterator<Item = &'static Criterion> {
    CRITERIA.iter().chain(&GOLDEN).chain([&ENDS])
}

/// What the learner's rules did.
pub struct RuleRun<'a> {
    pub rules: &'a Rules,
    pub results: &'a ScenarioResults,
    pub promtool: &'a Promtool,
}

/// Another result than the expected one.
struct Wrong {
    expected: String,
    found: String,
    /// The alerts that fired and should not have, or those that should have.
    alerts: Vec<String>,
    /// The cause, where the result itself names it.
    cause: Option<&'static str>,
}

impl RuleRun<'_> {
    /// Whether the scenarios of `criterion` had the expected results.
    pub fn judge(&self, criterion: &Criterion) -> Result<(), Failure> {
        for (expectation, scenario, usual) in criterion.scenarios {
            if let Err(wrong) = self.hold(*expectation, scenario) {
                let question = expression(&self.question(*expectation, scenario), scenario);
                let cause = wrong.cause.map(str::to_owned);
                let cause =
                    cause.or_else(|| cause::of(*expectation, scenario, self.rules, &wrong.alerts));
                let usual = (!usual.is_empty()).then(|| (*usual).to_owned());
                return Err(self
                    .failure(criterion.check, scenario, &question, wrong)
                    .perhaps_if(cause.or(usual)));
            }
            if matches!(expectation, Fire | FireAsIn(_) | FireUnlike(_)) {
                self.fires_at_any_hour(scenario)?;
            }
        }
        Ok(())
    }

    /// The failure, with a file for promtool that asks `question` about the scenario.
    fn failure(&self, check: &Check, scenario: &Scenario, question: &str, wrong: Wrong) -> Failure {
        let path = format!("target/verify/{}.yml", check.id);
        let command = self.promtool.command(&["test", "rules", &path]);
        let rules = format!("../../{}", self.rules.file);
        let test = self.results.test_file(scenario, &rules, question);
        let text = format!(
            "# {}: {} {}\n# {command}\n{test}",
            check.id, wrong.expected, scenario.what
        );
        let expected = format!("{} {}", wrong.expected, scenario.what);
        Failure {
            file: Some(Box::new(TestFile { path, text })),
            ..Failure::new(expected, wrong.found, command)
        }
    }

    fn hold(&self, expectation: Expectation, scenario: &Scenario) -> Result<(), Wrong> {
        let states = self.results.states(scenario);
        let usual = match expectation {
            FireAsIn(other) => names(&self.results.states(other).in_time),
            FireUnlike(other) => names(&self.results.states(other).fired),
            _ => Vec::new(),
        };
        if let Some(why) = &states.broken {
            let rule = why.split(',').next().unwrap_or_default();
            return Err(Wrong {
                expected: "rules that Prometheus can evaluate while".to_owned(),
                found: why.clone(),
                alerts: vec![rule.to_owned()],
                cause: Some(if why.contains("exceeded limit") {
                    "`limit` of the group drops all alerts of a rule that has more: leave it out"
                } else {
                    "Prometheus stops evaluating this rule, and nobody is told"
                }),
            });
        }
        let Some((expected, found, alerts)) = differs(expectation, states, &usual) else {
            return Ok(());
        };
        Err(Wrong {
            expected: expected.to_owned(),
            found,
            alerts,
            cause: None,
        })
    }

    /// An alert that looks at the clock may be silent tomorrow: the scenario is played at one hour only.
    fn fires_at_any_hour(&self, scenario: &Scenario) -> Result<(), Failure> {
        let mut alerts = self.results.states(scenario).in_time.iter();
        let clocks = alerts.try_fold(None, |_, alert| {
            let rule = self
                .rules
                .alerts()
                .find(|rule| rule.says.name() == alert.name())?;
            Some(Some((rule, rule.clock()?)))
        });
        let Some(Some((rule, clock))) = clocks else {
            return Ok(());
        };
        let place = self.rules.place_of(rule, "expr:");
        Err(Failure::new(
            format!("an alert, at every hour of every day, while {}", scenario.what),
            format!("{place}: {} depends on {clock}()", rule.says.name()),
            self.rules.shows(rule),
        )
        .perhaps("the alert is silent at other hours or on other days (in UTC), and nothing is lost by telling Alertmanager: who is told, and when, is decided in step 7"))
    }
}
