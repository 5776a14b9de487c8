//! Who takes part: the FastAPI lesson, axum, actix-web without anything, and ours with the features of one step after the other.

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::ensure;
use checks::course::STEPS;

use crate::{
    load::ROUTES,
    proof::{
        scratch::{Bin, Scratch},
        workspace,
    },
};

pub const FASTAPI: &str = "FastAPI lesson, 2 workers";
pub const FASTAPI_POOL: &str = "FastAPI lesson, with a pool of connections";
pub const AXUM: &str = "axum, axum-prometheus, JSON by tracing";
pub const BARE: &str = "actix-web, and nothing else";
pub const FINISHED: &str = "+ signals: the finished service";
pub const SHIPPED: &str = "the same, probes logged at DEBUG, as it comes";

/// Writes the line of every request. The probes' lines are at DEBUG.
const EACH_REQUEST: &str = "info,solutions::logs=debug,step04::logs=debug";

/// Our programs: a name, the package and program, how many of the routes it has, and `RUST_LOG`.
const OURS: [(&str, &str, usize, &str); 8] = [
    (BARE, "step01-bare", 1, "off"),
    ("step 1: a plain line for each request", "step01", 1, "info"),
    ("+ step 2: the database", "step02", 3, "info"),
    ("+ step 3: limits for callers", "step03", 3, "info"),
    ("+ step 4: JSON logs instead", "step04", 3, EACH_REQUEST),
    ("+ step 5: metrics", "step05", 3, EACH_REQUEST),
    (FINISHED, "solutions", 3, EACH_REQUEST),
    (SHIPPED, "solutions", 3, "info"),
];

pub struct Program {
    pub name: &'static str,
    /// How many of the routes it has, from the first on.
    pub routes: usize,
    /// Whether it makes the table of readings by itself.
    pub migrates: bool,
    words: Vec<PathBuf>,
    variables: BTreeMap<&'static str, String>,
    /// Where it runs, if not in its own temporary folder.
    folder: Option<PathBuf>,
}

impl Program {
    /// To start it. Without a database it is given none that answers.
    pub fn command(&self, folder: &Path, port: u16, database: Option<&str>) -> Command {
        let mut command = Command::new(&self.words[0]);
        command
            .args(&self.words[1..])
            .current_dir(self.folder.as_deref().unwrap_or(folder))
            .env("PORT", port.to_string())
            .env_remove("POOL")
            .envs(&self.variables);
        if self.name.starts_with("FastAPI") {
            command.args(["--port", &port.to_string()]);
        }
        match database {
            Some(url) => command.env("DATABASE_URL", url),
            None => command.env_remove("DATABASE_URL"),
        };
        command
    }
}

/// All that this machine has; what it lacks is left out, and printed.
pub fn all(scratch: &Scratch) -> anyhow::Result<Vec<Program>> {
    let mut programs = fastapi();
    programs.extend(axum(scratch)?);
    programs.extend(ours(scratch)?);
    Ok(programs)
}

fn fastapi() -> Vec<Program> {
    let folder = workspace().join("docs/peers/fastapi");
    let python = env::var_os("PEERS_PYTHON").map(PathBuf::from);
    let python = python.unwrap_or_else(|| folder.join(".venv/bin/python"));
    let mut try_it = Command::new(&python);
    try_it.args([
        "-c",
        "import fastapi, prometheus_client, psycopg_pool, uvicorn",
    ]);
    let there = try_it.output().is_ok_and(|ran| ran.status.success());
    if !there {
        println!(
            "left out: FastAPI, because {} does not have it (docs/peers/fastapi/README.md)",
            python.display()
        );
        return Vec::new();
    }
    let words = ["-m", "uvicorn", "main:app", "--workers", "2"].map(PathBuf::from);
    let words = [vec![python], words.to_vec()].concat();
    let variables = BTreeMap::from([("PYTHONDONTWRITEBYTECODE", "1".to_owned())]);
    let with_pool = BTreeMap::from([("POOL", "1".to_owned())]);
    [(FASTAPI, BTreeMap::new()), (FASTAPI_POOL, with_pool)]
        .map(|(name, more)| Program {
            name,
            routes: ROUTES.len(),
            migrates: false,
            words: words.clone(),
            variables: variables.clone().into_iter().chain(more).collect(),
            folder: Some(folder.clone()),
        })
        .into()
}

fn axum(scratch: &Scratch) -> anyhow::Result<Option<Program>> {
    let target = scratch.root().join("target/peers");
    let built = Command::new("cargo")
        .current_dir(workspace().join("docs/peers/axum"))
        .args(["build", "--release", "--locked", "--quiet", "--target-dir"])
        .arg(&target)
        .status()?;
    if !built.success() {
        println!("left out: axum, because docs/peers/axum does not build here");
        return Ok(None);
    }
    Ok(Some(Program {
        name: AXUM,
        routes: ROUTES.len(),
        migrates: false,
        words: vec![target.join("release/peer")],
        variables: BTreeMap::from([("RUST_LOG", "info".to_owned())]),
        folder: None,
    }))
}

/// Builds each step with its solution copied over it.
fn ours(scratch: &Scratch) -> anyhow::Result<Vec<Program>> {
    let mut packages = vec!["--package=solutions".to_owned()];
    for step in STEPS.iter().filter(|step| step.number <= 5) {
        let solution = workspace().join("solutions").join(step.task);
        scratch.lay(&solution, Path::new(step.folder).join(step.task))?;
        packages.push(format!("--package={}", step.package));
    }
    lay_bare(scratch)?;
    let built = Command::new("cargo")
        .current_dir(scratch.root())
        .args(["build", "--release", "--quiet"])
        .args(packages)
        .status()?;
    ensure!(built.success(), "the steps do not build");
    let release = scratch.root().join("target/release");
    let program = |(name, file, routes, level): (&'static str, &str, usize, &str)| Program {
        name,
        routes,
        migrates: true,
        words: vec![release.join(file)],
        variables: BTreeMap::from([("RUST_LOG", level.to_owned())]),
        folder: None,
    };
    Ok(OURS.map(program).into())
}

/// What makes the table of readings, as our service does it.
pub fn table() -> anyhow::Result<String> {
    let mut text = String::new();
    for migration in fs::read_dir(workspace().join("solutions/migrations/postgres"))? {
        text.push_str(&fs::read_to_string(migration?.path().join("up.sql"))?);
    }
    Ok(text)
}

/// The further program of step 1 that has no log.
pub fn bare() -> BTreeMap<&'static str, Vec<Bin>> {
    let bin = Bin {
        name: "bare".to_owned(),
        main: "src/bare.rs".to_owned(),
    };
    BTreeMap::from([("step01", vec![bin])])
}

fn lay_bare(scratch: &Scratch) -> anyhow::Result<()> {
    let mut text = fs::read_to_string(scratch.root().join("steps/01-health/src/main.rs"))?;
    for (line, without) in [
        (", middleware::Logger", ""),
        (".wrap(Logger::default())", ""),
    ] {
        ensure!(text.contains(line), "step 1 has no {line:?} any more");
        text = text.replace(line, without);
    }
    scratch.write("steps/01-health/src/bare.rs", &text)
}
