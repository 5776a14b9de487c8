//! What a learner's own promtool is asked about a scenario.

use super::{
    Expectation::{
        self, BeSilent, BeSilentHere, End, Fire, FireAsIn, FireUnlike, NameTheService, Page, Watch,
    },
    RuleRun, Scenario, names,
};
use crate::steps::alert_rules::{
    behaviour::{fired_in_time, watchdogs},
    rules::NOBODY,
};

impl RuleRun<'_> {
    /// An expression that has a result while the rules do not do what is expected.
    pub(super) fn question(&self, expectation: Expectation, scenario: &Scenario) -> String {
        let for_people = format!(r#"severity!="{NOBODY}""#);
        let absent = |what: &str, label: &str| {
            format!(r#"label_replace(absent({what}), "{label}", "nothing", "", "")"#)
        };
        let none = |matchers: &str, label: &str| absent(&fired_in_time(matchers, scenario), label);
        let all = |matchers: &str| {
            format!(
                r#"max by (alertname, job) (count_over_time(ALERTS{{alertstate="firing", {for_people}{matchers}}}[12h]))"#
            )
        };
        match expectation {
            Fire => none(&format!(", {for_people}"), "fired"),
            FireAsIn(other) => {
                let usual = names(&self.results.states(other).in_time).join("|");
                none(&format!(r#", alertname=~"{usual}""#), "fired")
            }
            FireUnlike(other) => {
                let usual = names(&self.results.states(other).fired).join("|");
                none(&format!(r#", {for_people}, alertname!~"{usual}""#), "fired")
            }
            Watch => absent(&watchdogs(scenario), "fires"),
            Page => none(r#", severity="page""#, "page"),
            BeSilent => all(""),
            BeSilentHere => all(r#", job=~"app|""#),
            NameTheService => all(r#", job!="app""#),
            End => {
                format!(r#"max by (alertname, job) (ALERTS{{alertstate="firing", {for_people}}})"#)
            }
        }
    }
}
