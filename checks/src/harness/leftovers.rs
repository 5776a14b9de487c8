//! Processes and folders that cleanup misses: children that left their process group (`setsid`), and what a self-check left that
//! was killed. Each process is started with a mark in its environment, which its children inherit.
//! Only Linux shows the environment of a process; elsewhere nothing is looked for.

use std::{
    collections::BTreeSet,
    env, fmt, fs,
    process::{self, Command},
    sync::atomic::{AtomicU64, Ordering},
};

/// The variable whose value is `<process ID of the self-check>-<number of the process>`.
const VARIABLE: &str = "WORKSHOP_CHECK";

/// What the names of temporary folders begin with; the process ID of the self-check follows.
pub const FOLDER: &str = "workshop-";

/// What one process and its children have in their environment.
pub struct Mark(String);

impl Mark {
    /// Marks the process that `command` will start.
    pub fn new(command: &mut Command) -> Mark {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let mark = Mark(format!("{}-{number}", process::id()));
        command.env(VARIABLE, &mark.0);
        mark
    }

    /// Kills every process that has this mark, whatever group or session it is in.
    pub fn kill(&self) {
        kill_marked(|mark, _| mark == self.0);
    }
}

/// What a self-check that was killed has left behind.
#[derive(Debug, Default, PartialEq)]
pub struct Leftovers {
    pub processes: usize,
    pub folders: usize,
}

impl fmt::Display for Leftovers {
    fn fmt(&self, text: &mut fmt::Formatter) -> fmt::Result {
        let plural = |count, one, many| format!("{count} {}", if count == 1 { one } else { many });
        write!(
            text,
            "An earlier self-check was killed. It left {} and {}, which are gone now.",
            plural(self.processes, "process", "processes"),
            plural(self.folders, "folder", "folders")
        )
    }
}

/// Ends and removes what self-checks left whose process is gone. `None`: there was nothing.
pub fn clear() -> Option<Leftovers> {
    let found = Leftovers {
        // `watch` starts self-checks: what those have started goes with them.
        processes: kill_marked(|mark, killed| {
            owner(mark).is_some_and(|owner| killed.contains(&owner) || is_gone(owner))
        }),
        folders: remove_folders(),
    };
    (found != Leftovers::default()).then_some(found)
}

/// The self-check's process ID in a mark, or in the rest of a folder's name.
fn owner(mark: &str) -> Option<u32> {
    let (owner, number) = mark.split_once('-')?;
    number.parse::<u64>().ok()?;
    owner.parse().ok()
}

/// Another user's folders cannot be removed, and stay.
fn remove_folders() -> usize {
    let folders = fs::read_dir(env::temp_dir())
        .into_iter()
        .flatten()
        .flatten();
    let left = folders.filter(|folder| {
        let name = folder.file_name();
        let rest = name.to_str().and_then(|name| name.strip_prefix(FOLDER));
        rest.and_then(owner).is_some_and(is_gone)
    });
    left.filter(|folder| fs::remove_dir_all(folder.path()).is_ok())
        .count()
}

#[cfg(target_os = "linux")]
fn is_gone(process: u32) -> bool {
    !fs::exists(format!("/proc/{process}")).unwrap_or(true)
}

#[cfg(not(target_os = "linux"))]
fn is_gone(_process: u32) -> bool {
    false
}

/// Kills the processes with such a mark until none is left, because one may start another in the meantime. Returns their number.
/// `wanted` is also told which processes were killed so far.
#[cfg(target_os = "linux")]
fn kill_marked(wanted: impl Fn(&str, &BTreeSet<u32>) -> bool) -> usize {
    use nix::{
        sys::signal::{Signal, kill},
        unistd::Pid,
    };
    /// More rounds would not help against a program that starts copies of itself all the time.
    const ROUNDS: usize = 10;
    let mut killed = BTreeSet::new();
    for _ in 0..ROUNDS {
        let marked = marked(|mark| wanted(mark, &killed));
        let marked: Vec<u32> = marked.filter(|it| !killed.contains(it)).collect();
        if marked.is_empty() {
            break;
        }
        for process in marked {
            // It may have ended by itself.
            let _ = kill(Pid::from_raw(process.cast_signed()), Signal::SIGKILL);
            killed.insert(process);
        }
    }
    killed.len()
}

#[cfg(not(target_os = "linux"))]
fn kill_marked(_wanted: impl Fn(&str, &BTreeSet<u32>) -> bool) -> usize {
    0
}

/// The processes with such a mark. Those of other users, and those that have ended, have no readable environment.
#[cfg(target_os = "linux")]
fn marked(wanted: impl Fn(&str) -> bool) -> impl Iterator<Item = u32> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    processes.filter_map(move |process| {
        let number = process.file_name().to_str()?.parse().ok()?;
        let environment = fs::read(process.path().join("environ")).ok()?;
        let mut variables = environment.split(|byte| *byte == 0);
        let mark = variables.find_map(|variable| {
            let value = variable.strip_prefix(VARIABLE.as_bytes())?;
            std::str::from_utf8(value.strip_prefix(b"=")?).ok()
        });
        mark.is_some_and(&wanted).then_some(number)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_names_the_self_check() {
        assert_eq!(owner("4711-3"), Some(4711));
        assert_eq!(owner("check-4711-3"), None);
        assert_eq!(owner("4711-w3"), None);
    }
}
