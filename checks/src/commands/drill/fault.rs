//! The faults of a drill, in order, and the signals that show them.

/// A fault of the drill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The database accepts what it is sent and no longer answers.
    DatabasePaused,
    /// Three requests of ten fail.
    ErrorBurst,
    /// The program takes nearly all the memory that its container may have.
    MemoryFilled,
    /// The program is killed, without a warning.
    AppKilled,
}

/// A signal that shows the fault before anyone is notified.
pub struct Signal {
    pub name: &'static str,
    /// A query that returns a series only while the signal is on.
    pub query: &'static str,
}

/// The signals that are watched during every fault, to see which shows it first. Their ranges suit a drill, in which Prometheus
/// scrapes every second.
pub const SIGNALS: [Signal; 4] = [
    Signal {
        name: "db_up",
        query: "db_up == 0",
    },
    Signal {
        name: "5xx ratio",
        query: "sum(rate(http_requests_total{status=~\"5..\"}[5s])) / sum(rate(http_requests_total[5s])) > 0.01",
    },
    Signal {
        name: "memory",
        query: "process_resident_memory_bytes / process_memory_limit_bytes > 0.8",
    },
    Signal {
        name: "up",
        query: "up == 0",
    },
];

impl Fault {
    /// All of them, in the order in which they come.
    pub const ALL: [Fault; 4] = [
        Fault::DatabasePaused,
        Fault::ErrorBurst,
        Fault::MemoryFilled,
        Fault::AppKilled,
    ];

    /// In at most 16 characters.
    pub fn title(self) -> &'static str {
        match self {
            Fault::DatabasePaused => "database paused",
            Fault::ErrorBurst => "5xx burst",
            Fault::MemoryFilled => "memory filled",
            Fault::AppKilled => "app killed",
        }
    }

    /// The alert for this fault, by its name in the lesson.
    pub fn alert(self) -> &'static str {
        match self {
            Fault::DatabasePaused => "DatabaseDown",
            Fault::ErrorBurst => "HighErrorRatio",
            Fault::MemoryFilled => "MemoryHigh",
            Fault::AppKilled => "TargetGone",
        }
    }

    /// The alert that is a consequence of this one and must be silenced.
    pub fn causes(self) -> Option<&'static str> {
        match self {
            Fault::DatabasePaused => Some("HighErrorRatio"),
            Fault::ErrorBurst | Fault::MemoryFilled | Fault::AppKilled => None,
        }
    }
}
