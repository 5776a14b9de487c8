//! Tries the commands of a message as a learner would: all that is printed under "Try it" is typed into a shell, each line in a
//! terminal of its own. What they show is compared with what the message says was found.

use std::{
    env, fs,
    io::{BufRead, BufReader, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    sync::LazyLock,
    time::Duration,
};

use anyhow::{Context, bail, ensure};
use checks::{
    check::Failure,
    harness::{
        fake_server, launch::BROKEN_DATABASE_PORT, poll, ports::free_address, run::run, scratch,
        text::printable,
    },
    tools::{server::Daemon, source::Source},
};
use regex::Regex;

use super::pinning::redacted;

/// The time limit for one command: `curl` waits for a service that hangs until the service gives up.
const LIMIT: Duration = Duration::from_secs(20);
const PACE: Duration = Duration::from_millis(20);

/// The port in all printed commands.
const PORT: &str = ":8000";

/// What puts a server there, where a service of this machine's user may be. Such commands are not tried.
const IN_ITS_PLACE: &str = "--port 8000";

/// Tries the commands about the program at `executable`, built from `package`.
///
/// # Errors
/// When a command cannot be run, or shows something else than the message says.
pub fn shows(failure: &Failure, package: &str, executable: &Path) -> anyhow::Result<()> {
    if !can_be_tried() || failure.how.contains(IN_ITS_PLACE) {
        return Ok(());
    }
    let (folder, _guard) = scratch::folder()?;
    let mut terminals = Terminals {
        package,
        executable,
        folder,
        port: free_address()?.port(),
        database: None,
        server: None,
        service: None,
        shown: String::new(),
    };
    let commands: Vec<String> = failure.how.lines().map(typed).collect();
    for command in &commands {
        terminals.type_in(command)?;
    }
    if let Some(database) = &mut terminals.database {
        // Enter repairs the database; then the questions are asked again.
        database.press_enter()?;
        for command in commands.iter().filter(|command| is_question(command)) {
            terminals.type_in(command)?;
        }
    }
    let shown = terminals.end()?;
    let found = if failure.how.contains("cargo verify database") {
        without_text(&failure.found)
    } else {
        failure.found.clone()
    };
    compare(&found, &redacted(&shown)).with_context(|| {
        format!(
            "Try it\n{}\nFound\n{}\nshown\n{shown}",
            failure.how, failure.found
        )
    })
}

/// Runs promtool with the file of a message, beside the rules at `config`.
///
/// # Errors
/// When it finds nothing, or alerts that the message does not name.
pub fn plays(failure: &Failure, step: &str, config: &Path) -> anyhow::Result<()> {
    let file = failure.file.as_ref().context("there is a file")?;
    // Where Docker runs it, that stands in the message, and not in what was pinned.
    let here = Source::on_path("promtool", &["promtool"]);
    if !failure.how.starts_with("promtool ") || here.is_err() {
        return Ok(());
    }
    let (folder, _guard) = scratch::folder()?;
    let rules = folder.join(step);
    fs::create_dir_all(&rules)?;
    fs::copy(config, rules.join("alerts.yml"))?;
    file.write(&folder)?;
    let mut shell = Command::new("sh");
    shell.current_dir(&folder).args(["-c", &failure.how]);
    let output = run(shell, LIMIT)?;
    let shown = [output.stdout, output.stderr].concat();
    let shown = String::from_utf8_lossy(&shown);
    ensure!(
        shown.contains("FAILED"),
        "{} finds nothing: {shown}",
        failure.how
    );
    let mut named = shown
        .split("alertname=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next());
    match named.find(|alert| !failure.found.contains(*alert)) {
        Some(alert) => bail!(
            "it shows {alert}, and the message {:?}: {shown}",
            failure.found
        ),
        None => Ok(()),
    }
}

/// The commands are those of a Unix shell with curl, which a bare machine may lack. That is said once.
fn can_be_tried() -> bool {
    static CAN: LazyLock<bool> = LazyLock::new(|| {
        let curl = Command::new("curl").arg("--version").output();
        let can = cfg!(unix) && curl.is_ok();
        if !can {
            eprintln!("The commands of messages are not tried: they need a Unix shell and curl.");
        }
        can
    });
    *CAN
}

/// A line without the names that stand for drawn values in tests.
pub fn typed(line: &str) -> String {
    let mut line = line.replace("<word>", "w0123456789abcdef");
    while let Some((before, rest)) = line.split_once('<')
        && let Some((name, after)) = rest.split_once('>')
        && name
            .chars()
            .all(|letter| letter.is_ascii_lowercase() || letter == ' ')
    {
        line = format!("{before}5{after}");
    }
    line
}

fn is_question(command: &str) -> bool {
    !command.contains("cargo ") && !command.starts_with('(')
}

/// What `cargo verify database` or `cargo verify server` has started.
struct Fake {
    child: Child,
    /// Kept open: it goes on to print its state.
    _stdout: BufReader<ChildStdout>,
    port: String,
}

impl Fake {
    fn start(arguments: &str) -> anyhow::Result<Fake> {
        let mut child = Command::new(env!("CARGO_BIN_EXE_checks"))
            .env("CARGO_MANIFEST_DIR", env!("CARGO_MANIFEST_DIR"))
            .args(arguments.split(' '))
            .args(["--port", "0"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut stdout = BufReader::new(child.stdout.take().context("it is piped")?);
        // DATABASE_URL=postgres://…:<port>/…, or PORT=<port>
        let mut setting = String::new();
        stdout.read_line(&mut setting)?;
        let port = setting
            .trim()
            .rsplit([':', '='])
            .next()
            .and_then(|rest| rest.split('/').next());
        let port = port.context("no port")?.to_owned();
        Ok(Fake {
            child,
            _stdout: stdout,
            port,
        })
    }

    fn press_enter(&mut self) -> anyhow::Result<()> {
        let stdin = self.child.stdin.as_mut().context("it is piped")?;
        Ok(stdin.write_all(b"\n")?)
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The terminals of a learner: what runs in them, and what they have shown.
struct Terminals<'a> {
    package: &'a str,
    executable: &'a Path,
    folder: PathBuf,
    port: u16,
    database: Option<Fake>,
    server: Option<Fake>,
    service: Option<Daemon>,
    shown: String,
}

impl Terminals<'_> {
    fn type_in(&mut self, command: &str) -> anyhow::Result<()> {
        if let Some(arguments) = command.strip_prefix("cargo verify database ") {
            self.database = Some(Fake::start(&format!("database {arguments}"))?);
            return Ok(());
        }
        if let Some(arguments) = command.strip_prefix("cargo verify server ") {
            self.server = Some(Fake::start(&format!("server {arguments}"))?);
            return Ok(());
        }
        let cargo = format!("cargo run -p {}", self.package);
        let command = self.with_our_ports(command);
        let command = command.replace("cargo run -q ", "cargo run ");
        match command.split_once(&cargo) {
            Some((settings, arguments)) => {
                let program = format!("'{}'", self.executable.display());
                match arguments.split_once("-- ") {
                    Some((_, arguments)) => self.ask(&format!("{settings}{program} {arguments}")),
                    None => self.serve(&format!("{settings}{program}{arguments}")),
                }
            }
            None if is_question(&command) => self.ask(&command),
            None => Ok(()),
        }
    }

    fn with_our_ports(&self, command: &str) -> String {
        let command = command
            .replace(PORT, &format!(":{}", self.port))
            .replace("PORT=8001", &format!("PORT={}", self.port));
        let fakes = [
            (&self.database, BROKEN_DATABASE_PORT),
            (&self.server, fake_server::PORT),
        ];
        fakes.into_iter().fold(command, |command, (fake, printed)| {
            let port = fake.as_ref().map(|fake| fake.port.as_str());
            command.replace(&printed.to_string(), port.unwrap_or(&printed.to_string()))
        })
    }

    fn shell(&self, command: &str) -> Command {
        let mut shell = Command::new("sh");
        for (name, _) in env::vars_os() {
            let settings = ["HOST", "DATABASE_URL", "RUST_LOG", "DRILL"];
            if settings.iter().any(|setting| name == *setting) {
                shell.env_remove(name);
            }
        }
        shell
            .current_dir(&self.folder)
            .env("PORT", self.port.to_string())
            .env("RUST_BACKTRACE", "0")
            .args(["-c", command]);
        shell
    }

    /// Starts the service and waits until it listens, or has ended.
    fn serve(&mut self, command: &str) -> anyhow::Result<()> {
        let command = match command.rsplit_once('\'') {
            // The service itself, and not the shell, gets the signal that ends it.
            Some(_) if !command.starts_with("env ") && !command.contains("; exec ") => {
                let program = format!("'{}'", self.executable.display());
                command.replace(&program, &format!("exec {program}"))
            }
            _ => format!("exec {command}"),
        };
        let service = Daemon::start(self.shell(&command))?;
        let address = ("127.0.0.1", self.port);
        poll::is_done(LIMIT, PACE, || {
            TcpStream::connect(address).is_ok() || service.exit_status().is_some()
        });
        self.service = Some(service);
        Ok(())
    }

    fn ask(&mut self, command: &str) -> anyhow::Result<()> {
        match run(self.shell(command), LIMIT) {
            Ok(output) => {
                let other_tool = command.contains("promtool");
                ensure!(
                    output.status.code() != Some(127) || other_tool,
                    "no such command: {command}"
                );
                self.shown += &String::from_utf8_lossy(&output.stdout);
                self.shown += &String::from_utf8_lossy(&output.stderr);
                self.shown += &format!("\n({})\n", output.status);
            }
            Err(error) => self.shown += &format!("\n({error})\n"),
        }
        Ok(())
    }

    /// All that was shown, when everything has ended.
    fn end(mut self) -> anyhow::Result<String> {
        if let Some(service) = self.service.take() {
            service.log.wait_for_quiet();
            for line in service.log.lines(0) {
                self.shown += &line.text;
                self.shown += "\n";
            }
        }
        Ok(self.shown)
    }
}

/// Events without their text: what a broken database says is another text each time.
fn without_text(found: &str) -> String {
    let text = Regex::new(r#""msg":"(?:[^"\\]|\\.)*","#).expect("it is valid");
    text.replace_all(found, "").into_owned()
}

/// Whether the commands show what the message says: the status, the exit code of a probe, or one of the lines that it quotes. A sentence cannot be compared,
/// and what an earlier request has left in the log is not shown again.
fn compare(found: &str, shown: &str) -> anyhow::Result<()> {
    let found = found.split("log:").next().unwrap_or_default();
    let found = found.split("its log says").next().unwrap_or_default();
    if let Some(status) = status_of(found) {
        let mut versions = ["HTTP/1.1", "HTTP/1.0"].iter();
        ensure!(
            versions.any(|version| shown.contains(&format!("{version} {status}"))),
            "the commands show no answer {status}"
        );
    }
    if let Some(said) = found.strip_prefix("exit code ") {
        let end = said.find(|letter: char| !letter.is_ascii_digit());
        let code = &said[..end.unwrap_or(said.len())];
        ensure!(
            shown.lines().any(|line| line == code),
            "the commands do not end with exit code {code}"
        );
    }
    let quoted: Vec<&str> = found.lines().filter(|line| line.starts_with('{')).collect();
    let is_shown = |quoted: &&str| {
        // The last word of a line that was cut may be half of one.
        let cut = quoted.ends_with('…');
        let mut wanted: Vec<&str> = words(quoted).collect();
        wanted.truncate(wanted.len() - usize::from(cut));
        shown.lines().any(|line| {
            let line = printable(line);
            let mut words = words(&line);
            wanted.iter().all(|word| words.any(|shown| shown == *word))
        })
    };
    ensure!(
        quoted.is_empty() || quoted.iter().any(is_shown),
        "the commands show no line that the message quotes"
    );
    Ok(())
}

/// `503` in `503 Service Unavailable`, or in `answer <number>: 503 Service Unavailable`.
fn status_of(found: &str) -> Option<u16> {
    let line = found.lines().next()?;
    let answer = line.rsplit_once(": ").map_or(line, |(_, answer)| answer);
    let (status, reason) = answer.split_once(' ')?;
    let status = status.parse().ok()?;
    let is_reason = reason.starts_with(|letter: char| letter.is_ascii_uppercase());
    ((100..600).contains(&status) && is_reason).then_some(status)
}

/// The words of a line, without the names that stand for what differs from run to run.
fn words(line: &str) -> impl Iterator<Item = &str> {
    let named = line.split_inclusive('>').map(|part| part.split('<').next());
    let parts = named.flatten();
    parts
        .flat_map(|part| part.split(|letter: char| !letter.is_alphanumeric()))
        .filter(|word| !word.is_empty())
}
