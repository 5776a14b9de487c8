//! The checks of the golden signals that are extras: slow answers, the pool that is used up, the budget that burns, and the
//! watchdog.

use super::{
    Criterion,
    Expectation::{BeSilent, End, Fire, FireAsIn, FireUnlike, Watch},
};
use crate::steps::alert_rules::{row, scenarios::*};

const SHARE: &str = "what is late is all answers without those within the bucket of 1 s; an average hides the late ones among many fast ones";
const OWN: &str = "`db_up` is 0 in both cases, and no connection is idle in either; only here are as many in use as there may be";
const BUSY: &str = "used up means that as many connections are in use as there may be, and for longer than one scrape";

#[rustfmt::skip] // a table
pub const GOLDEN: [Criterion; 13] = [
    Criterion {
        check: row::TELLS_LATE_ANSWERS,
        scenarios: &[
            (Fire, &LATE_READINGS, SHARE),
            (FireUnlike(&FIVE_PERCENT), &LATE_ERRORS, "an error that takes 2 s is late for its caller, too: a matcher on the status hides it"),
        ],
    },
    Criterion {
        check: row::JUDGES_EACH_ROUTE,
        scenarios: &[(Fire, &LATE_POSTS, "one route that is slow is lost in a sum over all routes: keep `path` behind `by`")],
    },
    Criterion {
        check: row::ALLOWS_A_SECOND,
        scenarios: &[
            (BeSilent, &ALMOST_LATE, "the bucket is that of a shorter time than 1 s"),
            (BeSilent, &LATE_FOR_FEW, "the threshold is below 0.05; or one late answer counts as much as many"),
            (BeSilent, &ONE_IS_LATE, "callers meet the service and not one instance: sum over the instances first, then divide"),
        ],
    },
    Criterion {
        check: row::IGNORES_A_FEW_LATE,
        scenarios: &[(BeSilent, &LATE_AT_NIGHT, "of few requests one is many percent: ask for a minimum of late answers, too")],
    },
    Criterion {
        check: row::IGNORES_LATE_PROBES,
        scenarios: &[(BeSilent, &LATE_PROBES, "a probe of a database that hangs takes 1 s, and no caller waits for it: leave probes out in every selector")],
    },
    Criterion {
        check: row::TELLS_POOL_USED_UP,
        scenarios: &[
            (FireUnlike(&DATABASE_DOWN), &POOL_USED_UP, OWN),
            (Fire, &POOL_USED_UP_AND_PROBED, "the rule asks for `db_up`, too, which is 1 as long as a probe gets a connection in time"),
            (Fire, &POOL_OF_ONE, "each instance has a pool of its own: an average or a sum hides the one that is used up"),
        ],
    },
    Criterion {
        check: row::ALLOWS_A_BUSY_POOL,
        scenarios: &[(BeSilent, &POOL_IS_BUSY, BUSY), (BeSilent, &POOL_MAY_GROW, "no connection is idle, but the pool may open more: compare with db_pool_connections_max"), (BeSilent, &POOL_BLINKS, BUSY)],
    },
    Criterion {
        check: row::KEEPS_DATABASE_DOWN,
        scenarios: &[(FireAsIn(&DATABASE_DOWN), &POOL_USED_UP, "a database that hangs uses the pool up, too: an alert that is silent then misses the worst outage")],
    },
    Criterion {
        check: row::TELLS_A_BURNING_BUDGET,
        scenarios: &[(Fire, &BUDGET_BURNS, "the minimum of the rule about errors is never reached with so few requests: ask for the ratio of hours, and for the errors of hours")],
    },
    Criterion {
        check: row::ALLOWS_THE_BUDGET,
        scenarios: &[
            (BeSilent, &BUDGET_LASTS, "1 % of errors is what the budget allows: six times as much is 6 * 0.01"),
            (BeSilent, &BUDGET_WAS_SAVED, "the last half hour alone decides: the ratio of six hours has to be that high, too"),
        ],
    },
    Criterion {
        check: row::NEEDS_A_FEW_ERRORS,
        scenarios: &[(BeSilent, &FEW_IN_HOURS, "three callers in an hour are few, whatever share of all they are: ask for ten errors in hours, too")],
    },
    Criterion {
        check: row::ENDS_WITH_THE_BURNING,
        scenarios: &[(End, &BUDGET_BURNS, "the long window remembers the errors for as long as it is: a short one, joined with `and`, ends the alert")],
    },
    Criterion {
        check: row::ALWAYS_FIRES,
        scenarios: &[
            (Watch, &WELL, "`vector(1)` is an expression that always has a result"),
            (Watch, &TARGET_ABSENT, "the watchdog depends on a metric of the service: `vector(1)` depends on none"),
        ],
    },
];
