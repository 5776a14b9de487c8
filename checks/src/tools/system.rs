//! Which system this is, and how a program is installed on it.

use std::{fs, sync::OnceLock};

/// The systems that a remedy is known for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum System {
    /// Debian, Ubuntu and what is made from them.
    Debian,
    /// The same inside Windows (WSL 2).
    Wsl,
    /// Fedora, Red Hat and what is made from them.
    Fedora,
    MacOs,
    Windows,
    /// Another Linux.
    Other,
}

impl System {
    /// The system that this program runs on.
    pub fn here() -> System {
        static HERE: OnceLock<System> = OnceLock::new();
        *HERE.get_or_init(|| {
            if cfg!(target_os = "macos") {
                return System::MacOs;
            }
            if cfg!(windows) {
                return System::Windows;
            }
            let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
            System::of(&release, is_wsl())
        })
    }

    /// A Linux, by the text of its `/etc/os-release`.
    pub fn of(os_release: &str, wsl: bool) -> System {
        let mut families = os_release
            .lines()
            .filter_map(|line| line.strip_prefix("ID=").or(line.strip_prefix("ID_LIKE=")))
            .flat_map(|value| value.trim_matches(['"', '\'']).split_whitespace());
        let family = families.find_map(|family| match family {
            "debian" | "ubuntu" => Some(System::Debian),
            "fedora" | "rhel" | "centos" => Some(System::Fedora),
            _ => None,
        });
        match family {
            Some(System::Debian) if wsl => System::Wsl,
            Some(family) => family,
            None => System::Other,
        }
    }
}

/// What to do on each system, in one line.
pub struct Remedy {
    pub debian: &'static str,
    /// Where it is another than on Debian itself.
    pub wsl: Option<&'static str>,
    pub fedora: &'static str,
    pub macos: &'static str,
    pub windows: &'static str,
    pub other: &'static str,
}

impl Remedy {
    /// The line for `system`.
    pub fn on(&self, system: System) -> &'static str {
        match system {
            System::Debian => self.debian,
            System::Wsl => self.wsl.unwrap_or(self.debian),
            System::Fedora => self.fedora,
            System::MacOs => self.macos,
            System::Windows => self.windows,
            System::Other => self.other,
        }
    }

    /// The line for this system.
    pub fn here(&self) -> &'static str {
        self.on(System::here())
    }
}

/// Whether this is Linux on Windows (WSL).
pub fn is_wsl() -> bool {
    fs::read_to_string("/proc/sys/kernel/osrelease")
        .is_ok_and(|release| release.to_lowercase().contains("microsoft"))
}

#[cfg(test)]
mod tests {
    use super::System;

    #[test]
    fn a_system_is_known_by_its_family() {
        for (release, system) in [
            ("PRETTY_NAME=\"Debian\"\nID=debian\n", System::Debian),
            ("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n", System::Debian),
            ("ID=fedora\n", System::Fedora),
            (
                "ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n",
                System::Fedora,
            ),
            ("ID=arch\n", System::Other),
            ("", System::Other),
        ] {
            assert_eq!(System::of(release, false), system, "{release}");
        }
        assert_eq!(System::of("ID=ubuntu", true), System::Wsl);
    }
}
