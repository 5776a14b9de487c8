//! Simulated machines with memory limits that this machine does not have. Preferably in a mount namespace, with our files in
//! place of the kernel's: that takes no time, and works for both versions of cgroup. Where namespaces are not allowed, in a
//! container with a real limit.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use super::{FILES, FOLDER, UNLIMITED};
use crate::{
    harness::{
        cleanup::CleanupGuard, launch::Launch, random::random_number, run, scratch::folder,
        text::varying,
    },
    tools::{
        container::{self, PROMETHEUS},
        docker,
    },
};

/// Limits are whole pages, of 4096 bytes. They range from 120 to 820 MB, far from what any real machine has.
const PAGE: u64 = 4096;
const PAGES: std::ops::Range<u64> = 30_000..200_000;

/// The time limit for creating a namespace.
const NAMESPACE: Duration = Duration::from_secs(5);

/// Creates the namespace and executes the program in it. The file in /proc with the process's own cgroup is replaced too: a
/// program that looks there for its group finds the root group, as in a container.
const IN_NAMESPACE: &str = r#"#!/bin/sh
exec unshare --user --map-root-user --mount sh -c '
set -e
mount -t tmpfs none /sys/fs/cgroup
cp -R "FOLDER"/files/. /sys/fs/cgroup/
mount --bind "FOLDER"/group /proc/$$/cgroup
exec "$@"' sh "PROGRAM" "$@"
"#;

/// The same for a learner's terminal, in one line: in front of the command that starts the program, and behind it.
const BY_HAND: [&str; 2] = [
    "unshare -Urm sh -c 'mount -t tmpfs none /sys/fs/cgroup; cd /sys/fs/cgroup; printf \"GROUP\" >own; mount --bind own /proc/$$/cgroup; mkdir -p memory; echo SAYS >FILE; echo max >memory.high; cd - >/dev/null; exec ",
    "'",
];

/// The program was built for this machine, so its libraries are taken along.
const IN_CONTAINER: &str = r#"#!/bin/sh
exec docker run --rm --name NAME --network host --memory LIMIT --env HOST --env PORT --env DATABASE_URL=/tmp/readings.sqlite3 \
  --volume /lib:/lib:ro --volume /lib64:/lib64:ro --volume /usr/lib:/usr/lib:ro --volume "PROGRAM":/service:ro \
  --user nobody --entrypoint /service IMAGE
"#;

/// Any of these will do: only the root folder is used. They are the workshop's images.
const IMAGES: [&str; 3] = [PROMETHEUS.name, "postgres:17", "rust:1.95-slim-bookworm"];

/// One kind of machine.
pub struct Machine {
    /// The kernel's answer on this machine, for messages.
    pub says: String,
    pub limit: Option<u64>,
    /// What stands in front of the command that starts the program on such a machine by hand, and behind it.
    pub by_hand: [String; 2],
    /// A script with the name of the learner's program, which runs that program on this machine.
    pub script: PathBuf,
    _guards: Vec<CleanupGuard>,
}

/// Machines with the limits that a container may have, or why they cannot be simulated here.
pub struct Machines(Result<Vec<Machine>, String>);

impl Machines {
    /// To be called before anything is started: a file that is about to be executed must not be open in another process.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn new(executable: &Path) -> anyhow::Result<Machines> {
        if can_make_namespaces() {
            let mut machines = Vec::new();
            for (file, unlimited) in FILES.into_iter().zip(UNLIMITED) {
                let limit = random_limit();
                let says = limit.to_string();
                machines.push(pretended(executable, file, &says, Some(limit))?);
                for says in unlimited {
                    machines.push(pretended(executable, file, says, None)?);
                }
            }
            return Ok(Machines(Ok(machines)));
        }
        if cfg!(not(target_os = "linux")) {
            let why = "limits of memory are a thing of Linux; in the container: docker compose up --build --wait && curl -s http://127.0.0.1:8000/metrics | grep limit must say 134217728";
            return Ok(Machines(Err(why.to_owned())));
        }
        let image = IMAGES.into_iter().find(|image| {
            let found = docker::ask(&["image", "inspect", image]);
            found.is_ok_and(|output| output.status.success())
        });
        match image {
            Some(image) => Ok(Machines(Ok(vec![contained(executable, image)?]))),
            None => {
                let why = format!(
                    "a limit of memory takes a namespace, which this Linux does not let you make (unshare --user --mount), or Docker, with one of the images {}",
                    IMAGES.join(", ")
                );
                Ok(Machines(Err(why)))
            }
        }
    }

    pub fn all(&self) -> impl Iterator<Item = &Machine> {
        self.0.iter().flatten()
    }

    /// Why there are none, if this is the case.
    pub fn obstacle(&self) -> Option<&str> {
        self.0.as_ref().err().map(String::as_str)
    }
}

fn random_limit() -> u64 {
    PAGE * random_number(PAGES)
}

fn can_make_namespaces() -> bool {
    let mut command = Command::new("unshare");
    let mount = "mount -t tmpfs none /sys/fs/cgroup && mount --bind /dev/null /proc/$$/cgroup";
    command.args(["--user", "--map-root-user", "--mount", "sh", "-c", mount]);
    run::run(command, NAMESPACE).is_ok_and(|output| output.status.success())
}

/// A machine on which `file` has this content.
fn pretended(
    executable: &Path,
    file: &str,
    says: &str,
    limit: Option<u64>,
) -> anyhow::Result<Machine> {
    let (folder, guard) = folder()?;
    let path = folder.join("files").join(file);
    fs::create_dir_all(path.parent().unwrap_or(&path))?;
    fs::write(path, format!("{says}\n"))?;
    let group = if file == FILES[0] {
        super::lay_others(&folder.join("files"))?;
        r"0::/\n"
    } else {
        r"4:memory:/\n0::/\n"
    };
    fs::write(folder.join("group"), group.replace(r"\n", "\n"))?;
    let by_hand = |part: &str| {
        part.replace("GROUP", group)
            .replace("SAYS", &varying("bytes", says).to_string())
            .replace("FILE", file)
    };
    let text = IN_NAMESPACE
        .replace("FOLDER", &folder.to_string_lossy())
        .replace("PROGRAM", &executable.to_string_lossy());
    Ok(Machine {
        says: format!("{FOLDER}/{file} says {}", varying("bytes", says)),
        limit,
        by_hand: BY_HAND.map(by_hand),
        script: script(&folder, executable, &text)?,
        _guards: vec![guard],
    })
}

/// A machine with a real limit.
fn contained(executable: &Path, image: &str) -> anyhow::Result<Machine> {
    let (folder, guard) = folder()?;
    let limit = random_limit();
    // The container does not end with the command that started it.
    let (name, container) = container::name()?;
    let text = IN_CONTAINER
        .replace("NAME", &name)
        .replace("LIMIT", &limit.to_string())
        .replace("IMAGE", image)
        .replace("PROGRAM", &executable.to_string_lossy());
    let before = format!("in a container with --memory {limit}:\n");
    Ok(Machine {
        says: format!("docker run was told --memory {limit}"),
        limit: Some(limit),
        by_hand: [before, String::new()],
        script: script(&folder, executable, &text)?,
        _guards: vec![container, guard],
    })
}

/// A script named like the program, because messages contain that name.
fn script(folder: &Path, executable: &Path, text: &str) -> anyhow::Result<PathBuf> {
    let script = folder.join(Launch::new(executable).package());
    fs::write(&script, text)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&script, fs::Permissions::from_mode(0o755))?;
    }
    Ok(script)
}
