//! `process_memory_limit_bytes`: what the kernel says, and nothing else. Tried out on this machine as it is, and then with files
//! in place of the kernel's that say something else, in a mount namespace of its own.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use super::scrape::{PATH, Scrape};
use crate::{
    check::Failure,
    ending::Ending,
    expect::Question,
    program::{self, Program, package},
    steps::random_number,
    tool,
};

const LIMIT: &str = "process_memory_limit_bytes";

/// Where the kernel says it: cgroup v2 and v1.
const FILES: [&str; 2] = ["memory.max", "memory/memory.limit_in_bytes"];
const FOLDER: &str = "/sys/fs/cgroup";

/// What cgroup v1 says where there is no limit, and what v2 says.
const UNLIMITED: [&str; 2] = ["max", "9223372036854771712"];

const PAGE: u64 = 4096;

/// How long it may take to make a namespace.
const NAMESPACE: Duration = Duration::from_secs(5);

/// Makes the namespace, with a folder of ours in place of the kernel's, and becomes the program. The file of the process itself
/// is replaced too: who looks up there where its group is finds it at the top, as in a container.
const SCRIPT: &str = r#"#!/bin/sh
exec unshare --user --map-root-user --mount sh -c '
set -e
mount -t tmpfs none /sys/fs/cgroup
cp -R "FOLDER"/files/. /sys/fs/cgroup/
mount --bind "FOLDER"/group /proc/$$/cgroup
exec "$@"' sh "PROGRAM" "$@"
"#;

/// One kind of machine.
struct Machine {
    /// Which of [`FILES`] there is.
    file: &'static str,
    says: String,
    limit: Option<u64>,
    _ending: Ending,
    /// A program of the learner's program's name that runs it on this machine.
    script: PathBuf,
}

/// Machines with the limits that a container may have; `Err` says why this one cannot play them.
pub struct Machines(Result<Vec<Machine>, String>);

impl Machines {
    /// To be made before anything is started: a file that is about to be executed must not be open in a process that is.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn new(executable: &Path) -> anyhow::Result<Machines> {
        if !can_make_namespaces() {
            let why = match cfg!(target_os = "linux") {
                true => "the limit of memory is tried out in a namespace (unshare --user --mount), which this Linux does not let you make: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0 allows it until the next start",
                false => "the limit of memory is a thing of Linux, and of containers there",
            };
            return Ok(Machines(Err(why.to_owned())));
        }
        let mut machines = Vec::new();
        for (file, unlimited) in FILES.into_iter().zip(UNLIMITED) {
            let limit = PAGE * random_number(10_000..100_000);
            machines.push(Machine::new(executable, file, &limit.to_string(), Some(limit))?);
            machines.push(Machine::new(executable, file, unlimited, None)?);
        }
        Ok(Machines(Ok(machines)))
    }

    /// Whether the program says what each of them says.
    pub fn look(&self) -> Result<(), Failure> {
        for machine in self.0.iter().flatten() {
            let program = Program::start(&machine.script, "readings.sqlite3")?;
            let package = package(&machine.script);
            let says = &machine.says;
            let scrape = Scrape::of(&Question {
                program: &program,
                method: "GET",
                path: PATH,
                how: format!(
                    "in a container in which {FOLDER}/{} says {says}:\ncargo run -p {package}\ncurl -s http://127.0.0.1:8000{PATH} | grep {LIMIT}",
                    machine.file
                ),
            })?;
            compare(&scrape, machine.limit, &format!("{FOLDER}/{} says {says}", machine.file))?;
        }
        Ok(())
    }

    /// Why they cannot be played here, if so.
    pub fn obstacle(&self) -> Option<&str> {
        self.0.as_ref().err().map(String::as_str)
    }
}

impl Machine {
    fn new(
        executable: &Path,
        file: &'static str,
        says: &str,
        limit: Option<u64>,
    ) -> anyhow::Result<Machine> {
        let (folder, ending) = Ending::of(|| {
            let folder = program::empty_folder()?;
            let made = folder.clone();
            let end: Box<dyn FnOnce() + Send> = Box::new(move || {
                // It holds nothing but what is written below.
                let _ = fs::remove_dir_all(made);
            });
            anyhow::Ok((folder, end))
        })?;
        let path = folder.join("files").join(file);
        fs::create_dir_all(path.parent().unwrap_or(&path))?;
        fs::write(path, format!("{says}\n"))?;
        let group = if file == FILES[0] { "0::/\n" } else { "4:memory:/\n0::/\n" };
        fs::write(folder.join("group"), group)?;
        let script = folder.join(package(executable));
        let text = SCRIPT
            .replace("FOLDER", &folder.to_string_lossy())
            .replace("PROGRAM", &executable.to_string_lossy());
        fs::write(&script, text)?;
        make_executable(&script)?;
        Ok(Machine {
            file,
            says: says.to_owned(),
            limit,
            _ending: ending,
            script,
        })
    }
}

#[cfg(unix)]
fn make_executable(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn make_executable(_path: &Path) -> std::io::Result<()> {
    Ok(())
}

fn can_make_namespaces() -> bool {
    let mut command = Command::new("unshare");
    let mount = "mount -t tmpfs none /sys/fs/cgroup && mount --bind /dev/null /proc/$$/cgroup";
    command.args(["--user", "--map-root-user", "--mount", "sh", "-c", mount]);
    tool::run(command, NAMESPACE).is_ok_and(|output| output.status.success())
}

/// On this machine as it is.
pub fn as_it_is(scrape: &Scrape) -> Result<(), Failure> {
    let said = FILES.map(|file| fs::read_to_string(Path::new(FOLDER).join(file)).ok());
    let said = said.into_iter().flatten().next();
    let limit = said.as_deref().and_then(|said| {
        let said = said.trim();
        if UNLIMITED.contains(&said) { None } else { said.parse().ok() }
    });
    let state = match limit {
        Some(limit) => format!("the kernel says {limit}"),
        None => "the kernel says nothing of a limit".to_owned(),
    };
    compare(scrape, limit, &state)
}

fn compare(scrape: &Scrape, limit: Option<u64>, state: &str) -> Result<(), Failure> {
    let value = scrape.value(LIMIT);
    if value == limit.map(|limit| limit as f64) {
        return Ok(());
    }
    let expected = match limit {
        Some(limit) => format!("{LIMIT} {limit}"),
        None => format!("no {LIMIT}"),
    };
    let perhaps = match (limit, value) {
        (None, _) => "no limit is no number: a made-up one makes a percentage of nothing",
        (Some(_), None) => "cgroup v2 and v1 say it in files of different names",
        (Some(limit), Some(value)) if value * 1024.0 == limit as f64 => "bytes, not kilobytes",
        (Some(_), Some(_)) => "the machine may have more than the container",
    };
    Err(Failure {
        expected: format!("{expected}, where {state}"),
        found: scrape.shown(LIMIT),
        how: scrape.how.clone(),
        perhaps: Some(perhaps.to_owned()),
    })
}
