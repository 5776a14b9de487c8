//! The rules of Grafana's dashboard-linter (<https://github.com/grafana/dashboard-linter/tree/main/docs/rules>), which is a Go
//! program that cannot be a dependency here. None of them is excused; those for Loki do not concern us.

use std::collections::BTreeSet;

use anyhow::{Context, ensure};
use checks::tools::prometheus::promql::{parse, uses};
use promql_parser::{
    label::Matcher,
    parser::Expr,
    util::{ExprVisitor, walk_expr},
};
use serde_json::{Value, json};

use crate::{common::suite::Suite, panels};

/// The units that we use; Grafana knows some three hundred.
const UNITS: [&str; 5] = ["bytes", "none", "percentunit", "reqps", "s"];

pub fn add(suite: &mut Suite) {
    suite.add("the_dashboard_holds_the_rules_of_the_linter", None, || {
        let broken = broken(&panels::dashboard()?);
        ensure!(broken.is_empty(), "{broken:#?}");
        Ok(())
    });
    suite.add(
        "every_rule_of_the_linter_can_be_broken",
        None,
        every_rule_can_be_broken,
    );
}

/// Each broken rule, and where.
fn broken(dashboard: &Value) -> Vec<String> {
    let mut rules = vec![(
        "uneditable-dashboard",
        dashboard["editable"] == false,
        &dashboard["editable"],
    )];
    variables(&list(&dashboard["templating"]["list"]), &mut rules);
    for panel in list(&dashboard["panels"]) {
        let (title, defaults) = (&panel["title"], &panel["fieldConfig"]["defaults"]);
        let named = ![title, &panel["description"]].contains(&&json!(""));
        rules.push(("panel-title-description-rule", named, title));
        rules.push(("panel-datasource-rule", from_variable(panel), title));
        let known = UNITS.iter().any(|unit| defaults["unit"] == *unit);
        rules.push(("panel-units-rule", known, title));
        let targets = list(&panel["targets"]);
        rules.push(("panel-no-targets-rule", !targets.is_empty(), title));
        for target in targets {
            queries(&target["expr"], &mut rules);
        }
    }
    let broken = rules.iter().filter(|(_, holds, _)| !holds);
    broken
        .map(|(rule, _, place)| format!("{rule}: {place}"))
        .collect()
}

/// Name, whether it holds, and where.
type Rule<'a> = (&'static str, bool, &'a Value);

fn variables<'a>(variables: &[&'a Value], rules: &mut Vec<Rule<'a>>) {
    let named = |name: &str| {
        let mut named = variables.iter().filter(|variable| variable["name"] == name);
        named.next().copied().unwrap_or(&Value::Null)
    };
    let source = named("datasource");
    let labelled = source["type"] == "datasource" && source["label"] == "Data source";
    rules.push(("template-datasource-rule", labelled, source));
    for (rule, name, label) in [
        ("template-job-rule", "job", "Job"),
        ("template-instance-rule", "instance", "Instance"),
    ] {
        let variable = named(name);
        let holds = variable["type"] == "query"
            && variable["label"] == label
            && variable["multi"] == true
            && variable["allValue"] == ".+"
            && from_variable(variable);
        rules.push((rule, holds, variable));
    }
    for variable in variables.iter().filter(|it| it["type"] == "query") {
        let query = variable["query"].as_str().unwrap_or_default();
        let within = query.strip_prefix("label_values(");
        let selector = within.and_then(|within| within.strip_suffix(')')?.rsplit_once(','));
        let asks = selector.is_some_and(|(selector, _)| parse(selector).is_ok());
        rules.push(("template-label-promql-rule", asks, variable));
        let reloads = variable["refresh"] == 2;
        rules.push(("template-on-time-change-reload-rule", reloads, variable));
    }
}

