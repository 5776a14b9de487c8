//! A running program, and what it costs: the processor time and the memory of all its processes.

use std::{
    fs,
    net::SocketAddr,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Context, ensure};
use checks::harness::{cleanup::CleanupGuard, http, poll, ports, process};

/// The unit in which the kernel counts processor time, in seconds.
const TICK: f64 = 0.01;

/// The time limit for a start and for an answer, and the polling interval at the start.
const LIMIT: Duration = Duration::from_secs(30);
const PACE: Duration = Duration::from_millis(50);

pub struct Service {
    pub address: SocketAddr,
    group: u32,
    // Ends before its folder goes.
    _guard: CleanupGuard,
    pub folder: tempfile::TempDir,
}

impl Service {
    /// Starts what `command` makes of a folder and a port. Its log is written, but discarded.
    pub fn start(command: impl FnOnce(&Path, u16) -> Command) -> anyhow::Result<Service> {
        let folder = tempfile::tempdir()?;
        let address = ports::free_address()?;
        let mut command = command(folder.path(), address.port());
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let (child, guard) = process::spawn_visible(command)?;
        let group = process::lock(&child).id();
        let service = Service {
            address,
            group,
            _guard: guard,
            folder,
        };
        let url = format!("http://{address}/health");
        let answers = || http::ask("GET", &url, LIMIT).is_ok_and(|answer| answer.status == 200);
        ensure!(poll::is_done(LIMIT, PACE, answers), "/health has no 200");
        Ok(service)
    }

    /// User and system time of all its processes so far, in seconds.
    pub fn processor_time(&self) -> anyhow::Result<f64> {
        let mut ticks = 0.0;
        for (_, words) in self.processes()? {
            // The 14th and 15th word: the first here is the third.
            for word in &words[11..13] {
                ticks += word.parse::<f64>()?;
            }
        }
        Ok(ticks * TICK)
    }

    /// Resident memory of all its processes, in MB. A page that several of them share is counted once.
    pub fn memory(&self) -> anyhow::Result<f64> {
        let mut kilobytes = 0.0;
        for (id, _) in self.processes()? {
            let rollup = fs::read_to_string(format!("/proc/{id}/smaps_rollup"))?;
            let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"));
            let number = line.and_then(|line| line.split_whitespace().next());
            kilobytes += number.context("no Pss")?.parse::<f64>()?;
        }
        Ok(kilobytes / 1024.0)
    }

    /// Its processes by their ids, with the words of `stat` behind the name, which is in brackets.
    fn processes(&self) -> anyhow::Result<Vec<(u32, Vec<String>)>> {
        let mut processes = Vec::new();
        for entry in fs::read_dir("/proc")? {
            let name = entry?.file_name();
            let Some(id) = name.to_str().and_then(|name| name.parse::<u32>().ok()) else {
                continue;
            };
            // It may have ended meanwhile.
            let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
            let words = stat
                .rsplit_once(')')
                .map(|(_, rest)| rest.split_whitespace());
            let words: Vec<String> = words.into_iter().flatten().map(str::to_owned).collect();
            // State, parent, group.
            if words
                .get(2)
                .is_some_and(|group| *group == self.group.to_string())
            {
                processes.push((id, words));
            }
        }
        ensure!(!processes.is_empty(), "it has ended");
        Ok(processes)
    }
}
