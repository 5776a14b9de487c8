//! Compares the message about an attempt word by word. First the parts of programs' own output that differ from run to run are
//! replaced. Values that the self-check measures or draws are replaced by its own messages, see `checks::harness::text::Varying`.

use std::sync::LazyLock;

use checks::{
    check::{Failure, Outcome},
    harness::text::show_names_of_varying_values,
    verify::{Finding, StepReport},
};
use regex::Regex;

/// No pattern matches the replacement of another one, so their order does not matter.
const VARIES: [(&str, &str); 23] = [
    // Random values in a program's output.
    (r"(?i:(?:w[0-9a-f]{16})+(?:w[0-9a-f]{0,15})?)", "<word>"),
    (r"the value is 0\.\d+", "the value is <value>"),
    (r"127\.0\.0\.1:[2-9]\d{4}\b", "127.0.0.1:<port>"),
    (r"\b(PORT[= ]|port )[2-9]\d{4}\b", "$1<port>"),
    // Fields of an event.
    (
        r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(Z|\+09:00| UTC)?",
        "<time>$1",
    ),
    (r#""ts":\d+"#, r#""ts":<milliseconds>"#),
    (
        r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]+(?:::[0-9a-z]{25})?",
        "<uuid>",
    ),
    (r#"("request_id":")[0-9a-f-]{1,13} …"#, "$1<uuid> …"),
    (
        r#""duration_ms":("?)\d[0-9.]*"#,
        r#""duration_ms":$1<number>"#,
    ),
    (r"\b\d+ (ms|milliseconds)\b", "<some> $1"),
    // The duration in a line of actix-web's own logger.
    (r#"(" )\d\.\d{6}\b"#, "$1<seconds>"),
    // A method that was drawn.
    (r#"method="[0-9A-F]{7}""#, r#"method="<WORD>""#),
    // A count that stands for a share, of drawn traffic.
    (r"\d(?:\.\d+)?e\+\d\d ?%", "<number>%"),
    // Which of the clients was refused first is drawn.
    (r"\b(curl -i|is|with) -A '[^']+'", "$1 -A '<name>'"),
    // Many attempts are modules of one program, see `groups.rs`; where one of them does not compile, each is a program alone.
    (r"\b(step\d\d)_(?:attempts::)?\w+?::", "$1::"),
    // Output of libraries.
    (r"\(\d+\) panicked|arbiter:\d+", "<thread>"),
    (r"\d+ workers|workers: \d+", "<some> workers"),
    (r"(?m)HeaderMap \{.*$", "HeaderMap <in some order>"),
    (
        r#"(timed out waiting for connection).*?","module""#,
        r#"$1 …","module""#,
    ),
    (
        r"\b((?:process|db_pool)_[a-z_]+(?:\{[^}]*\})? )[0-9][0-9.e+]*",
        "$1<number>",
    ),
    // Whose copy of the course it is.
    (
        r"github\.com/[\w.-]+/[\w.-]+/blob/",
        "github.com/OWNER/REPOSITORY/blob/",
    ),
    // Where a tool is not at hand, Docker runs it.
    (
        r#"docker run --rm -v "\$PWD":/work -w /work --entrypoint (\w+) \S+ "#,
        "$1 ",
    ),
    // Output of Docker: digests, builds, containers.
    (r"sha256:[0-9a-f]{12,64}|\b[0-9a-f]{12}\b", "<id>"),
];

static PATTERNS: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    let compiled = |(pattern, instead)| (Regex::new(pattern).expect("it is valid"), instead);
    VARIES.into_iter().map(compiled).collect()
});

/// To be called before the first check whose message is compared.
pub fn prepare() {
    show_names_of_varying_values();
}

/// Replaces what differs from run to run with names, before the message is wrapped.
pub fn redact(report: &mut StepReport) {
    let Finding::Checked(outcomes) = &mut report.finding else {
        return;
    };
    for (_, outcome) in outcomes {
        if let Outcome::Failed(failure) = outcome {
            let Failure {
                expected,
                found,
                how,
                perhaps,
                ..
            } = failure;
            for text in [expected, found, how].into_iter().chain(perhaps) {
                *text = redacted(text);
            }
        }
    }
}

/// `text` with names in place of what differs from run to run.
pub fn redacted(text: &str) -> String {
    let mut text = text.to_owned();
    for (pattern, instead) in PATTERNS.iter() {
        text = pattern.replace_all(&text, *instead).into_owned();
    }
    text
}

/// Compares a message with the pinned one.
pub fn compare(name: &str, message: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name.replace('/', "__"), message));
}
