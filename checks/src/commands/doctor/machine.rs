//! The machine itself: its ports, disk and memory, and where the checkout is.

use std::{
    env, fs, io,
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::Path,
    time::Duration,
};

use super::{ALL_STEPS, Finding, NOTIFYING_STEPS, OBSERVING_STEPS, State, remedies};
use crate::tools::system::is_wsl;

/// The size of the builds of the self-check, the steps and the solutions (0.6 GB without the tests), with a margin.
const DISK_NEEDED: u64 = 2_000_000_000;

/// Twice the peak of the compiler (0.7 GB, for diesel).
const MEMORY_NEEDED: u64 = 1_500_000_000;

/// A local connection succeeds or fails at once, except on Windows, which retries a refused one for a while.
const CONNECT_LIMIT: Duration = Duration::from_millis(200);

/// Whether the ports of the service and of its monitoring are free.
pub fn ports() -> Vec<Finding> {
    [
        (8000, &ALL_STEPS, "the service"),
        (3000, &OBSERVING_STEPS, "Grafana"),
        (9090, &OBSERVING_STEPS, "Prometheus"),
        (9093, &NOTIFYING_STEPS, "Alertmanager"),
    ]
    .map(|(port, steps, whose)| {
        let name = format!("Port {port}");
        if is_free(port) {
            return Finding::new(&name, steps, format!("free, for {whose}"), State::Fine);
        }
        let what = match port {
            8000 => "end it, or write PORT=8001 before `cargo run` and `docker compose up`",
            _ => "end it, or `docker compose down` if it is the workshop's own",
        };
        let who = remedies::PORT.here().replace("{port}", &port.to_string());
        let remedy = format!("{what}\n{who}");
        let found = format!("something else listens where {whose} should");
        Finding::new(&name, steps, found, State::Missing(remedy))
    })
    .into()
}

/// Whether `port` is free.
pub fn is_free(port: u16) -> bool {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    // Some systems let us bind this address although another program listens on all addresses, so try to connect as well.
    TcpListener::bind(address).is_ok()
        && TcpStream::connect_timeout(&address, CONNECT_LIMIT).is_err()
}

/// The free space on the disk that cargo builds on, which is where this program is.
pub fn disk() -> Finding {
    let finding = |found: String, state| Finding::new("Disk", &ALL_STEPS, found, state);
    let free = match free_space() {
        Ok(free) => free,
        Err(error) => return Finding::not_checked("Disk", &ALL_STEPS, &error.to_string()),
    };
    let found = format!("{} free ({} needed)", gb(free), gb(DISK_NEEDED));
    if free >= DISK_NEEDED {
        return finding(found, State::Fine);
    }
    let remedy = "make room: `cargo clean` in old projects and `docker builder prune` free most";
    finding(found, State::Missing(remedy.to_owned()))
}

/// The free space on the disk that cargo builds on.
///
/// # Errors
/// When the system does not say.
pub fn free_space() -> io::Result<u64> {
    env::current_exe().and_then(fs4::available_space)
}

/// The available memory.
pub fn memory() -> Finding {
    let meminfo = fs::read_to_string("/proc/meminfo").ok();
    let Some((total, available)) = meminfo.as_deref().and_then(of_meminfo) else {
        return Finding::not_checked("Memory", &ALL_STEPS, "there is no /proc/meminfo here");
    };
    let finding = |state| {
        let (total, available) = (gb(total), gb(available));
        let found = format!("{available} of {total} free ({} needed)", gb(MEMORY_NEEDED));
        Finding::new("Memory", &ALL_STEPS, found, state)
    };
    if available >= MEMORY_NEEDED {
        return finding(State::Fine);
    }
    finding(State::Missing(remedies::MEMORY.here().to_owned()))
}

/// Total and available memory in bytes, from the text of `/proc/meminfo`.
pub fn of_meminfo(text: &str) -> Option<(u64, u64)> {
    let bytes = |name: &str| -> Option<u64> {
        let value = text.lines().find_map(|line| line.strip_prefix(name))?;
        let kib: u64 = value.strip_suffix("kB")?.trim().parse().ok()?;
        kib.checked_mul(1024)
    };
    Some((bytes("MemTotal:")?, bytes("MemAvailable:")?))
}

/// A note if the checkout is on a Windows drive mounted in WSL, where every file access crosses two systems.
pub fn checkout(root: &Path) -> Option<Finding> {
    let found = "on a Windows drive, where builds are slow; a clone below ~ is many times faster";
    (is_wsl() && on_windows_drive(root))
        .then(|| Finding::new("Checkout", &ALL_STEPS, found, State::Open))
}

/// `/mnt/c/…`
pub fn on_windows_drive(path: &Path) -> bool {
    let mut parts = path.iter().map(|part| part.to_string_lossy());
    let above = [parts.next(), parts.next()];
    above == [Some("/".into()), Some("mnt".into())]
        && parts.next().is_some_and(|drive| drive.len() == 1)
}

pub(super) fn gb(bytes: u64) -> String {
    format!("{:.1} GB", bytes as f64 / 1e9)
}
