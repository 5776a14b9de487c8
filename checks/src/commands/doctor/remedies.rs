//! What to do about a finding, on each system.

use crate::tools::system::Remedy;

const RUSTUP: &str = "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh";

pub const RUST: Remedy = Remedy {
    debian: RUSTUP,
    wsl: None,
    fedora: RUSTUP,
    macos: RUSTUP,
    windows: "winget install Rustlang.Rustup",
    other: RUSTUP,
};

pub const C: Remedy = Remedy {
    debian: "sudo apt install build-essential",
    wsl: None,
    fedora: "sudo dnf install gcc",
    macos: "xcode-select --install",
    windows: "install \"Desktop development with C++\" of Visual Studio Build Tools, or work in WSL 2",
    other: "install gcc or clang, with the headers of the C library",
};

const DOWNLOAD: &str = "from https://prometheus.io/download, unpacked into a folder of your PATH";

pub const PROMETHEUS: Remedy = Remedy {
    debian: "sudo apt install prometheus",
    wsl: None,
    // dnf finds the package by a file in it.
    fedora: "sudo dnf install /usr/bin/promtool",
    macos: "brew install prometheus",
    windows: DOWNLOAD,
    other: DOWNLOAD,
};

pub const ALERTMANAGER: Remedy = Remedy {
    debian: "sudo apt install prometheus-alertmanager",
    wsl: None,
    fedora: "sudo dnf install /usr/bin/amtool",
    macos: "brew install alertmanager",
    windows: DOWNLOAD,
    other: DOWNLOAD,
};

/// Whoever listens at a port; `{port}` is its number.
pub const PORT: Remedy = Remedy {
    debian: "ss -ltnp 'sport = :{port}' says who",
    wsl: Some("ss -ltnp 'sport = :{port}' says who; if nobody does, netstat -ano in Windows knows"),
    fedora: "ss -ltnp 'sport = :{port}' says who",
    macos: "lsof -nP -iTCP:{port} -sTCP:LISTEN says who",
    windows: "Get-NetTCPConnection -LocalPort {port} says who",
    other: "ss -ltnp 'sport = :{port}' says who",
};

const MEMORY_FREE: &str = "close some programs, or let cargo do one thing at a time: export \
                           CARGO_BUILD_JOBS=1";

pub const MEMORY: Remedy = Remedy {
    debian: MEMORY_FREE,
    wsl: Some(
        "give WSL more: memory=4GB below [wsl2] in %UserProfile%\\.wslconfig, then wsl --shutdown",
    ),
    fedora: MEMORY_FREE,
    macos: MEMORY_FREE,
    windows: "close some programs, or let cargo do one thing at a time: $env:CARGO_BUILD_JOBS=1",
    other: MEMORY_FREE,
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools::system::System;

    #[test]
    fn each_finding_has_a_line_for_each_system() {
        use System::{Debian, Fedora, MacOs, Other, Windows, Wsl};
        for remedy in [RUST, C, PROMETHEUS, ALERTMANAGER, PORT, MEMORY] {
            for system in [Debian, Fedora, MacOs, Other, Windows, Wsl] {
                let line = remedy.on(system);
                assert!(!line.is_empty() && !line.contains('\n'), "{system:?}");
                let foreign = match system {
                    Debian | Wsl => ["dnf ", "brew ", "winget "],
                    Fedora => ["apt ", "brew ", "winget "],
                    MacOs => ["apt ", "dnf ", "winget "],
                    Windows | Other => ["apt ", "dnf ", "brew "],
                };
                assert!(!foreign.iter().any(|it| line.contains(it)), "{line}");
            }
        }
    }
}
