//! `cargo verify doctor`, and the self-check's messages about a Docker that cannot be used.

use std::{net::TcpListener, path::Path};

use checks::{
    check::Blocked,
    commands::doctor::{
        Finding, State, exit_code,
        images::{Use, of_compose, of_dockerfile},
        machine::{is_free, of_meminfo, on_windows_drive},
        text,
    },
    course::{self, Step},
    harness::run,
    tools::docker::{Trouble, trouble},
};

/// The output of Engine 26.1.5 with Compose 2.26.1, except for the names of registries. It was provoked with an empty network, a
/// registry that refuses connections, a disk of 40 MB, an engine that was killed, and a `docker` without plugins.
#[test]
fn trouble_of_the_machine_is_recognised_in_what_docker_says() {
    for (said, expected) in [
        (
            "ERROR: failed to solve: rust:9.99-none: failed to resolve source metadata for \
             registry.example/library/rust:9.99-none: failed to do request: Head \
             \"https://registry.example/v2/library/rust/manifests/9.99-none\": dial tcp: lookup registry.example on \
             192.0.2.53:53: no such host",
            "cannot pull rust:9.99-none, its registry cannot be reached: see to the network or the proxy until `docker pull \
             rust:9.99-none` works",
        ),
        (
            " db Pulling \n db Error Get \"https://registry.example/v2/\": dial tcp: lookup registry.example on \
             192.0.2.53:53: no such host\nError response from daemon: Get \"https://registry.example/v2/\": dial tcp: \
             lookup registry.example on 192.0.2.53:53: no such host",
            "cannot pull an image, its registry cannot be reached: see to the network or the proxy until `docker compose \
             pull` works",
        ),
        (
            " db Pulling \n db Error manifest unknown\nError response from daemon: manifest unknown",
            "cannot pull an image, there is none of that name: see whether name and version are right",
        ),
        (
            "Error response from daemon: manifest for rust:9.99 not found: manifest unknown: manifest unknown",
            "cannot pull rust:9.99, there is none of that name: see whether name and version are right",
        ),
        (
            "ERROR: failed to solve: rust:9.99: failed to resolve source metadata for \
             registry.example/library/rust:9.99: registry.example/library/rust:9.99: not found",
            "cannot pull rust:9.99, there is none of that name: see whether name and version are right",
        ),
        (
            "Error response from daemon: failed to resolve reference \"registry.example/library/postgres:99\": \
             registry.example/library/postgres:99: not found",
            "cannot pull postgres:99, there is none of that name: see whether name and version are right",
        ),
        (
            "Error response from daemon: pull access denied for somebody/rust, repository does not exist or may require \
             'docker login': denied: requested access to the resource is denied",
            "cannot pull somebody/rust, there is none of that name: see whether name and version are right",
        ),
        (
            "Error response from daemon: toomanyrequests: You have reached your unauthenticated pull rate limit.",
            "cannot pull an image, too many were pulled from here: `docker login`, or try again in some hours",
        ),
        (
            "ERROR: failed to solve: debian:12: failed to copy: httpReadSeeker: failed open: unexpected status code \
             https://registry.example/v2/debian/manifests/sha256:53692: 429 Too Many Requests - Server message: \
             toomanyrequests: You have reached your unauthenticated pull rate limit.",
            "cannot pull debian:12, too many were pulled from here: `docker login`, or try again in some hours",
        ),
        (
            "ERROR: failed to solve: write /var/lib/docker/overlay2/58o083mrkuzmvigde9p1hll0a/diff/b: no space left on \
             device",
            "the disk is full: ",
        ),
        (
            " > [stage-0 2/2] RUN cargo build:\nerror writing 'standard output': No space left on device\n------",
            "the disk is full: ",
        ),
        (
            "Cannot connect to the Docker daemon at unix:///run/docker.sock. Is the docker daemon running?",
            "the Docker engine went away meanwhile: ",
        ),
        (
            "#5 [2/2] RUN sleep 30\nERROR: failed to receive status: rpc error: code = Unavailable desc = error reading \
             from server: EOF",
            "the Docker engine went away meanwhile: ",
        ),
        (
            "#5 [app 2/2] RUN sleep 30\nfailed to solve: Unavailable: error reading from server: EOF",
            "the Docker engine went away meanwhile: ",
        ),
        (
            "the --mount option requires BuildKit. Refer to the manual to learn how to build images with BuildKit enabled",
            "docker has no Buildx: ",
        ),
        (
            "ERROR: BuildKit is enabled but the buildx component is missing or broken.",
            "docker has no Buildx: ",
        ),
    ] {
        let Some(Blocked {
            why,
            by_environment,
        }) = trouble(said)
        else {
            panic!("not recognised: {said}");
        };
        assert!(why.starts_with(expected), "{said}\n{why}");
        assert!(by_environment && !why.contains('\n'), "{why}");
    }
}

