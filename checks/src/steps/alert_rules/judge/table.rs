//! Every check of the rules' behaviour, with its scenarios and the likely cause of a failure.

use super::{
    Criterion,
    Expectation::{BeSilent, BeSilentHere, End, Fire, FireAsIn, NameTheService, Page},
};
use crate::steps::alert_rules::{row, scenarios::*};

const NOTHING_IS_0: &str = "a comparison the wrong way round, with `bool`, or of something that is never 0; or counters without `rate`, which never forget";
const EACH_INSTANCE: &str = "each instance has a `db_up` of its own, and its callers are turned away when it is 0, whatever the other instances say";
const AT_ONCE: &str =
    "the value of one scrape stays for a minute: `for` has to be longer than that";
const MOVED_AWAY: &str = "that is no outage: ask whether a target does not answer, or whether there is none, and not whether each is still there";
const IN_TURN: &str = "over all instances, one gap follows the other without a break: `for` has to count for each of them";
const RATIO: &str = "1 % is 0.01; both sides of a division need the same labels; and a window of one minute over a scrape of one minute holds one sample";
const MINIMUM: &str =
    "of few requests one is many percent: ask for a minimum, of errors or of traffic";
const PROBES: &str = "/health, /health/db and /metrics are counted like all else: leave them out in every selector of the rule, on both sides of the division and in the minimum";
const ONE_SUM: &str = "a label behind `by` other than `job` makes one ratio for each of its values: sum over all of them first, then divide";
const LABELS: &str = "a sum keeps the labels that stand behind `by`, and no others";
const PAGE: &str = "callers are turned away right now: that cannot wait until the morning";
const WINDOW: &str =
    "a window of hours, or a counter without `rate`, remembers for as long as that";
const OTHERS: &str = "a series without job=\"app\" may belong to another service, and a sum without `by (job)` takes in all of them";

