//! Processes of others, by their numbers.

use std::{fs, process::Command};

/// Sends the signal (`KILL`, `STOP`, …) to these processes. Those that have ended do not matter.
pub fn signal(name: &str, processes: &[u32]) {
    let numbers = processes.iter().map(u32::to_string);
    let mut kill = Command::new("kill");
    kill.arg(format!("-{name}")).args(numbers);
    // It complains about those that have ended.
    let _ = kill.output();
}

/// The children of this process.
pub fn children(parent: u32) -> Vec<u32> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbers = processes.filter_map(|process| process.file_name().to_str()?.parse().ok());
    numbers
        .filter(|number| stat(*number).is_some_and(|(_, its)| its == parent))
        .collect()
}

/// Whether it has ended, although nobody may have asked for its exit status yet.
pub fn has_ended(process: u32) -> bool {
    stat(process).is_none_or(|(state, _)| state == 'Z')
}

/// The state of a process, and its parent. The second word of the line is a name in brackets, which may contain anything.
fn stat(process: u32) -> Option<(char, u32)> {
    let line = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (_, rest) = line.rsplit_once(") ")?;
    let mut words = rest.split(' ');
    Some((words.next()?.parse().ok()?, words.next()?.parse().ok()?))
}
