//! Ratios that never exceed what they are compared with.

use std::collections::BTreeSet;

use promql_parser::{
    parser::{Expr, LabelModifier},
    util::{ExprVisitor, parse_duration, walk_expr},
};

use crate::steps::alert_rules::rules::Rule;

/// The time between two scrapes in seconds, in `compose.yaml` and in every scenario.
const SCRAPE: u64 = 60;

/// A window that is so short that nothing can be said of a change.
pub fn one_sample(calls: &[String], windows: &[String]) -> Option<String> {
    let needs_two = ["rate", "irate", "increase", "delta", "idelta"];
    let call = calls
        .iter()
        .find(|call| needs_two.contains(&call.as_str()))?;
    let short = windows
        .iter()
        .find(|window| parse_duration(window).is_ok_and(|window| window.as_secs() < 2 * SCRAPE))?;
    Some(format!(
        "with a scrape each minute the window [{short}] holds one sample, and {call}() needs two"
    ))
}

/// A division whose sides have different labels, so that no series of one finds its match on the other.
pub fn unequal_sides(rule: &Rule) -> Option<String> {
    let mut sides = UnequalSides(None);
    // The visitor never stops early, so there is no error.
    let _ = walk_expr(&mut sides, &rule.expr);
    let (left, right) = sides.0?;
    Some(format!(
        "the left side of the division has {left} and the right side has {right}: only series with the same labels are divided"
    ))
}

/// What the labels of the two sides are, of the first division where they differ.
struct UnequalSides(Option<(String, String)>);

impl ExprVisitor for UnequalSides {
    type Error = ();

    fn pre_visit(&mut self, expr: &Expr) -> Result<bool, ()> {
        if let Expr::Binary(binary) = expr
            && binary.op.to_string() == "/"
            && binary
                .modifier
                .as_ref()
                .is_none_or(|modifier| modifier.matching.is_none())
            && let (Some(left), Some(right)) = (labels(&binary.lhs), labels(&binary.rhs))
            && left != right
        {
            self.0.get_or_insert((left, right));
        }
        Ok(true)
    }
}

const ALL: &str = "all labels of its series";

fn is_range(argument: &Expr) -> bool {
    matches!(argument, Expr::MatrixSelector(_))
}

/// In words; `None` if that takes more than a look at the outermost function.
fn labels(side: &Expr) -> Option<String> {
    match side {
        Expr::Paren(paren) => labels(&paren.expr),
        // What is compared with a number keeps its labels.
        Expr::Binary(binary) if matches!(*binary.rhs, Expr::NumberLiteral(_)) => {
            labels(&binary.lhs)
        }
        Expr::VectorSelector(_) => Some(ALL.to_owned()),
        // `rate` keeps them, `scalar` does not.
        Expr::Call(call) if call.args.args.iter().any(|it| is_range(it)) => Some(ALL.to_owned()),
        Expr::Aggregate(aggregate) => match &aggregate.modifier {
            None => Some("no labels".to_owned()),
            Some(LabelModifier::Include(kept)) => {
                let kept: BTreeSet<&str> = kept.labels.iter().map(String::as_str).collect();
                let kept: Vec<&str> = kept.into_iter().collect();
                Some(format!("the labels `{}`", kept.join("`, `")))
            }
            Some(LabelModifier::Exclude(_)) => None,
        },
        _ => None,
    }
}

/// What is wrong with a threshold that six times the budget does not exceed.
pub fn above_the_burn_rate(thresholds: &[f64]) -> Option<String> {
    let share = thresholds
        .iter()
        .find(|limit| (0.061..1.0).contains(*limit))?;
    Some(format!(
        "{share} is {}, and fewer fail: six times the budget is 6 * 0.01",
        percent(*share)
    ))
}

/// What is wrong with a threshold that no ratio of 1 % exceeds.
pub fn too_high(thresholds: &[f64]) -> Option<String> {
    let share = thresholds
        .iter()
        .find(|limit| (0.0..1.0).contains(*limit) && **limit > 0.0);
    match (share, thresholds.first()) {
        (Some(share), _) if *share > 0.011 => {
            Some(format!("{share} is {}: 1 % is 0.01", percent(*share)))
        }
        (None, Some(limit)) => Some(format!(
            "a ratio is never above 1: {limit} is {}, and 1 % is 0.01",
            percent(*limit)
        )),
        _ => None,
    }
}

/// A share as people say it.
pub fn percent(share: f64) -> String {
    format!("{} %", (share * 1e6).round() / 1e4)
}
