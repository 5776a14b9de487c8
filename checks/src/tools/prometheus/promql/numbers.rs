//! The functions that an expression calls, and the numbers in it.

use promql_parser::{
    parser::{BinaryExpr, Expr},
    util::{ExprVisitor, display_duration, walk_expr},
};

/// What an expression calculates with.
#[derive(Default)]
pub struct Numbers {
    /// The functions that it calls.
    pub calls: Vec<String>,
    /// What it compares with.
    pub thresholds: Vec<f64>,
    /// What it multiplies with or divides by.
    pub factors: Vec<f64>,
    /// Its ranges: `5m`.
    pub windows: Vec<String>,
}

/// Visits the whole of `expr`.
pub fn numbers(expr: &Expr) -> Numbers {
    let mut numbers = Numbers::default();
    // The visitor never stops early, so there is no error.
    let _ = walk_expr(&mut numbers, expr);
    numbers
}

impl ExprVisitor for Numbers {
    type Error = ();

    fn pre_visit(&mut self, expr: &Expr) -> Result<bool, ()> {
        match expr {
            Expr::MatrixSelector(matrix) => self.windows.push(display_duration(&matrix.range)),
            Expr::Subquery(subquery) => self.windows.push(display_duration(&subquery.range)),
            Expr::Call(call) => self.calls.push(call.func.name.to_owned()),
            Expr::Binary(binary) => {
                let constants = [&binary.lhs, &binary.rhs].map(|side| constant(side));
                let list = match binary.op.to_string().as_str() {
                    "*" | "/" => &mut self.factors,
                    ">" | ">=" | "<" | "<=" | "==" | "!=" => &mut self.thresholds,
                    _ => return Ok(true),
                };
                list.extend(constants.into_iter().flatten());
            }
            _ => {}
        }
        Ok(true)
    }
}

/// The value of an expression without series.
fn constant(expr: &Expr) -> Option<f64> {
    match expr {
        Expr::NumberLiteral(number) => Some(number.val),
        Expr::Paren(paren) => constant(&paren.expr),
        Expr::Binary(binary) => product(binary),
        _ => None,
    }
}

/// As it is printed: 14.4 * 0.01 is 0.144, and not 0.14400000000000002.
fn product(binary: &BinaryExpr) -> Option<f64> {
    let (left, right) = (constant(&binary.lhs)?, constant(&binary.rhs)?);
    let value = match binary.op.to_string().as_str() {
        "*" => left * right,
        "/" => left / right,
        _ => return None,
    };
    let rounded = (value * 1e9).round() / 1e9;
    Some(if rounded == 0.0 { value } else { rounded })
}