fn queries<'a>(query: &'a Value, rules: &mut Vec<Rule<'a>>) {
    let text = query.as_str().unwrap_or_default();
    let Ok(expr) = parse(&text.replace("$__rate_interval", "4m")) else {
        return rules.push(("target-promql-rule", false, query));
    };
    let series = uses(&expr).series;
    let all_have = |wanted: &str| {
        let has = |matcher: &Matcher| matcher.to_string() == wanted;
        series.iter().all(|series| series.matchers.iter().any(has))
    };
    let mut counters = Counters { are_rates: true };
    // The visitor never stops early, so there is no error.
    let _ = walk_expr(&mut counters, &expr);
    let ranges = text.matches('[').count() == text.matches("[$__rate_interval]").count();
    rules.extend([
        ("target-job-rule", all_have(r#"job=~"$job""#), query),
        (
            "target-instance-rule",
            all_have(r#"instance=~"$instance""#),
            query,
        ),
        ("target-rate-interval-rule", ranges, query),
        ("target-counter-agg-rule", counters.are_rates, query),
    ]);
}

/// Whether all that is counted is used in `rate`, `irate` or `increase`, and nowhere else.
struct Counters {
    are_rates: bool,
}

impl ExprVisitor for Counters {
    type Error = ();

    fn pre_visit(&mut self, expr: &Expr) -> Result<bool, ()> {
        let counts = |name: Option<&String>| name.is_some_and(|name| name.ends_with("_total"));
        match expr {
            Expr::VectorSelector(selector) => self.are_rates &= !counts(selector.name.as_ref()),
            Expr::Call(call) if !["rate", "irate", "increase"].contains(&call.func.name) => {
                let over_time = |argument: &Expr| matches!(argument, Expr::MatrixSelector(range) if counts(range.vs.name.as_ref()));
                self.are_rates &= !call.args.args.iter().any(|argument| over_time(argument));
            }
            _ => {}
        }
        Ok(true)
    }
}

fn list(value: &Value) -> Vec<&Value> {
    value.as_array().into_iter().flatten().collect()
}

/// Whether the reader of the dashboard can choose the data source.
fn from_variable(part: &Value) -> bool {
    part["datasource"]["uid"] == "${datasource}"
}

/// A rule that nothing breaks would hold nothing.
fn every_rule_can_be_broken() -> anyhow::Result<()> {
    let mut rules_seen = BTreeSet::new();
    for slip in SLIPS.trim().lines() {
        let mut parts = slip.splitn(3, ' ');
        let mut next = || parts.next().context(slip);
        let (rule, place, value) = (next()?, next()?, next()?);
        let mut dashboard = panels::dashboard()?;
        *dashboard.pointer_mut(place).context(slip)? = serde_json::from_str(value)?;
        let broken = broken(&dashboard);
        let it_alone = broken.len() == 1 && broken[0].starts_with(rule);
        ensure!(it_alone, "{rule} is to be broken: {broken:#?}");
        rules_seen.insert(rule);
    }
    ensure!(rules_seen.len() == RULES, "{rules_seen:#?}");
    Ok(())
}

/// The number of rules above.
const RULES: usize = 15;

/// A rule, the place in the dashboard, and what stands there then.
const SLIPS: &str = r#"
uneditable-dashboard /editable true
template-datasource-rule /templating/list/0/label "Metrics"
template-job-rule /templating/list/1/multi false
template-instance-rule /templating/list/2/allValue ".*"
template-label-promql-rule /templating/list/2/query "label_values(up{, job)"
template-on-time-change-reload-rule /templating/list/1/refresh 1
panel-title-description-rule /panels/1/description ""
panel-datasource-rule /panels/1/datasource/uid "prometheus"
panel-units-rule /panels/2/fieldConfig/defaults/unit "pieces"
panel-no-targets-rule /panels/3/targets []
target-promql-rule /panels/0/targets/0/expr "sum("
target-job-rule /panels/0/targets/0/expr "db_up{job='app',instance=~'$instance'}"
target-instance-rule /panels/0/targets/0/expr "db_up{job=~'$job'}"
target-rate-interval-rule /panels/0/targets/0/expr "rate(http_requests_total{job=~'$job',instance=~'$instance'}[5m])"
target-counter-agg-rule /panels/0/targets/0/expr "sum(http_requests_total{job=~'$job',instance=~'$instance'})"
"#;