#[test]
fn a_learners_own_failure_is_not_taken_for_the_machines() {
    for said in [
        "",
        "#9 12.3 error: could not compile `step03` (bin \"step03\") due to 1 previous error\nERROR: failed to solve: process \
         \"/bin/sh -c cargo build\" did not complete successfully: exit code: 101",
        "#9 0.2 /bin/sh: 1: curl: not found\nERROR: failed to solve: process \"/bin/sh -c curl -f x\" did not complete \
         successfully: exit code: 127",
        "ERROR: failed to solve: failed to compute cache key: failed to calculate checksum of ref: \"/app\": not found",
        "Error response from daemon: failed to create task for container: exec: \"/app\": permission denied: unknown",
        "container x-app-1 is unhealthy",
    ] {
        assert!(trouble(said).is_none(), "{said}");
    }
}

#[test]
fn what_blocks_a_step_is_one_line_with_what_to_do() {
    let trouble = Trouble {
        what: "docker is not on the PATH".to_owned(),
        remedy: "install it".to_owned(),
    };
    let blocked = Blocked::from(trouble);
    assert_eq!(blocked.why, "docker is not on the PATH: install it");
    assert!(blocked.by_environment);
}

#[test]
fn versions_compare_by_their_numbers() {
    assert_eq!(run::version("26.1.5+dfsg1"), [26, 1, 5]);
    assert_eq!(run::version("v2.26.1-4"), [2, 26, 1]);
    assert_eq!(run::version("dev"), [0; 0]);
    assert!(run::version("1.100.0") > run::version("1.91"));
    assert!(run::version("1.91.0") >= run::version("1.91"));
    assert!(run::version("9.0") < run::version("25"));
}

#[test]
fn images_are_read_from_the_files_that_name_them() {
    let dockerfile = "# FROM comment\nARG RUST=1.95\narg SUITE\nFROM --platform=$BUILDPLATFORM rust:${RUST}-slim AS build\n\
                      ARG RUST=1\nFROM build AS test\nFROM debian:$SUITE\nFROM debian:${SUITE:-bookworm}-slim\n\
                      from scratch\nCOPY --from=build /app /app\n";
    let images: Vec<String> = of_dockerfile(dockerfile)
        .into_iter()
        .map(|(image, _)| image)
        .collect();
    assert_eq!(images, ["rust:1.95-slim", "debian:bookworm-slim"]);

    let config = br#"{"name": "x", "services": {
        "app": {"build": {"context": "."}, "image": "x-app"},
        "db": {"image": "postgres:17"},
        "prometheus": {"image": "prom/prometheus:v3", "profiles": ["observe"]}
    }}"#;
    let images = of_compose(config);
    let expected = [
        ("postgres:17".to_owned(), Use::Container),
        ("prom/prometheus:v3".to_owned(), Use::Observing),
    ];
    assert_eq!(images, expected);
    assert_eq!(Use::Container.steps(), course::listed(Step::is_container));
    assert_eq!(of_compose(b"services.db.image must be a string"), []);
}

