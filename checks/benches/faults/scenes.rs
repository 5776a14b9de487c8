//! The troubles of the database.

use std::{
    net::{Ipv4Addr, TcpListener},
    time::Duration,
};

use anyhow::ensure;
use checks::harness::{
    cleanup::CleanupGuard,
    fake_postgres::{FakePostgres, State},
    poll,
    process::Child,
};

use crate::{
    common::{PACE, postgres::Postgres},
    packets,
};

/// How many of the clients ask for readings, and how many at most can do so without using up the pool, which has 8 connections.
const MANY: usize = 32;
const FEW: usize = 4;

/// How long a slow database takes for an answer.
const SLOW: Duration = Duration::from_secs(1);

/// How often the connections of the service are closed.
const CLOSED: usize = 3;

/// How long a session may take until it holds its lock.
const LOCKED: Duration = Duration::from_secs(10);

/// The name of sessions that hold a lock.
const HOLDER: &str = "holder";

pub struct Scene {
    pub name: &'static str,
    /// How many of the clients ask for readings.
    pub readers: usize,
    /// Whether it lasts for a while, and not only until it can be ended.
    pub lasts: bool,
    /// Whether the database is the fake one.
    pub fake: bool,
    /// Why it cannot be played on this machine.
    pub lacks: fn() -> Option<String>,
    pub begins: fn(&mut Stage) -> anyhow::Result<()>,
    pub ends: fn(&mut Stage) -> anyhow::Result<()>,
}

/// The database, and what stands in its place or its way.
pub struct Stage {
    pub postgres: Postgres,
    fake: FakePostgres,
    /// Accepts connections in its place, as far as the kernel does that by itself.
    silent: Option<TcpListener>,
    session: Option<(Child, CleanupGuard)>,
    dropped: Option<CleanupGuard>,
}

pub const SCENES: [Scene; 12] = [
    scene("refused: the server is stopped", stop, start),
    scene(
        "silent: it accepts and never answers",
        |stage| {
            stage.postgres.stop()?;
            let address = (Ipv4Addr::LOCALHOST, stage.postgres.port());
            stage.silent = Some(TcpListener::bind(address)?);
            Ok(())
        },
        |stage| {
            stage.silent = None;
            stage.postgres.start()
        },
    ),
    Scene {
        lacks: packets::lacks,
        ..scene(
            "dropped: no packet reaches it",
            |stage| {
                stage.dropped = Some(packets::drop_to(stage.postgres.port())?);
                Ok(())
            },
            |stage| {
                stage.dropped = None;
                Ok(())
            },
        )
    },
    Scene {
        fake: true,
        ..scene(
            "slow: 1 s for a SELECT 1 (a fake server)",
            |stage| stage.switch(State::Slow(SLOW)),
            |stage| stage.switch(State::Up),
        )
    },
    scene(
        "out of connections",
        |stage| stage.change_role("CONNECTION LIMIT 0"),
        |stage| stage.set_role("CONNECTION LIMIT -1"),
    ),
    scene(
        "wrong password",
        |stage| stage.change_role("PASSWORD 'another'"),
        |stage| stage.set_role("PASSWORD 'secret'"),
    ),
    Scene {
        lasts: false,
        ..scene("restarted in an orderly way", stop, start)
    },
    scene("killed (SIGKILL)", |stage| stage.postgres.kill(), start),
    scene(
        "paused (SIGSTOP)",
        |stage| stage.postgres.pause(),
        |stage| stage.postgres.resume(),
    ),
    Scene {
        readers: FEW,
        ..scene("the table locked, 4 clients ask for readings", lock, unlock)
    },
    scene("the pool used up: the table locked, 32 ask", lock, unlock),
    scene(
        "the table locked for 1 s, again and again",
        |stage| {
            stage.hold("DO $$ BEGIN FOR i IN 1..600 LOOP LOCK readings; PERFORM pg_sleep(1); COMMIT; PERFORM pg_sleep(0.05); END LOOP; END $$")
        },
        unlock,
    ),
];

const fn scene(
    name: &'static str,
    begins: fn(&mut Stage) -> anyhow::Result<()>,
    ends: fn(&mut Stage) -> anyhow::Result<()>,
) -> Scene {
    Scene {
        name,
        readers: MANY,
        lasts: true,
        fake: false,
        lacks: || None,
        begins,
        ends,
    }
}

fn stop(stage: &mut Stage) -> anyhow::Result<()> {
    stage.postgres.stop()
}

fn start(stage: &mut Stage) -> anyhow::Result<()> {
    stage.postgres.start()
}

fn lock(stage: &mut Stage) -> anyhow::Result<()> {
    stage.hold("BEGIN; LOCK readings; SELECT pg_sleep(600)")
}

fn unlock(stage: &mut Stage) -> anyhow::Result<()> {
    let end = format!(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '{HOLDER}'"
    );
    stage.postgres.sql(&end)?;
    stage.session = None;
    Ok(())
}

impl Stage {
    pub fn new(postgres: Postgres) -> anyhow::Result<Stage> {
        Ok(Stage {
            postgres,
            fake: FakePostgres::start(State::Up)?,
            silent: None,
            session: None,
            dropped: None,
        })
    }

    fn switch(&mut self, state: State) -> anyhow::Result<()> {
        self.fake.switch(state);
        Ok(())
    }

    /// The database of the service in this scene.
    pub fn url(&self, scene: &Scene) -> String {
        if scene.fake {
            self.fake.random_url()
        } else {
            self.postgres.url()
        }
    }

    /// Changes the service's user, and closes its connections: also those that were logging in at that moment, which are not on the
    /// list yet.
    fn change_role(&mut self, change: &str) -> anyhow::Result<()> {
        self.set_role(change)?;
        let close =
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'app'";
        for _ in 0..CLOSED {
            self.postgres.sql(close)?;
        }
        Ok(())
    }

    fn set_role(&mut self, change: &str) -> anyhow::Result<()> {
        self.postgres.sql(&format!("ALTER ROLE app {change}"))?;
        Ok(())
    }

    /// Begins a session with this statement, and waits until it holds the table.
    fn hold(&mut self, sql: &str) -> anyhow::Result<()> {
        self.session = Some(self.postgres.begin(HOLDER, sql)?);
        let held = "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) \
            WHERE mode = 'AccessExclusiveLock' AND granted AND relation = 'readings'::regclass";
        let holds = || self.postgres.sql(held).is_ok_and(|count| count != "0");
        ensure!(poll::is_done(LOCKED, PACE, holds), "the lock is not held");
        Ok(())
    }
}