#[rustfmt::skip] // a table
pub const CRITERIA: [Criterion; 20] = [
    Criterion {
        check: row::IS_SILENT_WHEN_WELL,
        scenarios: &[(BeSilent, &WELL, NOTHING_IS_0), (BeSilent, &QUIET, NOTHING_IS_0)],
    },
    Criterion {
        check: row::TELLS_DATABASE_DOWN,
        scenarios: &[
            (Fire, &DATABASE_DOWN, "the rule waits for a value that never comes: `db_up` is 0 while the database is away, and an empty result is no number"),
            (Fire, &DATABASE_DOWN_ALONE, "a service may have one instance only"),
            (Fire, &DATABASE_DOWN_FOR_ONE, EACH_INSTANCE),
            (Fire, &DATABASE_DOWN_AT_NIGHT, "the rule also asks for traffic, and the first caller in the morning finds the database down"),
            (FireAsIn(&DATABASE_DOWN), &DATABASE_DOWN_BESIDE_A_GONE, "`on(job)` joins all instances: another one that is gone silences this one"),
        ],
    },
    Criterion {
        check: row::IGNORES_A_BLINK,
        scenarios: &[(BeSilent, &DATABASE_BLINKS, AT_ONCE), (BeSilent, &LOST_SCRAPE, AT_ONCE), (BeSilent, &MOVED, MOVED_AWAY), (BeSilent, &RESTARTED_IN_TURN, IN_TURN)],
    },
    Criterion {
        check: row::TELLS_ERRORS,
        scenarios: &[
            (Fire, &FIVE_PERCENT, RATIO),
            (Fire, &JUST_ABOVE, "the threshold is above 0.011: more than 1 % is > 0.01"),
            (Fire, &SENT_READINGS, "a matcher on the method or the path hides the requests that others send"),
            (Fire, &OTHER_METHODS, "a matcher on the method hides the requests of others: one ratio is of all methods"),
            (Fire, &NOTHING_WORKS, "the rule asks for good answers, too, or for less than so many errors: when nothing works, nobody else says so"),
            (Fire, &FEW_REQUESTS, "the minimum is too high for a service with little traffic: these are forty errors in ten minutes"),
        ],
    },
    Criterion {
        check: row::COUNTS_EVERY_5XX,
        scenarios: &[
            (Fire, &UNAVAILABLE, "500 is one status of many: `=~` matches a pattern"),
            (Fire, &GATEWAY, "500 and 503 are two statuses of many: `=~` matches a pattern"),
            (Fire, &RARE, "the pattern matches some of the statuses that begin with 5, and not all: a point is any character"),
        ],
    },
    Criterion {
        check: row::ALLOWS_1_PERCENT,
        scenarios: &[
            (BeSilent, &NOT_FOUND, "404 is an answer, and a good one: only 5xx are errors of the server"),
            (BeSilent, &JUST_BELOW, "only sums over all series make a ratio of all answers; or the threshold is below 0.01"),
            (BeSilent, &NOT_FOUND_AND_ERRORS, "404 is an answer, too: what the errors are divided by is all answers, not the good ones"),
        ],
    },
    Criterion {
        check: row::IGNORES_A_STRAY_ERROR,
        scenarios: &[(BeSilent, &STRAY, MINIMUM), (BeSilent, &ALONE, MINIMUM)],
    },
    Criterion {
        check: row::IGNORES_PROBES,
        scenarios: &[(BeSilent, &PROBES_FAIL, PROBES), (Fire, &PROBES_DROWN, PROBES), (BeSilent, &PROBES_FAIL_AND_ONE_MORE, PROBES)],
    },
    Criterion {
        check: row::BRIDGES_GAPS,
        scenarios: &[
            (Fire, &BURSTS, "`irate` looks at the last two samples, whatever its window; and a window of two scrapes misses what lies between"),
            (Fire, &LOST_SCRAPES, "a window of four scrapes or more outlasts a lost one"),
        ],
    },
    Criterion {
        check: row::JUDGES_THE_SERVICE,
        scenarios: &[
            (Fire, &ONE_IS_BAD, "callers meet the service and not one instance: sum over the instances first, then divide"),
            (BeSilent, &ONE_IS_HALF_BAD, "callers meet the service and not one instance: sum over the instances first, then divide"),
            (Fire, &EACH_A_FEW, "the minimum is of the service, too: five errors of all instances together"),
            (Fire, &MIXTURE, ONE_SUM),
            (BeSilent, &ONE_ROUTE, ONE_SUM),
            (BeSilent, &SCANNED, "what no route matches is answered, too, and is among all answers"),
        ],
    },
    Criterion {
        check: row::SURVIVES_A_RESTART,
        scenarios: &[
            (BeSilent, &COUNTS_ANEW, "`rate` and `increase` know that a counter begins at zero again, `delta` and `-` do not"),
            (BeSilent, &ONE_COUNTS_ANEW, "first `rate`, then `sum`: in a sum the restart of one instance looks as if all had begun at zero"),
            (Fire, &COUNTS_ANEW_AMID_ERRORS, "`rate` and `increase` know that a counter begins at zero again, `delta` and `-` do not"),
        ],
    },
    Criterion {
        check: row::TELLS_MEMORY,
        scenarios: &[(Fire, &MEMORY_81, "80 % is 0.8, of the limit of this container; a ratio has no unit, bytes have")],
    },
    Criterion {
        check: row::JUDGES_EACH_INSTANCE,
        scenarios: &[(Fire, &MEMORY_OF_ONE, "an average, a sum or the largest of all hides the instance that is about to be killed: compare each with its own limit")],
    },
    Criterion {
        check: row::ALLOWS_80_PERCENT,
        scenarios: &[
            (BeSilent, &MEMORY_79, "the threshold is below 0.8, or what is compared is not the memory that is used now"),
            (BeSilent, &MEMORY_SPIKE, "a single scrape lasts for as long as `for`, or a window remembers it"),
        ],
    },
    Criterion {
        check: row::NEEDS_A_LIMIT,
        scenarios: &[(BeSilent, &NO_LIMIT, "a limit that nobody set was made up; without one there is no percentage")],
    },
    Criterion {
        check: row::TELLS_TARGET_DOWN,
        scenarios: &[(Fire, &TARGET_DOWN, "a service that does not answer exposes nothing: only `up` is left, and it is 0")],
    },
    Criterion {
        check: row::TELLS_TARGET_ABSENT,
        scenarios: &[(Fire, &TARGET_ABSENT, "what is not there is not 0 either; `absent` asks for it, of this service and not of any")],
    },
    Criterion {
        check: row::LEAVES_OTHERS_ALONE,
        scenarios: &[(BeSilentHere, &OTHERS_ARE_BAD, OTHERS), (BeSilentHere, &OTHER_IS_GONE, OTHERS), (Fire, &OTHERS_ARE_MANY, OTHERS)],
    },
    Criterion {
        check: row::NAMES_THE_SERVICE,
        scenarios: &[(NameTheService, &DATABASE_DOWN, LABELS), (NameTheService, &FIVE_PERCENT, LABELS), (NameTheService, &MEMORY_81, LABELS), (NameTheService, &TARGET_DOWN, LABELS), (NameTheService, &TARGET_ABSENT, "`absent` has the labels that its selector compares with `=`, and no others")],
    },
    Criterion {
        check: row::PAGES_FOR_OUTAGES,
        scenarios: &[(Page, &DATABASE_DOWN, PAGE), (Page, &FIVE_PERCENT, PAGE), (Page, &TARGET_DOWN, PAGE), (Page, &TARGET_ABSENT, PAGE)],
    },
];

/// Also of every fault; checked last.
pub const ENDS: Criterion = Criterion {
    check: row::ENDS_WITH_THE_FAULT,
    scenarios: &[
        (End, &DATABASE_DOWN, WINDOW),
        (End, &FIVE_PERCENT, WINDOW),
        (End, &PEOPLE_LEAVE, WINDOW),
        (End, &MEMORY_81, WINDOW),
        (End, &TARGET_DOWN, WINDOW),
        (End, &TARGET_ABSENT, WINDOW),
    ],
};

#[cfg(test)]
mod tests {
    use super::ENDS;

    #[test]
    fn every_scenario_that_has_to_end_is_watched_long_enough() {
        let too_short = ENDS
            .scenarios
            .iter()
            .find(|(_, scenario, _)| !scenario.is_ending());
        assert_eq!(too_short.map(|(_, scenario, _)| scenario.what), None);
    }
}