#[test]
fn the_machine_is_read_as_it_is() -> std::io::Result<()> {
    let meminfo =
        "MemTotal:       24683000 kB\nMemFree:        1 kB\nMemAvailable:   23859000 kB\n";
    assert_eq!(
        of_meminfo(meminfo),
        Some((24_683_000 * 1024, 23_859_000 * 1024))
    );
    assert_eq!(of_meminfo("MemTotal: many"), None);

    assert!(on_windows_drive(Path::new("/mnt/c/Users/me/workshop")));
    assert!(!on_windows_drive(Path::new("/mnt/data/workshop")));
    assert!(!on_windows_drive(Path::new("/home/me/c/workshop")));

    let listener = TcpListener::bind("127.0.0.1:0")?;
    let port = listener.local_addr()?.port();
    assert!(!is_free(port));
    // On all addresses, as Docker publishes ports.
    let listener = TcpListener::bind("0.0.0.0:0")?;
    let port = listener.local_addr()?.port();
    assert!(!is_free(port));
    drop(listener);
    assert!(is_free(port));
    Ok(())
}

#[test]
fn only_what_is_missing_makes_the_exit_code_2() {
    let finding = |state| Finding {
        name: "Port 8000".to_owned(),
        steps: "steps 1-7",
        found: "taken".to_owned(),
        state,
    };
    let good = [finding(State::Fine), finding(State::Open)];
    assert_eq!(exit_code(&good), 0);
    assert!(text(&good).contains("Nothing is missing."));
    let later = [finding(State::Later("docker pull it".to_owned()))];
    assert_eq!(exit_code(&later), 0);
    assert!(text(&later).contains("Nothing is missing but 1 image, to be downloaded"));
    let bad = [finding(State::Missing("end it".to_owned()))];
    assert_eq!(exit_code(&bad), 2);
    assert!(text(&bad).contains("One thing is missing."));
}

/// With fake programs on the PATH, whatever this machine has.
#[cfg(unix)]
mod with_fakes {
    use std::{
        env, fs,
        path::Path,
        process::Command,
        time::{Duration, Instant},
    };

    use checks::{
        course::{self, Step},
        tools::docker::ANSWER_LIMIT,
    };
    use tempfile::TempDir;

    const ENGINE: &str =
        r#"{"Client":{"Version":"26.1.5"},"Server":{"Version":"26.1.5+dfsg1","Os":"linux"}}"#;
    const NO_ENGINE: &str = r#"{"Client":{"Version":"26.1.5"},"Server":null}"#;
    const COMPOSE: &str = r#"{"version":"2.26.1-4"}"#;

    /// A workspace with a Dockerfile, and a folder of fake programs.
    struct Machine(TempDir);

    impl Machine {
        fn new() -> anyhow::Result<Machine> {
            let machine = Machine(TempDir::new()?);
            fs::create_dir(machine.0.path().join("bin"))?;
            fs::write(
                machine.0.path().join("Dockerfile"),
                "FROM rust:1.95-slim AS build\nFROM scratch\n",
            )?;
            Ok(machine)
        }

        fn bin(&self) -> std::path::PathBuf {
            self.0.path().join("bin")
        }

        /// Written by another process: a file that a fork of this one still has open could not be executed.
        fn program(self, name: &str, script: &str) -> anyhow::Result<Machine> {
            let written = Command::new("/bin/sh")
                .args([
                    "-c",
                    r#"printf '#!/bin/sh\n%s\n' "$1" >"$2" && chmod 755 "$2""#,
                    "sh",
                    script,
                ])
                .arg(self.bin().join(name))
                .status()?;
            anyhow::ensure!(written.success());
            Ok(self)
        }

        /// A fake `docker` with these commands as its answers to `docker version` and `docker compose version`, and fixed answers
        /// otherwise.
        fn docker(version: &str, compose: &str) -> anyhow::Result<Machine> {
            let script = format!(
                "case \"$1 $2\" in\n\
                 'version --format') {version} ;;\n\
                 'compose version') {compose} ;;\n\
                 'compose --project-directory') echo '{{\"services\":{{\"db\":{{\"image\":\"postgres:17\"}}}}}}' ;;\n\
                 'buildx version') echo 'example/buildx v0.13.1 788433953af1' ;;\n\
                 'image inspect') case \"$*\" in *postgres*) exit 1 ;; esac ;;\n\
                 *) exit 9 ;;\n\
                 esac"
            );
            Machine::new()?.program("docker", &script)
        }

