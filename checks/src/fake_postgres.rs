//! A PostgreSQL server inside this process, as well or as ill as a check wants it.
//!
//! It stands behind a learner's service, logs everybody in, knows no table and keeps no row.

mod listener;
mod login;
mod protocol;
mod sql;
mod statement;
mod wire;

use listener::Listener;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, mpsc};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::sync::watch;

/// What the database does with whoever asks it something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It answers.
    Up,
    /// Nobody listens: connecting is refused at once, open connections are closed.
    Refusing,
    /// It accepts connections and never says a word, nor on those that are open: a frozen server.
    /// What is asked meanwhile has not arrived yet, it waits in the sockets.
    Silent,
    /// It logs people in (`SET` is part of that), takes a statement and never answers it.
    Hanging,
    /// It answers everything but a question, `SELECT 1`, which it takes and never answers.
    Stalling,
    /// It logs people in (`SET` is part of that) and answers every statement with this error.
    Failing(String),
    /// It turns everybody away at login, "too many clients already"; open connections are closed.
    Full,
}

/// The server: one thread, and one port of 127.0.0.1 that stays its own until it is dropped.
pub struct FakePostgres {
    port: u16,
    shared: Arc<Shared>,
    orders: UnboundedSender<Order>,
    thread: Option<JoinHandle<()>>,
}

/// What the check, the listener and the sessions have in common.
struct Shared {
    state: watch::Sender<State>,
    connections: AtomicUsize,
    statements: AtomicUsize,
    questions: AtomicUsize,
    unanswered: AtomicUsize,
}

/// What the check tells the listener.
enum Order {
    Switch(State, mpsc::Sender<io::Result<()>>),
    Stop,
}

impl FakePostgres {
    /// Starts on a free port. The port is taken in every state, listened on or not.
    pub fn start(state: State) -> io::Result<FakePostgres> {
        let shared = Arc::new(Shared {
            state: watch::Sender::new(State::Refusing),
            connections: AtomicUsize::new(0),
            statements: AtomicUsize::new(0),
            questions: AtomicUsize::new(0),
            unanswered: AtomicUsize::new(0),
        });
        let listener = Listener::new(shared.clone())?;
        let port = listener.port();
        let (orders, inbox) = unbounded_channel();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let thread = Builder::new().name("fake-postgres".into());
        // The runtime goes with the thread, and with it every connection.
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

    /// Where it listens, when it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Changes the state for new and for open connections, and returns when that has happened. Out of `Silent`, `Hanging`
    /// and `Stalling` everybody goes on where they were.
    ///
    /// # Panics
    /// When the operating system does not let it have its port again: nothing seen after that would mean anything.
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

    /// How many of the statements were a `SELECT 1`, however it was spelled.
    pub fn questions(&self) -> usize {
        self.shared.questions.load(Relaxed)
    }

    /// How many statements have arrived, answered or not.
    pub fn statements(&self) -> usize {
        self.shared.statements.load(Relaxed)
    }

    /// Makes it `Up` and waits until everybody who has connected before has been counted.
    ///
    /// # Errors
    /// When it does not answer.
    pub fn settle(&self) -> io::Result<()> {
        /// What libpq asks first: may we speak TLS? The answer is one byte, and whoever came before was accepted by then.
        const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];
        const LIMIT: Duration = Duration::from_secs(2);
        self.switch(State::Up);
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
        stream.set_read_timeout(Some(LIMIT))?;
        stream.write_all(&SSL_REQUEST)?;
        stream.read_exact(&mut [0])
    }

    /// How many TCP connections have been accepted.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Relaxed)
    }

    /// How many statements have arrived and wait for an answer right now. As in a real server
    /// that waits for a lock, one whose client has hung up in the meantime still counts.
    pub fn unanswered(&self) -> usize {
        self.shared.unanswered.load(Relaxed)
    }
}

impl Drop for FakePostgres {
    fn drop(&mut self) {
        let _ = self.orders.send(Order::Stop);
        // Nothing on that thread ever blocks, so this takes no time worth bounding.
        let _ = self.thread.take().map(JoinHandle::join);
    }
}
