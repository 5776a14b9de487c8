//! Where a rule stands, whether it is a watchdog, and what of it depends on the hour.

use super::{Rule, Rules};
use crate::tools::prometheus::promql::{numbers, uses};

/// The functions whose result depends on the hour and the day.
const CLOCKS: [&str; 7] = [
    "hour",
    "minute",
    "day_of_week",
    "day_of_month",
    "day_of_year",
    "days_in_month",
    "month",
];

impl Rules {
    /// `alerts.yml:12`: the line of the rule on which `word` stands, or else its first one.
    pub fn place_of(&self, rule: &Rule, word: &str) -> String {
        let next = self.rules.iter().map(|other| other.line);
        let end = next.filter(|line| *line > rule.line).min();
        let end = end.unwrap_or(usize::MAX);
        let lines = self.text.lines().enumerate().skip(rule.line - 1);
        let mut lines = lines.take_while(|(index, _)| index + 1 < end);
        let found = lines.find(|(_, line)| line.trim_start_matches(['-', ' ']).starts_with(word));
        let line = found.map_or(rule.line, |(index, _)| index + 1);
        format!("alerts.yml:{line}")
    }

    /// The command that shows a rule.
    pub fn shows(&self, rule: &Rule) -> String {
        let next = self.rules.iter().map(|other| other.line);
        let last = match next.filter(|line| *line > rule.line).min() {
            Some(next) => (next - 1).to_string(),
            None => "$".to_owned(),
        };
        format!("sed -n '{},{last}p' {}", rule.line, self.file)
    }
}

impl Rule {
    /// Whether it is for a program: by its severity, or because it asks for nothing that could be wrong.
    pub fn is_watchdog(&self) -> bool {
        self.says.is_for_nobody() || uses(&self.expr).series.is_empty()
    }

    /// The function with which it asks for the hour or the day.
    pub fn clock(&self) -> Option<&'static str> {
        let calls = numbers(&self.expr).calls;
        CLOCKS
            .into_iter()
            .find(|clock| calls.iter().any(|call| call == clock))
    }
}
