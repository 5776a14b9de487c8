//! The commands with which a learner starts what a check has started.

use std::time::Duration;

use super::{Launch, UNSET};
use crate::harness::fake_postgres::State;

/// The port of the broken database in a printed command. PostgreSQL's own is 5432; this one is rarely taken.
pub const BROKEN_DATABASE_PORT: u16 = 15_432;

/// The service's own defaults, which a printed command leaves out. It also leaves out what only a check needs: the address, and
/// the settings that suppress backtraces and log lines, because these would only make a message longer.
const DEFAULTS: [(&str, &str); 1] = [("RUST_LOG", "info")];

/// A database that takes less than this for an answer is busy, and not slow: a probe waits for it.
const BUSY: Duration = Duration::from_millis(500);

/// How to run the commands with a broken database.
const REMARK: &str = "(each in a terminal of its own; Enter in the first one repairs the database)";

impl Launch {
    /// The command with which a learner starts it like this.
    pub fn command(&self) -> String {
        self.commands(&[], "")
    }

    /// [`Launch::command`] on another port, for learners who already use the usual one.
    pub fn command_elsewhere(&self) -> String {
        self.commands(&[("PORT", "8001")], "")
    }

    /// The command with which a learner starts it like this, and the next one on a line of its own.
    pub fn then(&self, next: &str) -> String {
        self.commands(&[], next)
    }

    fn commands(&self, more: &[(&str, &str)], next: &str) -> String {
        let (before, database_url, remark) = match &self.state {
            // Any healthy database will do, also the embedded one.
            State::Up => (None, None, ""),
            State::Refusing if !self.repaired => (
                None,
                Some(self.url_at("127.0.0.1:1/db")),
                "(nothing listens on port 1)",
            ),
            broken => (
                Some(format!("cargo verify database {}", name(broken))),
                Some(self.url_at(&format!("127.0.0.1:{BROKEN_DATABASE_PORT}/workshop"))),
                REMARK,
            ),
        };
        let settings = more.iter().chain(&self.settings);
        let (unset, set): (Vec<_>, Vec<_>) = settings.partition(|(_, value)| *value == UNSET);
        let mut words: Vec<String> = Vec::new();
        if !unset.is_empty() {
            words.push("env".to_owned());
        }
        words.extend(unset.iter().map(|(name, _)| format!("-u {name}")));
        let typed = set.iter().filter(|setting| !DEFAULTS.contains(setting));
        words.extend(typed.map(|(name, value)| format!("{name}={value}")));
        words.extend(database_url);
        words.push(format!("cargo run -p {}", self.package()));
        if !self.arguments.is_empty() {
            words.push(format!("-- {}", self.arguments.join(" ")));
        }
        let lines = [
            before.unwrap_or_default(),
            words.join(" "),
            next.to_owned(),
            remark.to_owned(),
        ];
        let lines: Vec<String> = lines.into_iter().filter(|line| !line.is_empty()).collect();
        lines.join("\n")
    }

    /// The login stands where it stood in the URL that was used: before the host, or behind the name.
    fn url_at(&self, at: &str) -> String {
        if self.database_url.contains("?user=") {
            format!("DATABASE_URL='postgres://{at}?user=me&password=secret'")
        } else {
            format!("DATABASE_URL=postgres://me:secret@{at}")
        }
    }
}

/// The name of the state for `cargo verify database`.
fn name(state: &State) -> &'static str {
    match state {
        State::Up => "up",
        State::Refusing => "refusing",
        State::Silent => "silent",
        State::Hanging | State::Stalling => "hanging",
        State::Locked => "locked",
        State::Slow(pause) if *pause < BUSY => "busy",
        State::Slow(_) => "slow",
        State::Failing(_) => "failing",
        State::Full => "full",
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn a_learner_types_what_was_started_but_for_what_goes_without_saying() {
        let launch = Launch::new(Path::new("/target/debug/step04"));
        assert_eq!(launch.command(), "cargo run -p step04");
        let settings = [("RUST_LOG", "info"), ("DRILL", "1"), ("TZ", "KST-9")];
        assert_eq!(
            launch.clone().settings(&settings).then("curl"),
            "DRILL=1 TZ=KST-9 cargo run -p step04\ncurl"
        );
        assert_eq!(
            launch.clone().settings(&[("RUST_LOG", UNSET)]).command(),
            "env -u RUST_LOG cargo run -p step04"
        );
        assert_eq!(
            launch.clone().settings(&[("RUST_LOG", "")]).command(),
            "RUST_LOG= cargo run -p step04"
        );
        assert_eq!(
            launch
                .while_database_is(State::Refusing)
                .command_elsewhere(),
            "PORT=8001 DATABASE_URL=postgres://me:secret@127.0.0.1:1/db cargo run -p step04\n(nothing listens on port 1)"
        );
        assert_eq!(
            launch
                .while_database_is(State::Stalling)
                .arguments(&["healthcheck"])
                .command(),
            "cargo verify database hanging\nDATABASE_URL=postgres://me:secret@127.0.0.1:15432/workshop cargo run -p step04 -- healthcheck\n(each in a terminal of its own; Enter in the first one repairs the database)"
        );
    }
}
