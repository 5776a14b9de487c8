//! The message about an attempt, word by word.

use checks::{
    check::{Failure, Outcome},
    verify::{Finding, StepReport},
};
use regex::Regex;

/// What stands in every line of log that is a JSON object.
const EVENT: &str = r#""msg":"#;

/// What varies from event to event.
const VARIES: [(&str, &str); 16] = [
    (
        r#"(timed out waiting for connection).*?","module""#,
        r#"$1 …","module""#,
    ),
    (r"\(\d+\) panicked", "(<thread>) panicked"),
    (r"arbiter:\d+", "arbiter:<number>"),
    (r"waited \d+ ms", "waited <ms>"),
    (r"(?m)HeaderMap \{.*$", "HeaderMap <in some order>"),
    (r#""request_id":"[0-9a-f-]+ …"#, r#""request_id":"<cut> …"#),
    (r"(?s)(lines are none; the first:\n).*", "$1<a torn line>"),
    (r"\d{4}-\d\d-\d\dT[\d:.]+(Z|\+09:00)?", "<time>$1"),
    (r#""ts":\d+"#, r#""ts":<milliseconds>"#),
    (r"w[0-9a-f]{16}", "<word>"),
    (r"(<word>){2,}(w[0-9a-f]*)?", "<words>"),
    (
        r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        "<uuid>",
    ),
    (
        r#""duration_ms":("?)\d[0-9.]*"#,
        r#""duration_ms":$1<number>"#,
    ),
    (r"\d+ of \d+ lines", "<some> of <all> lines"),
    (r"\d+ workers|workers: \d+", "<some> workers"),
    (r"127\.0\.0\.1:[2-9]\d{4}|port \d{5}", "<address>"),
];

/// Where events are shown, what varies in them, before the message is wrapped: they hold no spaces, so that otherwise lines would break
/// in the midst of it.
pub fn settle(report: &mut StepReport) {
    let is_about_logs = report.step.name == "json-logs";
    let Finding::Checked(outcomes) = &mut report.finding else {
        return;
    };
    for (_, outcome) in outcomes {
        if let Outcome::Failed(failure) = outcome
            && (is_about_logs || failure.found.contains(EVENT))
        {
            let Failure {
                expected,
                found,
                how,
                perhaps: _,
            } = failure;
            for text in [expected, found, how] {
                for (pattern, instead) in VARIES {
                    let pattern = Regex::new(pattern).expect("the pattern is valid");
                    *text = pattern.replace_all(text, instead).into_owned();
                }
            }
        }
    }
}

/// Compares with what was said last time, but for what differs from run to run.
pub fn pin(name: &str, message: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.add_filter(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "<time>");
    // Weeks that are drawn anew each time.
    settings.add_filter(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", "<time>");
    settings.add_filter(r"([A-Z][a-z]{2}) \d{4}-\d\d-\d\d", "$1 <date>");
    settings.add_filter(r"\(\d+\) panicked", "(<thread>) panicked");
    settings.add_filter(r"arbiter:\d+", "arbiter:<number>");
    settings.add_filter(r"\d+ ms", "<ms>");
    settings.add_filter(r"answer \d+:", "answer <number>:");
    settings.add_filter(
        r"\d+ hung in the database at first, \d+ after",
        "<some> hung in the database at first, <more> after",
    );
    settings.add_filter(r"\d+ of them held", "<some> of them held");
    settings.add_filter(r"\d+ of \d+ were", "<some> of <all> were");
    settings.add_filter(r"\d+( |\n +)probes( |\n +)at once", "<all> probes at once");
    settings.add_filter(r"while \d+ probes wait", "while <all> probes wait");
    settings.add_filter(r"\d+ answers of /health", "<some> answers of /health");
    settings.add_filter(
        r"opened \d+ new connections",
        "opened <some> new connections",
    );
    settings.add_filter(r"made \d+ connections", "made <some> connections");
    settings.add_filter(r#"(process_\w+)(\s+)[\d.]+(["\s])"#, "$1$2<number>$3");
    settings.add_filter(r"it added [\d.e-]+", "it added <seconds>");
    settings.add_filter(r"w[0-9a-f]{16}", "<word>");
    settings.add_filter(r"the value is 0\.\d+", "the value is <value>");
    settings.add_filter(r"127\.0\.0\.1:[2-9]\d{4}", "127.0.0.1:<port>");
    settings.add_filter(r"port \d{5}", "port <port>");
    settings.add_filter(r"PORT [2-9]\d{4}", "PORT <port>");
    settings.add_filter(r"limit_bytes \d+", "limit_bytes <bytes>");
    settings.add_filter(r"says( |\n +)\d{9}\b", "says <bytes>");
    settings.add_filter(r"among the \d+ series", "among the <all> series");
    // What Docker says.
    settings.add_filter(r"sha256:[0-9a-f]{12,64}", "sha256:<digest>");
    settings.add_filter(r"[0-9a-f-]{36}::[0-9a-z]{25}", "<build>");
    settings.add_filter(r"\b[0-9a-f]{12}(?:[0-9a-f]{52})?\b", "<container>");
    settings.bind(|| insta::assert_snapshot!(name.replace('/', "__"), message));
}
