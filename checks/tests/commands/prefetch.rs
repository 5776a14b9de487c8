//! `cargo verify doctor --prefetch`, with programs on the PATH that play cargo and docker.
use std::{env, fs, path::PathBuf, process::Command};

use tempfile::TempDir;

const CARGO: &str = r#"
for word; do case $word in step*) package=$word ;; esac; done
echo "cargo build $package" >>"$LOG"
[ "$package" = "$BROKEN" ] && exit 101
echo "{\"target\":{\"name\":\"$package\"},\"executable\":\"/x/$package\"}""#;

/// What was pulled lies in a folder, as with Docker. `$REFUSES` is the image whose registry cannot be reached.
const DOCKER: &str = r#"
for word; do last=$word; done
file="$PULLED/$(echo "$last" | tr / _)"
case "$1 $2" in
'version --format') echo '{"Server":{"Version":"26.1.5","Os":"linux"}}' ;;
'compose version') echo '{"version":"2.26.1"}' ;;
'buildx version') echo 'example/buildx v0.13.1 788433953af1' ;;
'compose --project-directory') echo '{"services":{"db":{"image":"postgres:17"},
    "prometheus":{"image":"prom/prometheus:v3","profiles":["observe"]}}}' ;;
'image inspect') [ -e "$file" ] ;;
'manifest inspect') [ "$last" != postgres:17 ] && exit 1
    for cpu in amd64 arm64; do printf '%s' "{\"Descriptor\":{\"platform\":{\"os\":\"linux\",
        \"architecture\":\"$cpu\"}},\"OCIManifest\":{\"layers\":[{\"size\":154000000}]}}"; done >"$PULLED.json"
    sed 's/}}{/}},{/; 1s/^/[/; $s/$/]/' "$PULLED.json" ;;
'pull '*) echo "$*" >>"$LOG"
    [ "$2" = "$REFUSES" ] && { echo "Error response from daemon: Get \"https://registry.example/v2/\": dial tcp" >&2; exit 1; }
    : >"$file" ;;
'compose build') echo "compose build $PACKAGE" >>"$LOG" ;;
*) exit 9 ;;
esac"#;

struct Machine(TempDir);

impl Machine {
    fn new(programs: &[(&str, &str)]) -> anyhow::Result<Machine> {
        let machine = Machine(TempDir::new()?);
        for folder in ["bin", "pulled"] {
            fs::create_dir(machine.path(folder))?;
        }
        fs::write(
            machine.path("Dockerfile"),
            "FROM rust:1.95-slim AS build\nFROM scratch\n",
        )?;
        for (name, script) in programs {
            // Written by another process: a file that a fork of this one still has open could not be executed.
            let write = r#"printf '#!/bin/sh\n%s\n' "$1" >"$2" && chmod 755 "$2""#;
            let written = Command::new("/bin/sh")
                .args(["-c", write, "sh", script])
                .arg(machine.path("bin").join(name))
                .status()?;
            anyhow::ensure!(written.success());
        }
        Ok(machine)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The exit code, what was said, and what cargo and docker were asked to do.
    fn prefetch(
        &self,
        steps: &[&str],
        variables: &[(&str, &str)],
    ) -> anyhow::Result<(Option<i32>, String, String)> {
        fs::write(self.path("log"), "")?;
        let tools = "/usr/bin:/bin";
        let output = Command::new(env!("CARGO_BIN_EXE_checks"))
            .args(["doctor", "--prefetch"])
            .args(steps)
            .env("CARGO_MANIFEST_DIR", self.path("checks"))
            .env("PATH", format!("{}:{tools}", self.path("bin").display()))
            .env("LOG", self.path("log"))
            .env("PULLED", self.path("pulled"))
            .envs(variables.iter().copied())
            .env_remove("CARGO")
            .env_remove("DOCKER_HOST")
            .output()?;
        let said = String::from_utf8(output.stdout)?;
        assert!(!said.contains('\u{1b}'), "colours in a pipe: {said}");
        let words: Vec<&str> = said.split_whitespace().collect();
        let log = fs::read_to_string(self.path("log"))?;
        Ok((output.status.code(), words.join(" "), log))
    }
}

#[test]
fn what_the_steps_need_is_announced_and_then_fetched_once() -> anyhow::Result<()> {
    let machine = Machine::new(&[("cargo", CARGO), ("docker", DOCKER)])?;
    let (code, said, log) = machine.prefetch(&["2", "3"], &[])?;
    assert_eq!(code, Some(0), "{said}");
    let size = "What steps 2-3 will need To download: 0.2 GB of images, and 1 more whose registry does not say how large they \
                are. On the disk, at most: 1.7 GB";
    assert!(said.starts_with(size), "{said}");
    assert!(
        said.contains("4 of 5 postgres:17 (0.2 GB) ✔ here, after"),
        "{said}"
    );
    assert!(said.ends_with("Everything is here."), "{said}");
    assert_eq!(
        log,
        "cargo build step02\ncargo build step03\npull rust:1.95-slim\npull postgres:17\ncompose build step03\n"
    );

    // Begun again, it loads nothing that is here.
    let (code, said, log) = machine.prefetch(&["3"], &[])?;
    assert_eq!(
        (code, log.as_str()),
        (Some(0), "cargo build step03\ncompose build step03\n")
    );
    assert!(said.contains("✔ postgres:17 is here already"), "{said}");
    // Steps without Docker ask for none of it; without a name it is all of them.
    let (_, said, log) = machine.prefetch(&["step01"], &[])?;
    assert_eq!(log, "cargo build step01\n", "{said}");
    let (_, said, log) = machine.prefetch(&[], &[])?;
    assert!(
        log.contains("step07\n") && log.contains("pull prom/prometheus:v3\n"),
        "{said}"
    );
    Ok(())
}

#[test]
fn what_cannot_be_fetched_is_said_and_the_rest_is_fetched() -> anyhow::Result<()> {
    let machine = Machine::new(&[("cargo", CARGO), ("docker", DOCKER)])?;
    let trouble = [("REFUSES", "rust:1.95-slim"), ("BROKEN", "step02")];
    let (code, said, log) = machine.prefetch(&["2", "3"], &trouble)?;
    assert_eq!(code, Some(2), "{said}");
    for expected in [
        "✘ it does not compile, and cargo says why; cargo build -p step02 tries again",
        "✘ cannot pull an image, its registry cannot be reached: see to the network",
        "Not everything is here.",
    ] {
        assert!(said.contains(expected), "{expected}\n{said}");
    }
    assert!(
        log.contains("pull postgres:17\ncompose build step03\n"),
        "{log}"
    );
    Ok(())
}

#[test]
fn without_docker_one_line_says_what_is_left_out() -> anyhow::Result<()> {
    let machine = Machine::new(&[("cargo", CARGO), ("docker", "exit 1")])?;
    let (code, said, log) = machine.prefetch(&["1", "3", "5"], &[])?;
    assert_eq!(code, Some(2), "{said}");
    assert_eq!(
        log,
        "cargo build step01\ncargo build step03\ncargo build step05\n"
    );
    let left_out =
        "– left out: the images of steps 3, 5: docker is installed, but no engine answers: ";
    assert!(said.contains(left_out), "{said}");
    let (code, said, _) = machine.prefetch(&["1", "2"], &[])?;
    assert_eq!(code, Some(0), "{said}");
    Ok(())
}
