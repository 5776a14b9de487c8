//! JUnit's XML.

use super::test_case::{Status, TestCase};
use crate::verify::StepReport;

pub fn text(steps: &[(&StepReport, Vec<TestCase>)]) -> String {
    let suites: String = steps
        .iter()
        .map(|(report, tests)| suite(report.step.name, tests))
        .collect();
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n{suites}</testsuites>\n")
}

fn suite(name: &str, tests: &[TestCase]) -> String {
    let count = |status| tests.iter().filter(|test| test.status == status).count();
    let cases: String = tests.iter().map(|test| case(name, test)).collect();
    format!(
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">\n{cases}  </testsuite>\n",
        escaped(name),
        tests.len(),
        count(Status::Failed),
        count(Status::Blocked),
        count(Status::NotRun)
    )
}

fn case(suite: &str, test: &TestCase) -> String {
    let (title, output) = (escaped(test.title), escaped(&test.output));
    let inside = match test.status {
        Status::Passed => String::new(),
        Status::Failed => format!("<failure message=\"{title}\">{output}</failure>"),
        Status::NotRun => format!("<skipped message=\"{output}\"/>"),
        Status::Blocked => format!("<error message=\"{output}\"/>"),
    };
    format!(
        "    <testcase classname=\"{}\" name=\"{}\">{inside}</testcase>\n",
        escaped(suite),
        escaped(test.id)
    )
}

/// XML 1.0 allows no control characters but tabs and line breaks, whatever a service has answered.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(letter),
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            control if control.is_control() => escaped.push('\u{fffd}'),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn nothing_that_a_service_answers_breaks_the_document() {
        assert_eq!(
            escaped("<a b=\"c\">\u{0}\u{1b}[31m&\n"),
            "&lt;a b=&quot;c&quot;&gt;\u{fffd}\u{fffd}[31m&amp;\n"
        );
    }
}
