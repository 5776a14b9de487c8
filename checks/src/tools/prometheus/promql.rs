//! The series that an expression selects, and the labels that it uses.

mod numbers;

pub use numbers::{Numbers, numbers};

use std::collections::BTreeSet;

use promql_parser::{
    label::Matcher,
    parser::{self, Expr, LabelModifier, VectorSelector},
    util::{ExprVisitor, walk_expr},
};

use crate::harness::panics::quietly;

/// Parses an expression.
///
/// # Errors
/// Why it cannot be parsed.
pub fn parse(text: &str) -> Result<Expr, String> {
    // The parser panics at a duration that is below zero or too long: `up[1e99]`.
    let parsed = quietly(|| parser::parse(text));
    parsed.unwrap_or_else(|| Err("a duration is out of range".to_owned()))
}

/// The series and labels of one expression.
#[derive(Default)]
pub struct Uses {
    pub series: Vec<Series>,
    /// Labels that it groups by or joins on.
    pub labels: BTreeSet<String>,
    /// Labels that it creates itself.
    pub made: BTreeSet<String>,
}

/// One selector: `name{matchers}`.
pub struct Series {
    pub name: String,
    pub matchers: Vec<Matcher>,
}

/// Visits the whole of `expr`.
pub fn uses(expr: &Expr) -> Uses {
    let mut uses = Uses::default();
    // The visitor never stops early, so there is no error.
    let _ = walk_expr(&mut uses, expr);
    uses
}

impl ExprVisitor for Uses {
    type Error = ();

    fn pre_visit(&mut self, expr: &Expr) -> Result<bool, ()> {
        match expr {
            Expr::VectorSelector(selector) => self.select(selector),
            Expr::MatrixSelector(matrix) => self.select(&matrix.vs),
            Expr::Aggregate(aggregate) => self.modify(aggregate.modifier.as_ref()),
            Expr::Binary(binary) => {
                let modifier = binary.modifier.as_ref();
                self.modify(modifier.and_then(|modifier| modifier.matching.as_ref()));
                let carried = modifier.and_then(|modifier| modifier.card.labels());
                let carried = carried.map_or(&[][..], |labels| &labels.labels);
                self.labels.extend(carried.iter().cloned());
            }
            Expr::Call(call) => {
                // The second argument of label_replace and label_join is the label that they create.
                if let ("label_replace" | "label_join", Some(Expr::StringLiteral(made))) =
                    (call.func.name, call.args.args.get(1).map(AsRef::as_ref))
                {
                    self.made.insert(made.val.clone());
                }
            }
            _ => {}
        }
        Ok(true)
    }
}

impl Uses {
    fn select(&mut self, selector: &VectorSelector) {
        let alternatives = selector.matchers.or_matchers.iter().flatten();
        let matchers: Vec<Matcher> = selector
            .matchers
            .matchers
            .iter()
            .chain(alternatives)
            .cloned()
            .collect();
        let named = || {
            let by_label = matchers.iter().find(|matcher| matcher.name == "__name__");
            by_label.map(|matcher| matcher.value.clone())
        };
        if let Some(name) = selector.name.clone().or_else(named) {
            self.series.push(Series { name, matchers });
        }
    }

    fn modify(&mut self, modifier: Option<&LabelModifier>) {
        let labels = modifier.map_or(&[][..], |modifier| &modifier.labels().labels);
        self.labels.extend(labels.iter().cloned());
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_duration_out_of_range_is_an_error() {
        assert!(super::parse("rate(up[5m]) > 0").is_ok());
        assert!(super::parse("rate(up[1e99])").is_err());
    }
}