        /// The doctor's output in one line, without the numbers of steps: neither they nor the wrapping matter here.
        fn doctor(&self, path: &str) -> anyhow::Result<(Option<i32>, String)> {
            let output = Command::new(env!("CARGO_BIN_EXE_checks"))
                .arg("doctor")
                .env("CARGO_MANIFEST_DIR", self.0.path().join("checks"))
                .env("PATH", path)
                .env_remove("CC")
                .env_remove("DOCKER_HOST")
                .output()?;
            let said = String::from_utf8(output.stdout)?;
            let widest = said.lines().map(|line| line.chars().count()).max();
            assert!(widest <= Some(80), "{widest:?} columns:\n{said}");
            let words: Vec<&str> = said.split_whitespace().collect();
            let said = words
                .join(" ")
                .replace(&course::listed(|_| true), "<all>")
                .replace(&course::listed(Step::is_container), "<container>");
            Ok((output.status.code(), said))
        }

        /// With the machine's own programs after the fake ones on the PATH.
        fn doctor_with_the_rest(&self) -> anyhow::Result<(Option<i32>, String)> {
            let rest = env::var("PATH")?;
            self.doctor(&format!("{}:{rest}", self.bin().display()))
        }

        /// With only the fake programs.
        fn doctor_alone(&self) -> anyhow::Result<(Option<i32>, String)> {
            self.doctor(&self.bin().display().to_string())
        }
    }

    #[test]
    fn a_fitting_docker_is_found_with_its_images() -> anyhow::Result<()> {
        let machine = Machine::docker(&format!("echo '{ENGINE}'"), &format!("echo '{COMPOSE}'"))?;
        let (_, said) = machine.doctor_with_the_rest()?;
        for expected in [
            "✔ Docker engine <container> 26.1.5+dfsg1",
            "✔ Compose <container> 2.26.1-4",
            "✔ Buildx <container> 0.13.1",
            "✔ Image <container> rust:1.95-slim",
            "– Image <container> postgres:17: not here yet",
            "docker pull postgres:17",
            "✔ promtool",
            "✔ alertmanager",
            "✔ amtool",
        ] {
            assert!(said.contains(expected), "{expected}\n{said}");
        }
        Ok(())
    }

    #[test]
    fn each_trouble_with_docker_has_its_own_remedy() -> anyhow::Result<()> {
        let good = format!("echo '{COMPOSE}'");
        let engine = format!("echo '{ENGINE}'");
        let down = |says: &str| format!("echo '{NO_ENGINE}'; echo '{says}' >&2; exit 1");
        for (version, compose, expected) in [
            (
                down("Cannot connect to the Docker daemon at unix:///var/run/docker.sock."),
                &good,
                "✘ Docker engine <container> docker is installed, but no engine answers start",
            ),
            (
                down("permission denied while trying to connect to the Docker daemon socket"),
                &good,
                "✘ Docker engine <container> you may not talk to the Docker engine join its group with `sudo usermod -aG \
                 docker $USER`, then `newgrp docker`",
            ),
            (
                "echo 'The command docker could not be found in this WSL 2 distro.'; exit 1".to_owned(),
                &good,
                "✘ Docker engine <container> docker is installed, but no engine answers start Docker Desktop, and switch this \
                 distribution on under Settings > Resources > WSL integration",
            ),
            (
                r#"echo 'Emulate Docker CLI using podman.' >&2; echo '{"Client":{"Version":"4.9.3"}}'"#.to_owned(),
                &good,
                "✘ Docker engine <container> docker is Podman here",
            ),
            (
                engine.replace("26.1.5+dfsg1", "20.10.24+dfsg1"),
                &good,
                "✘ Docker engine <container> Docker Engine 20.10.24+dfsg1 is older than 25, the first with --start-interval \
                 update Docker",
            ),
            (
                engine.replace("linux", "windows"),
                &good,
                "✘ Docker engine <container> Docker runs Windows containers here choose \"Switch to Linux containers\"",
            ),
            (
                engine.clone(),
                &"echo 'unknown flag: --format' >&2; exit 125".to_owned(),
                "✘ Compose <container> docker has no command compose install the package docker-compose-plugin",
            ),
            (
                engine.clone(),
                &good.replace("2.26.1-4", "1.29.2"),
                "✘ Compose <container> Compose 1.29.2 is older than 2 install the package docker-compose-plugin",
            ),
        ] {
            let (code, said) = Machine::docker(&version, compose)?.doctor_with_the_rest()?;
            assert!(said.contains(expected), "{expected}\n{said}");
            assert!(said.contains("– Images <container> not checked"), "{said}");
            assert_eq!(code, Some(2), "{said}");
        }
        Ok(())
    }

