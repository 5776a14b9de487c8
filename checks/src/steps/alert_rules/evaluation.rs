//! The rules: their text, and their behaviour.

use anyhow::Context as _;

use super::{
    behaviour::{self, ScenarioResults},
    form::Form,
    judge::{self, RuleRun},
    row,
    rules::Rules,
    scrape::Scrape,
    signals::Context,
};
use crate::{
    check::{Results, Stop},
    subject::Subject,
    tools::prometheus::promtool::Promtool,
};

/// First their text, then their behaviour.
pub fn check_all(subject: &Subject, results: &Results, up: &Context) -> Result<(), Stop> {
    let path = subject.config.as_deref().context("the step has rules")?;
    let file = format!("{}/alerts.yml", subject.folder);
    let promtool = Promtool::find();
    let scrape = match Scrape::of(&up.question()) {
        Ok(scrape) => scrape,
        // Its check has said so.
        Err(_) => return Ok(()),
    };
    let rules = results.try_check(row::LOAD, || {
        let rules = Rules::read(path, &file)?;
        if let Ok(promtool) = &promtool {
            behaviour::loads(promtool, &rules.text, &file)?;
        }
        Ok(rules)
    })?;
    let Some(rules) = rules else {
        return Ok(());
    };
    look_at(
        results,
        &Form {
            rules: &rules,
            root: subject.root,
            exposed: scrape.labels(),
            launch: &up.launch,
        },
    );
    match promtool {
        Err(why) => {
            let others = [row::SHOWS_THE_VALUE, row::LINKS_ITS_OWN_RUNBOOK];
            let by_scenario = judge::criteria().map(|criterion| criterion.check);
            by_scenario
                .chain(others)
                .for_each(|check| results.blocked(check, &why));
        }
        Ok(promtool) if results.passed(row::WAITS) => {
            let run = RuleRun {
                rules: &rules,
                results: &ScenarioResults::of(&promtool, &scrape, &rules)?,
                promtool: &promtool,
            };
            for criterion in judge::criteria() {
                let first = row::IS_SILENT_WHEN_WELL;
                // If an alert fires while everything is healthy, the other checks mean nothing.
                if criterion.check.id == first.id || results.passed(first) {
                    results.check(criterion.check, || run.judge(criterion));
                }
            }
            results.check(row::SHOWS_THE_VALUE, || judge::shows_the_value(&run));
            results.check(row::LINKS_ITS_OWN_RUNBOOK, || judge::own_runbooks(&run));
        }
        Ok(_) => {}
    }
    Ok(())
}

fn look_at(results: &Results, form: &Form) {
    results.check(row::METRICS_EXIST, || form.metrics_exist());
    results.check(row::LABELS_EXIST, || form.labels_exist());
    results.check(row::KEEPS_ITS_LABELS, || form.labels_stay());
    results.check(row::WAITS, || form.waits());
    results.check(row::SAYS_HOW_URGENT, || form.says_how_urgent());
    results.check(row::SAYS_WHAT, || form.says_what());
    results.check(row::LINKS_A_RUNBOOK, || form.links_a_runbook());
}
