//! Whether `RUST_LOG` means to the program what it means to env_logger.

mod again;

use std::thread;

use super::{
    joined,
    service::{ARRIVAL, Context, curl},
};
use crate::{
    check::Failure,
    harness::{fake_postgres::State, text::printable},
};

/// An event of the service or of a library: what its line contains, and what it is called in a message.
pub struct Mark(pub &'static str, pub &'static str);

const LISTENS: Mark = Mark("listening on http", "the event about listening, at INFO");
const SERVES: Mark = Mark(
    "starting service",
    "the event of actix_server about its service, at INFO",
);
const WARNED: Mark = Mark("all is well again", "the event at WARN");
const FAILED: Mark = Mark("readings: ", "the event at ERROR");
pub const EXTRACTS: Mark = Mark(
    "Failed during Query extractor",
    "the event of actix_web about the query, at DEBUG",
);

/// What makes the events at WARN, DEBUG and ERROR: the last one while the database is away.
const RESET: (&str, &str) = ("POST", "/drill/reset");
pub const MISTAKE: (&str, &str) = ("POST", "/drill/errors?ratio=much");
const READ: (&str, &str) = ("GET", "/readings/attic");
const PANIC: (&str, &str) = ("POST", "/drill/panic");

/// A value of `RUST_LOG`, a request, and which events it lets through.
struct Form {
    rust_log: &'static str,
    request: (&'static str, &'static str),
    shown: &'static [Mark],
    hidden: &'static [Mark],
}

const FORMS: [Form; 9] = [
    Form {
        rust_log: "warn",
        request: RESET,
        shown: &[WARNED],
        hidden: &[LISTENS, SERVES],
    },
    Form {
        rust_log: "WARN",
        request: RESET,
        shown: &[WARNED],
        hidden: &[LISTENS, SERVES],
    },
    Form {
        rust_log: "off",
        request: RESET,
        shown: &[],
        hidden: &[WARNED, LISTENS, SERVES],
    },
    Form {
        rust_log: "off",
        request: PANIC,
        shown: &[],
        hidden: &[LISTENS, SERVES],
    },
    Form {
        rust_log: "error",
        request: READ,
        shown: &[FAILED],
        hidden: &[LISTENS, SERVES],
    },
    Form {
        rust_log: "debug",
        request: MISTAKE,
        shown: &[LISTENS, SERVES, EXTRACTS],
        hidden: &[],
    },
    Form {
        rust_log: "info,actix_server=warn",
        request: RESET,
        shown: &[WARNED, LISTENS],
        hidden: &[SERVES],
    },
    Form {
        rust_log: "warn,actix_server=info",
        request: RESET,
        shown: &[WARNED, SERVES],
        hidden: &[LISTENS],
    },
    Form {
        rust_log: "warn,solutions::config=info",
        request: RESET,
        shown: &[WARNED, LISTENS],
        hidden: &[SERVES],
    },
];

/// Starts a program with each of its forms, all at the same time.
pub fn is_obeyed(context: &Context) -> Result<(), Failure> {
    thread::scope(|scope| {
        let running = FORMS
            .each_ref()
            .map(|form| scope.spawn(|| obeys(context, form)));
        let looks = running.map(joined);
        looks.into_iter().collect::<Result<(), Failure>>()
    })
}

fn obeys(context: &Context, form: &Form) -> Result<(), Failure> {
    let settings = [("RUST_LOG", form.rust_log), ("DRILL", "1")];
    let mut launch = context.launch().settings(&settings);
    if form.request == READ {
        launch = launch.database("postgres://me:secret@127.0.0.1:1/db", State::Refusing);
    }
    let service = context.start(launch)?;
    let (method, target) = form.request;
    let asked = service.ask(method, target, &[], "");
    // How a panic is answered is the concern of another check.
    if form.request != PANIC {
        asked?;
    }
    let failed = |expected: String, found: String, perhaps: &str| {
        Err(service.failure(&curl(method, target, ""), expected, found, perhaps))
    };
    for Mark(text, name) in form.shown {
        if service.program.log.wait_for(text, ARRIVAL).is_none() {
            return failed(
                format!("{name}: RUST_LOG={} lets it through", form.rust_log),
                service.instead_of(text),
                left_out(form.rust_log),
            );
        }
    }
    service.program.log.wait_for_quiet();
    for Mark(text, name) in form.hidden {
        if let Some(line) = service.program.log.find(text) {
            return failed(
                format!("not {name}: RUST_LOG={} leaves it out", form.rust_log),
                printable(&line),
                let_through(form.rust_log),
            );
        }
    }
    if form.rust_log == "warn" {
        again::is_told(&service)?;
    }
    match service.events().first() {
        Some(event) if form.rust_log == "off" => failed(
            "nothing at all: RUST_LOG=off".to_owned(),
            event.to_string(),
            "something is written past the filter",
        ),
        _ => Ok(()),
    }
}

/// The likely cause when an event is missing.
fn left_out(rust_log: &str) -> &'static str {
    match rust_log {
        "debug" => "a filter of the program's own takes away what RUST_LOG lets through",
        modules if modules.contains('=') => {
            "a level may be given for a module, too: Builder::parse_filters reads all of it"
        }
        _ => "RUST_LOG is to leave out what is less than its level, and nothing else",
    }
}

/// The likely cause when there is an event too many.
fn let_through(rust_log: &str) -> &'static str {
    match rust_log {
        "warn" => "the level is written into the program: during an incident nobody can change it",
        modules if modules.contains('=') => {
            "one word of RUST_LOG is taken for the whole: Builder::parse_filters reads all of it"
        }
        _ => {
            "only some of the levels are known: Builder::parse_filters knows them all, and off, in any case"
        }
    }
}
