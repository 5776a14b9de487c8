//! What is broken on stage, one after another.

/// A fault of the drill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It accepts what it is sent and answers nothing any more.
    DatabasePaused,
    /// Three requests of ten fail.
    ErrorBurst,
    /// The program takes nearly all that its container may have.
    MemoryFilled,
    /// It is gone from one moment to the next.
    AppKilled,
}

/// A signal that shows the fault before anyone is notified.
pub struct Signal {
    pub name: &'static str,
    /// A query that finds something only while it is so.
    pub query: &'static str,
}

/// What is watched during every fault: whichever comes first saw it first. The ranges are those of a drill, where Prometheus
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

    /// The alert that is there for it, by the name that the lesson gives it.
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
