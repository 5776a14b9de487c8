//! Whatever is logged: one event is one line, which is one JSON object, and every text comes through as it was. A part of the whole
//! proof, `cargo prove fuzz`; by itself: `ARBTEST_BUDGET_MS=60000 cargo test -p solutions --test log_lines`.
//!
//! A logger belongs to a whole process, so this program runs itself: the child logs what it is told, and the parent reads.

use std::{
    env,
    io::{self, BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use arbtest::{
    arbitrary::{Result, Unstructured},
    arbtest,
};
use log::{Level, Record};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Set for the child.
const CHILD: &str = "LOG_LINES_CHILD";

/// What could end a line or a text too early, or forge a field.
const PIECES: [&str; 16] = [
    "\n",
    "\r",
    "\"",
    "\\",
    "\\n",
    "\",\"level\":\"",
    "}",
    "{",
    "\0",
    "\u{1b}[31m",
    "\u{7f}",
    "\u{9b}",
    "\u{2028}",
    "\u{202e}",
    "가",
    "😀",
];

/// Names of fields: the formatter's own among them.
const KEYS: [&str; 8] = [
    "ts",
    "level",
    "msg",
    "module",
    "request_id",
    "path",
    "가",
    "a\"b",
];

/// One event, as the child is told.
#[derive(Deserialize, Serialize)]
struct Told {
    msg: String,
    fields: Vec<(String, String)>,
}

fn main() -> io::Result<()> {
    if env::var_os(CHILD).is_some() {
        return log_what_is_told();
    }
    let mut logger = Logger::start()?;
    let mut events = 0;
    arbtest(|random| {
        let told = Told {
            msg: text(random)?,
            fields: fields(random)?,
        };
        events += 1;
        let line = logger.line(&told).expect("the logger runs");
        is_as_told(&line, &told);
        Ok(())
    })
    .run();
    drop(logger.input);
    assert!(logger.child.wait()?.success());
    println!("test result: ok. 1 passed; 0 failed; 0 ignored; {events} events");
    Ok(())
}

fn is_as_told(line: &str, told: &Told) {
    let event: Map<String, Value> =
        serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    assert_eq!(event["msg"], *told.msg, "{line}");
    assert_eq!(event["level"], "INFO", "{line}");
    assert_eq!(event["module"], "told", "{line}");
    // Of two fields with one name, the second is found under another name.
    for (key, value) in &told.fields {
        let mut names = event
            .iter()
            .filter(|(name, _)| name.trim_end_matches('_') == key);
        assert!(
            names.any(|(_, found)| found == value),
            "{key}={value}: {line}"
        );
    }
    assert_eq!(event.len(), 4 + told.fields.len(), "{line}");
    let breaks = |letter: char| letter.is_control() || "\u{2028}\u{2029}\u{202e}".contains(letter);
    assert!(!line.contains(breaks), "{line:?}");
}

fn text(random: &mut Unstructured) -> Result<String> {
    let mut text = String::new();
    for _ in 0..random.int_in_range(0..=8)? {
        if random.arbitrary()? {
            text += random.choose(&PIECES)?;
        } else {
            text += random.arbitrary()?;
        }
    }
    Ok(text)
}

fn fields(random: &mut Unstructured) -> Result<Vec<(String, String)>> {
    let count = random.int_in_range(0..=5)?;
    let field =
        |random: &mut Unstructured| Ok(((*random.choose(&KEYS)?).to_owned(), text(random)?));
    (0..count).map(|_| field(random)).collect()
}

/// The child, and both its ends.
struct Logger {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Logger {
    fn start() -> io::Result<Logger> {
        let mut child = Command::new(env::current_exe()?)
            .env(CHILD, "1")
            .env_remove("RUST_LOG")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        Ok(Logger {
            child,
            input: input.expect("it is piped"),
            output: BufReader::new(output.expect("it is piped")),
        })
    }

    /// The line that it writes about an event.
    fn line(&mut self, told: &Told) -> io::Result<String> {
        writeln!(self.input, "{}", serde_json::to_string(told)?)?;
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        Ok(line.trim_end_matches('\n').to_owned())
    }
}

/// The child: it ends with its input.
fn log_what_is_told() -> io::Result<()> {
    solutions::logs::init();
    for told in io::stdin().lines() {
        let told: Told = serde_json::from_str(&told?)?;
        let fields: Vec<(&str, &str)> = told
            .fields
            .iter()
            .map(|(key, value)| (&**key, &**value))
            .collect();
        log::logger().log(
            &Record::builder()
                .level(Level::Info)
                .target("told")
                .key_values(&fields)
                .args(format_args!("{}", told.msg))
                .build(),
        );
    }
    Ok(())
}
