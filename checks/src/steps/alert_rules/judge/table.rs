//! Every check of the rules' behaviour, the scenes that it is about, and what may be behind it when it fails.

use super::{
    FIRST,
    Must::{BeSilent, BeSilentHere, End, Fire, NameTheService, Page},
    Verdict,
};
use crate::steps::alert_rules::scenes::*;

#[rustfmt::skip] // a table
pub const VERDICTS: [Verdict; 20] = [
    Verdict {
        id: FIRST,
        scenes: &[(BeSilent, &WELL), (BeSilent, &QUIET)],
        perhaps: "a comparison the wrong way round, with `bool`, or of something that is never 0; or counters without a rate, which never forget",
    },
    Verdict {
        id: "alert-rules.tells-database-down",
        scenes: &[(Fire, &DATABASE_DOWN)],
        perhaps: "the rule waits for longer than that, or for a value that never comes",
    },
    Verdict {
        id: "alert-rules.ignores-a-blink",
        scenes: &[(BeSilent, &DATABASE_BLINKS), (BeSilent, &LOST_SCRAPE)],
        perhaps: "the value of one scrape stays for a minute: `for` has to be longer than that",
    },
    Verdict {
        id: "alert-rules.tells-errors",
        scenes: &[(Fire, &FIVE_PERCENT), (Fire, &JUST_ABOVE)],
        perhaps: "1 % is 0.01; both sides of a division need the same labels; and a window of one minute over a scrape of one minute holds one sample",
    },
    Verdict {
        id: "alert-rules.counts-every-5xx",
        scenes: &[(Fire, &UNAVAILABLE), (Fire, &GATEWAY)],
        perhaps: "500 is one status of many: `=~` matches a pattern",
    },
    Verdict {
        id: "alert-rules.allows-1-percent",
        scenes: &[(BeSilent, &NOT_FOUND), (BeSilent, &JUST_BELOW)],
        perhaps: "404 is an answer, and a good one; and only sums over all series make a ratio of all answers",
    },
    Verdict {
        id: "alert-rules.ignores-a-stray-error",
        scenes: &[(BeSilent, &STRAY), (BeSilent, &ALONE)],
        perhaps: "of few requests one is many percent: ask for a minimum, of errors or of traffic",
    },
    Verdict {
        id: "alert-rules.ignores-probes",
        scenes: &[(BeSilent, &PROBES_FAIL), (Fire, &PROBES_DROWN)],
        perhaps: "/health, /health/db and /metrics are counted like all else, on both sides of the division",
    },
    Verdict {
        id: "alert-rules.bridges-gaps",
        scenes: &[(Fire, &BURSTS), (Fire, &LOST_SCRAPES)],
        perhaps: "a window of four scrapes or more outlasts a gap; `irate` looks at the last two samples, whatever its window",
    },
    Verdict {
        id: "alert-rules.judges-the-service",
        scenes: &[(Fire, &ONE_IS_BAD), (BeSilent, &ONE_IS_HALF_BAD)],
        perhaps: "callers meet the service and not one instance: sum over the instances first, then divide",
    },
    Verdict {
        id: "alert-rules.survives-a-restart",
        scenes: &[(BeSilent, &COUNTS_ANEW), (Fire, &COUNTS_ANEW_AMID_ERRORS)],
        perhaps: "`rate` and `increase` know that a counter begins anew, `delta` and `-` do not",
    },
    Verdict {
        id: "alert-rules.tells-memory",
        scenes: &[(Fire, &MEMORY_81)],
        perhaps: "80 % is 0.8, and of the limit of this container; and a ratio without unit is not bytes",
    },
    Verdict {
        id: "alert-rules.judges-each-instance",
        scenes: &[(Fire, &MEMORY_OF_ONE)],
        perhaps: "an average or a sum hides the one that is about to be killed",
    },
    Verdict {
        id: "alert-rules.allows-80-percent",
        scenes: &[(BeSilent, &MEMORY_79), (BeSilent, &MEMORY_SPIKE)],
        perhaps: "a threshold below 0.8, or a `for` that a single scrape outlasts",
    },
    Verdict {
        id: "alert-rules.needs-a-limit",
        scenes: &[(BeSilent, &NO_LIMIT)],
        perhaps: "a limit that nobody set was made up; without one there is no percentage",
    },
    Verdict {
        id: "alert-rules.tells-target-down",
        scenes: &[(Fire, &TARGET_DOWN)],
        perhaps: "a service that does not answer exposes nothing: only `up` is left, and it is 0",
    },
    Verdict {
        id: "alert-rules.tells-target-absent",
        scenes: &[(Fire, &TARGET_ABSENT)],
        perhaps: "what is not there is not 0 either; `absent` asks for it, of this service and not of any",
    },
    Verdict {
        id: "alert-rules.leaves-others-alone",
        scenes: &[(BeSilentHere, &OTHERS_ARE_BAD), (BeSilentHere, &OTHER_IS_GONE), (Fire, &OTHERS_ARE_MANY)],
        perhaps: "a series without job=\"app\" may be anybody's, and a sum without `by (job)` is everybody's",
    },
    Verdict {
        id: "alert-rules.names-the-service",
        scenes: &[(NameTheService, &DATABASE_DOWN), (NameTheService, &FIVE_PERCENT), (NameTheService, &MEMORY_81), (NameTheService, &TARGET_DOWN), (NameTheService, &TARGET_ABSENT)],
        perhaps: "a sum keeps the labels that stand behind `by`, and none else",
    },
    Verdict {
        id: "alert-rules.pages-for-outages",
        scenes: &[(Page, &DATABASE_DOWN), (Page, &FIVE_PERCENT), (Page, &TARGET_DOWN), (Page, &TARGET_ABSENT)],
        perhaps: "callers are turned away right now: that cannot wait until the morning",
    },
];

/// Also of every fault; checked last.
pub const ENDS: Verdict = Verdict {
    id: "alert-rules.ends-with-the-fault",
    scenes: &[
        (End, &DATABASE_DOWN),
        (End, &FIVE_PERCENT),
        (End, &PEOPLE_LEAVE),
        (End, &MEMORY_81),
        (End, &TARGET_DOWN),
        (End, &TARGET_ABSENT),
    ],
    perhaps: "a window of hours, or a counter without a rate, remembers for as long as that",
};
