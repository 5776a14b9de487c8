//! What the alerts say when they fire.

use super::{RuleRun, Wrong, names};
use crate::{
    check::Failure,
    steps::alert_rules::{
        behaviour::told,
        row,
        scenarios::{
            DATABASE_DOWN, FIVE_PERCENT, LATE_READINGS, MEMORY_81, Scenario, TARGET_DOWN, TOLD,
        },
    },
};

/// Troubles that have nothing in common, so each needs other instructions.
const UNRELATED_FAULTS: [&Scenario; 4] = [&DATABASE_DOWN, &FIVE_PERCENT, &MEMORY_81, &TARGET_DOWN];

/// No text shows more than 100 % or a ratio as percent, and none shows a label that the alert never has.
pub fn shows_the_value(run: &RuleRun) -> Result<(), Failure> {
    for scenario in TOLD {
        for (alert, texts) in &run.results.states(scenario).told {
            for name in ["summary", "description"] {
                let text = texts.get(name).map_or("", String::as_str);
                let (found, cause) = if let Some(percent) = too_much(text) {
                    (
                        format!("{alert}: {name}: {text}"),
                        format!(
                            "{percent} % is too much for a share: `humanizePercentage` takes a ratio, 0.05 for 5 %; and where `and` joins two expressions, `$value` is that of the left one"
                        ),
                    )
                } else if let Some(percent) = hundredth(text, scenario) {
                    (
                        format!("{alert}: {name}: {text}"),
                        format!(
                            "{percent} % is a hundredth of what there is: the value is a ratio, 0.05 for 5 %, which `humanizePercentage` prints as 5 %"
                        ),
                    )
                } else if let Some(label) = run.never_has(alert, name) {
                    (
                        format!("{alert}: {name}: {text}"),
                        format!(
                            "`$labels.{label}` is empty: the alert has no label {label}, because a sum keeps only the labels behind `by`"
                        ),
                    )
                } else {
                    continue;
                };
                let wrong = Wrong {
                    expected: "texts with the values that they are about while".to_owned(),
                    found,
                    alerts: Vec::new(),
                    cause: None,
                };
                let question = format!("  alert_rule_test:\n{}", told(alert, scenario));
                return Err(run
                    .failure(row::SHOWS_THE_VALUE, scenario, &question, wrong)
                    .perhaps(cause));
            }
        }
    }
    Ok(())
}

/// What the trouble of a scenario is, in percent.
const SHARES: [(&Scenario, f64); 3] = [
    (&FIVE_PERCENT, 5.0),
    (&LATE_READINGS, 6.0),
    (&MEMORY_81, 81.0),
];

/// By how much a share that is shown may differ from it: windows begin before the trouble.
const ROUNDED: f64 = 0.1;

/// The first percentage in a text that is above 100.
fn too_much(text: &str) -> Option<&str> {
    percentages(text).find_map(|(shown, percent)| (percent > 100.0).then_some(shown))
}

/// The first percentage in a text that is a hundredth of what it is about: a ratio with a percent sign behind it.
fn hundredth<'a>(text: &'a str, scenario: &Scenario) -> Option<&'a str> {
    let share = SHARES.iter().find(|(it, _)| it.what == scenario.what);
    let (_, share) = share?;
    let is_hundredth = |percent: f64| (percent * 100.0 - share).abs() < ROUNDED * share;
    percentages(text).find_map(|(shown, percent)| is_hundredth(percent).then_some(shown))
}

/// All percentages in a text, as they are shown and as numbers.
fn percentages(text: &str) -> impl Iterator<Item = (&str, f64)> {
    text.match_indices('%').filter_map(|(at, _)| {
        let number = text[..at].trim_end();
        let start = number
            .rfind(|letter: char| !letter.is_ascii_digit() && !".e+".contains(letter))
            .map_or(0, |at| at + 1);
        let number = &number[start..];
        Some((number, number.parse().ok()?))
    })
}

impl RuleRun<'_> {
    /// A label that a text of `alert` shows in any case, and that the alert has in none of the scenarios.
    fn never_has(&self, alert: &str, text: &str) -> Option<String> {
        let rule = self.rules.alerts().find(|rule| rule.says.name() == alert)?;
        if rule.says.is_for_nobody() {
            return None;
        }
        let template = rule.says.annotations.get(text)?;
        let has = |label: &str| {
            let fired = TOLD
                .iter()
                .flat_map(|told| &self.results.states(told).fired);
            let mut own = fired.filter(|fired| fired.name() == alert);
            own.any(|fired| !fired.label(label).is_empty())
        };
        let shown = template.split("{{").skip(1).filter_map(|action| {
            let (action, _) = action.split_once("}}")?;
            let (_, label) = action.trim_matches(['-', ' ']).split_once("$labels.")?;
            // What is only shown where it is there may be missing.
            let asked = ["if", "with", "range"]
                .iter()
                .any(|word| action.contains(word));
            (!asked).then_some(
                label
                    .split(|letter: char| !letter.is_alphanumeric() && letter != '_')
                    .next()?,
            )
        });
        let mut shown = shown;
        shown.find(|label| !has(label)).map(str::to_owned)
    }
}

/// Alerts about different troubles link different runbooks.
pub fn own_runbooks(run: &RuleRun) -> Result<(), Failure> {
    let mut seen: Vec<(String, &str, &Scenario)> = Vec::new();
    for scenario in UNRELATED_FAULTS {
        for name in names(&run.results.states(scenario).in_time) {
            let Some(rule) = run.rules.alerts().find(|rule| rule.says.name() == name) else {
                continue;
            };
            let url = rule.says.annotations.get("runbook_url");
            let url = url.map_or("", String::as_str);
            let same = seen.iter().find(|(other, link, trouble)| {
                *other != name && *link == url && trouble.what != scenario.what
            });
            if let Some((other, ..)) = same {
                return Err(Failure::new(
                    "alerts about different troubles link different runbooks, or different sections of one",
                    format!("{other} and {name} both link {url}"),
                    format!("grep -n -e alert: -e runbook_url {}", run.rules.file),
                )
                .perhaps("the link was copied together with the alert"));
            }
            seen.push((name, url, scenario));
        }
    }
    Ok(())
}
