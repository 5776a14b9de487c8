//! Machines with limits that this one has not. Best in a mount namespace, with files of ours in place of the kernel's: that takes
//! no time, and both kinds of cgroup can be had. Where that is not allowed, in a container, whose limit is a real one.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use super::{FILES, FOLDER, UNLIMITED};
use crate::{
    docker,
    ending::Ending,
    program::{self, package},
    steps::{alert_rules::container, random_number},
    tool,
};

/// Limits are whole pages. These are from 120 to 820 MB, far from what any machine has.
const PAGE: u64 = 4096;
const PAGES: std::ops::Range<u64> = 30_000..200_000;

/// How long it may take to make a namespace.
const NAMESPACE: Duration = Duration::from_secs(5);

/// Makes the namespace and becomes the program. The file of the process itself is replaced too: who looks up there where its group
/// is finds it at the top, as in a container.
const IN_NAMESPACE: &str = r#"#!/bin/sh
exec unshare --user --map-root-user --mount sh -c '
set -e
mount -t tmpfs none /sys/fs/cgroup
cp -R "FOLDER"/files/. /sys/fs/cgroup/
mount --bind "FOLDER"/group /proc/$$/cgroup
exec "$@"' sh "PROGRAM" "$@"
"#;

/// The program was built for this machine, and takes its libraries along.
const IN_CONTAINER: &str = r#"#!/bin/sh
exec docker run --rm --name NAME --network host --memory LIMIT --env HOST --env PORT --env DATABASE_URL=/tmp/readings.sqlite3 \
  --volume /lib:/lib:ro --volume /lib64:/lib64:ro --volume /usr/lib:/usr/lib:ro --volume "PROGRAM":/service:ro \
  --user nobody --entrypoint /service IMAGE
"#;

/// Any of these does: nothing in it is used but its root folder. They are the workshop's.
const IMAGES: [&str; 3] = [
    "prom/prometheus:v3.5.0",
    "postgres:17",
    "rust:1.95-slim-bookworm",
];

/// One kind of machine.
pub struct Machine {
    /// What the kernel says on it.
    pub says: String,
    pub limit: Option<u64>,
    /// A program of the learner's program's name that runs it there.
    pub script: PathBuf,
    _endings: Vec<Ending>,
}

/// Machines with the limits that a container may have; or why this one cannot make them.
pub struct Machines(Result<Vec<Machine>, String>);

impl Machines {
    /// To be made before anything is started: a file that is about to be executed must not be open in a process that is.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn new(executable: &Path) -> anyhow::Result<Machines> {
        if can_make_namespaces() {
            let mut machines = Vec::new();
            for (file, unlimited) in FILES.into_iter().zip(UNLIMITED) {
                let limit = random_limit();
                machines.push(pretended(
                    executable,
                    file,
                    &limit.to_string(),
                    Some(limit),
                )?);
                machines.push(pretended(executable, file, unlimited, None)?);
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

    /// Why there are none, if so.
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
    tool::run(command, NAMESPACE).is_ok_and(|output| output.status.success())
}

/// One where `file` says this.
fn pretended(
    executable: &Path,
    file: &str,
    says: &str,
    limit: Option<u64>,
) -> anyhow::Result<Machine> {
    let (folder, ending) = folder()?;
    let path = folder.join("files").join(file);
    fs::create_dir_all(path.parent().unwrap_or(&path))?;
    fs::write(path, format!("{says}\n"))?;
    let group = match file == FILES[0] {
        true => "0::/\n",
        false => "4:memory:/\n0::/\n",
    };
    fs::write(folder.join("group"), group)?;
    let text = IN_NAMESPACE
        .replace("FOLDER", &folder.to_string_lossy())
        .replace("PROGRAM", &executable.to_string_lossy());
    Ok(Machine {
        says: format!("{FOLDER}/{file} says {says}"),
        limit,
        script: script(&folder, executable, &text)?,
        _endings: vec![ending],
    })
}

/// One whose limit is a real one.
fn contained(executable: &Path, image: &str) -> anyhow::Result<Machine> {
    let (folder, ending) = folder()?;
    let limit = random_limit();
    // The container does not end with the command that started it.
    let (name, container) = container::name()?;
    let text = IN_CONTAINER
        .replace("NAME", &name)
        .replace("LIMIT", &limit.to_string())
        .replace("IMAGE", image)
        .replace("PROGRAM", &executable.to_string_lossy());
    Ok(Machine {
        says: format!("docker run was told --memory {limit}"),
        limit: Some(limit),
        script: script(&folder, executable, &text)?,
        _endings: vec![container, ending],
    })
}

fn folder() -> anyhow::Result<(PathBuf, Ending)> {
    Ending::of(|| {
        let folder = program::empty_folder()?;
        let made = folder.clone();
        let end: Box<dyn FnOnce() + Send> = Box::new(move || {
            // It holds nothing but what is written here.
            let _ = fs::remove_dir_all(made);
        });
        anyhow::Ok((folder, end))
    })
}

/// Named like the program, because that is what messages call it.
fn script(folder: &Path, executable: &Path, text: &str) -> anyhow::Result<PathBuf> {
    let script = folder.join(package(executable));
    fs::write(&script, text)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&script, fs::Permissions::from_mode(0o755))?;
    }
    Ok(script)
}