    #[test]
    fn a_docker_that_hangs_is_given_up_and_leaves_nothing_behind() -> anyhow::Result<()> {
        // A child process of its own, like docker's plugins.
        let script = "sleep 300 & echo $! >\"$0.$$\"\nwait";
        let machine = Machine::new()?.program("docker", script)?;
        let began = Instant::now();
        let (code, said) = machine.doctor_with_the_rest()?;
        let took = began.elapsed();
        assert!(took < ANSWER_LIMIT + Duration::from_secs(5), "{took:?}");
        assert_eq!(code, Some(2));
        assert!(
            said.contains("✘ Docker engine <container> Docker does not answer within 10s"),
            "{said}"
        );
        assert!(
            said.contains("– Compose <container> not checked: see the Docker engine"),
            "{said}"
        );

        let mut children = 0;
        for entry in fs::read_dir(machine.bin())? {
            let path = entry?.path();
            if path.file_stem() == Some("docker".as_ref()) && path.extension().is_some() {
                let child = fs::read_to_string(&path)?;
                // A process that has exited but was not waited for has no command line.
                let line = fs::read(Path::new("/proc").join(child.trim()).join("cmdline"));
                assert!(line.unwrap_or_default().is_empty(), "{child} still runs");
                children += 1;
            }
        }
        assert_eq!(children, 3, "of the engine, Compose and Buildx");
        Ok(())
    }

    #[test]
    fn a_bare_machine_is_told_everything_at_once() -> anyhow::Result<()> {
        let (code, said) = Machine::new()?.doctor_alone()?;
        assert_eq!(code, Some(2));
        for expected in [
            "✘ Rust <all> rustc is not on the PATH install it",
            "✘ C compiler <all> cc is not on the PATH",
            "– Linker <all> not checked",
            "✘ Docker engine <container> docker is not on the PATH install Docker Engine 25 or newer",
            "– Compose <container> not checked: see the Docker engine",
            "✘ promtool step 6 neither on the PATH nor in an image",
            "✘ amtool step 7 neither on the PATH nor in an image",
            "– prometheus the drill not on the PATH",
            "Port 8000 <all>",
            "Disk <all>",
            "things are missing.",
        ] {
            assert!(said.contains(expected), "{expected}\n{said}");
        }
        Ok(())
    }

    #[test]
    fn compiler_and_linker_are_told_apart() -> anyhow::Result<()> {
        let old = "echo 'rustc 1.70.0 (90c541806 2023-05-31)'";
        let headless =
            "echo 'ready.c:1:10: fatal error: stdio.h: No such file or directory' >&2; exit 1";
        let machine = Machine::new()?
            .program("rustc", old)?
            .program("cc", headless)?;
        let (_, said) = machine.doctor_alone()?;
        assert!(said.contains("✘ Rust <all> 1.70.0 is older than"), "{said}");
        assert!(
            said.contains("✘ C compiler <all> cc fails: ready.c:1:10: fatal error: stdio.h"),
            "{said}"
        );

        let machine = machine.program("gcc", ": >ready.o")?;
        let (_, said) = machine.doctor_alone()?;
        assert!(said.contains("gcc would do: export CC=gcc"), "{said}");

        let unlinked = "[ \"$1\" = -c ] || { echo '/usr/bin/ld: cannot find crt1.o' >&2; exit 1; }";
        let (_, said) = Machine::new()?.program("cc", unlinked)?.doctor_alone()?;
        assert!(said.contains("✔ C compiler <all> cc compiles"), "{said}");
        assert!(
            said.contains("✘ Linker <all> cc fails: /usr/bin/ld: cannot find crt1.o"),
            "{said}"
        );
        Ok(())
    }
}
