//! A fake PostgreSQL server inside this process, healthy or broken as a check requires.
//!
//! It is the database of a learner's service. It accepts any login, has no tables and stores no rows.

mod listener;
mod login;
mod protocol;
mod sql;
mod state;
mod statement;
mod wire;

use crate::harness::random::random_word;
use listener::Listener;
pub use state::State;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, mpsc};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::sync::watch;

/// The server: one thread, and one port of 127.0.0.1 that it keeps until it is dropped.
pub struct FakePostgres {
    port: u16,
    shared: Arc<Shared>,
    orders: UnboundedSender<Order>,
    thread: Option<JoinHandle<()>>,
}

/// State shared by the check, the listener and the sessions.
struct Shared {
    /// A word in what it says when it is full: no answer can contain it by chance.
    word: String,
    state: watch::Sender<State>,
    connections: AtomicUsize,
    statements: AtomicUsize,
    questions: AtomicUsize,
    unanswered: AtomicUsize,
    left_open: AtomicUsize,
}

/// Messages from the check to the listener.
enum Order {
    Switch(State, mpsc::Sender<io::Result<()>>),
    Stop,
}

impl FakePostgres {
    /// Starts on a free port. The port is reserved in every state, whether the server listens on it or not.
    pub fn start(state: State) -> io::Result<FakePostgres> {
        FakePostgres::start_on(0, state)
    }

    /// [`FakePostgres::start`] on this port.
    ///
    /// # Errors
    /// When another program has it.
    pub fn start_on(port: u16, state: State) -> io::Result<FakePostgres> {
        let shared = Arc::new(Shared {
            word: random_word(),
            state: watch::Sender::new(State::Refusing),
            connections: AtomicUsize::new(0),
            statements: AtomicUsize::new(0),
            questions: AtomicUsize::new(0),
            unanswered: AtomicUsize::new(0),
            left_open: AtomicUsize::new(0),
        });
        let listener = Listener::new(port, shared.clone())?;
        let port = listener.port();
        let (orders, inbox) = unbounded_channel();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let thread = Builder::new().name("fake-postgres".into());
        // The runtime ends with the thread, and every connection with the runtime.
        let thread = thread.spawn(move || runtime.block_on(listener.serve(inbox)))?;
        let server = FakePostgres {
            port,
            shared,
            orders,
            thread: Some(thread),
        };
        server.try_switch(state)?;
        Ok(server)
    }

    /// A `DATABASE_URL` for this server, with this user (`me` or `me:secret`) and this database name. The server accepts any.
    pub fn url(&self, user: &str, database: &str) -> String {
        format!(
            "postgres://{user}@{}:{}/{database}",
            Ipv4Addr::LOCALHOST,
            self.port
        )
    }

    /// The same with the login in the query, as libpq allows: `user=me&password=secret`.
    pub fn url_with_query(&self, login: &str, database: &str) -> String {
        format!(
            "postgres://{}:{}/{database}?{login}",
            Ipv4Addr::LOCALHOST,
            self.port
        )
    }

    /// [`FakePostgres::url`] with random names and a password, which the server asks for.
    pub fn random_url(&self) -> String {
        let [user, password, database] = [random_word(), random_word(), random_word()];
        self.url(&format!("{user}:{password}"), &database)
    }

    /// The port that it listens on, whenever it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// What it says when it is full contains this word.
    pub fn word(&self) -> &str {
        &self.shared.word
    }

    /// Changes the state for new and for open connections, and returns when the change is complete. On leaving `Silent`,
    /// `Hanging`, `Stalling` or `Locked`, every session goes on where it was.
    ///
    /// # Panics
    /// When the operating system does not let the server listen on its port again: no later observation would mean anything.
    pub fn switch(&self, state: State) {
        self.try_switch(state)
            .expect("the fake database keeps its port");
    }

    fn try_switch(&self, state: State) -> io::Result<()> {
        let gone = || io::Error::other("the fake database has ended");
        let (done, outcome) = mpsc::channel();
        self.orders
            .send(Order::Switch(state, done))
            .map_err(|_| gone())?;
        outcome.recv().map_err(|_| gone())?
    }

    /// The number of statements that were a `SELECT 1`, however it was spelled.
    pub fn questions(&self) -> usize {
        self.shared.questions.load(Relaxed)
    }

    /// The number of statements that have arrived, answered or not.
    pub fn statements(&self) -> usize {
        self.shared.statements.load(Relaxed)
    }

    /// Switches to `Up` and waits until all earlier connections have been counted.
    ///
    /// # Errors
    /// When the server does not answer.
    pub fn settle(&self) -> io::Result<()> {
        /// libpq's first message: may we speak TLS? The answer is one byte, and all earlier connections were accepted by then.
        const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];
        const LIMIT: Duration = Duration::from_secs(2);
        self.switch(State::Up);
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
        stream.set_read_timeout(Some(LIMIT))?;
        stream.write_all(&SSL_REQUEST)?;
        stream.read_exact(&mut [0])
    }

    /// The number of TCP connections that have been accepted.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Relaxed)
    }

    /// The number of statements that have arrived and are waiting for an answer right now. A statement whose client has hung up
    /// in the meantime still counts, as in a real server that waits for a lock.
    pub fn unanswered(&self) -> usize {
        self.shared.unanswered.load(Relaxed)
    }

    /// How many times a session received its settings inside a transaction, which its previous borrower had left open.
    pub fn left_open(&self) -> usize {
        self.shared.left_open.load(Relaxed)
    }
}

impl Drop for FakePostgres {
    fn drop(&mut self) {
        let _ = self.orders.send(Order::Stop);
        // Nothing on that thread ever blocks, so the join needs no time limit.
        let _ = self.thread.take().map(JoinHandle::join);
    }
}
