//! Packets that never arrive: the firewall of this machine drops them, as a broken network does.

use std::process::Command;

use anyhow::ensure;
use checks::harness::cleanup::CleanupGuard;

const FIREWALL: &str = "iptables";

/// Why no packets can be dropped here.
pub fn lacks() -> Option<String> {
    let mut list = Command::new(FIREWALL);
    let allowed = list.args(["--list-rules", "INPUT"]).output();
    let allowed = allowed.is_ok_and(|output| output.status.success());
    (!allowed).then(|| format!("{FIREWALL} is not here, or only root may use it"))
}

/// Drops all packets to this port, until the guard is dropped.
///
/// # Errors
/// When the firewall refuses the rule.
pub fn drop_to(port: u16) -> anyhow::Result<CleanupGuard> {
    let ((), guard) = CleanupGuard::of(|| {
        change("--insert", port)?;
        anyhow::Ok(((), move || {
            let _ = change("--delete", port);
        }))
    })?;
    Ok(guard)
}

fn change(what: &str, port: u16) -> anyhow::Result<()> {
    let port = port.to_string();
    let output = Command::new(FIREWALL)
        .args([what, "INPUT", "--protocol", "tcp", "--destination-port"])
        .args([port.as_str(), "--jump", "DROP"])
        .output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{FIREWALL} {what}: {said}");
    Ok(())
}
