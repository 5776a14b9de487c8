//! The hours at which notifications are received.

/// Every fault is run at three hours at once, each with an Alertmanager whose clock stands still.
#[derive(Debug)]
pub struct Hour {
    pub name: &'static str,
    /// For people, in Seoul time.
    pub when: &'static str,
    /// For programs.
    pub at: &'static str,
    /// Whether it is within office hours.
    pub working: bool,
}

pub const HOURS: [Hour; 3] = [
    Hour {
        name: "office",
        when: "Tue 10:00",
        at: "2026-11-24T10:00",
        working: true,
    },
    Hour {
        name: "night",
        when: "Tue 03:00",
        at: "2026-11-24T03:00",
        working: false,
    },
    Hour {
        name: "weekend",
        when: "Sat 12:00",
        at: "2026-11-28T12:00",
        working: false,
    },
];
