//! Errors over hours: a budget that burns, and one that does not. In none of them are there five errors in ten minutes, so that
//! the rule about errors has nothing to do with it.

use super::{
    super::metrics::{BEGIN, Metrics, READINGS},
    Scenario,
};

/// No longer than it takes: promtool is busy with each minute.
const AN_HOUR: usize = 60;

pub const BUDGET_BURNS: Scenario = Scenario {
    what: "one of nine requests fails for 70 minutes, one every four minutes",
    lasts: 70,
    happens: |metrics| one_fails_every(metrics, 70, 4, 2.0),
};

pub const BUDGET_LASTS: Scenario = Scenario {
    what: "0.8 % of the answers are 5xx for an hour, one every three minutes",
    lasts: AN_HOUR,
    happens: |metrics| one_fails_every(metrics, AN_HOUR, 3, 41.0),
};

pub const BUDGET_WAS_SAVED: Scenario = Scenario {
    what: "one of nine requests fails for an hour, after thousands that were well: 1 % of all",
    lasts: AN_HOUR,
    happens: |metrics| {
        one_fails_every(metrics, AN_HOUR, 4, 2.0);
        let answered = &mut metrics.app[0].counter("GET", READINGS, "200").steps;
        answered[..BEGIN].fill(100.0);
    },
};

pub const FEW_IN_HOURS: Scenario = Scenario {
    what: "33 requests come in an hour, and three of them fail",
    lasts: AN_HOUR,
    happens: |metrics| {
        one_fails_every(metrics, AN_HOUR, 20, 0.0);
        let answered = &mut metrics.app[0].counter("GET", READINGS, "200").steps;
        for minute in (BEGIN..BEGIN + AN_HOUR).step_by(2) {
            answered[minute] = 1.0;
        }
    },
};

/// One instance answers so many requests in each minute from then on, and one more fails every so many minutes, as long as it
/// `lasts`.
fn one_fails_every(metrics: &mut Metrics, lasts: usize, minutes: usize, answered: f64) {
    metrics.has_instances(1);
    let instance = &mut metrics.app[0];
    instance.falls_quiet(0);
    let good = &mut instance.counter("GET", READINGS, "200").steps;
    good[BEGIN..].fill(answered);
    let errors = &mut instance.counter("GET", READINGS, "500").steps;
    for minute in (BEGIN..BEGIN + lasts).step_by(minutes) {
        errors[minute] = 1.0;
    }
}
