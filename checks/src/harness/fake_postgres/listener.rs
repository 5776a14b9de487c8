//! Accepts connections, closes them, and freezes them, depending on the state.

use super::{Order, Shared, State, protocol};
use std::future::pending;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinSet;

/// The port, and the sessions that were accepted on it.
pub struct Listener {
    port: u16,
    shared: Arc<Shared>,
    /// One of the two sockets holds the port at any time.
    held: Option<TcpSocket>,
    open: Option<TcpListener>,
    sessions: JoinSet<()>,
}

impl Listener {
    /// Takes this port (0: a free one), but does not listen yet.
    pub fn new(port: u16, shared: Arc<Shared>) -> io::Result<Listener> {
        let held = bind(port)?;
        let port = held.local_addr()?.port();
        Ok(Listener {
            port,
            shared,
            held: Some(held),
            open: None,
            sessions: JoinSet::new(),
        })
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Handles orders and connections until it is told to stop.
    pub async fn serve(mut self, mut inbox: UnboundedReceiver<Order>) {
        loop {
            tokio::select! {
                biased;
                order = inbox.recv() => {
                    let Some(Order::Switch(state, done)) = order else { return };
                    let _ = done.send(self.switch(state).await);
                }
                stream = accept(self.open.as_ref()) => {
                    self.shared.connections.fetch_add(1, Relaxed);
                    self.sessions.spawn(session(stream, self.shared.clone()));
                }
                Some(_) = self.sessions.join_next() => {} // reaps sessions that have ended
            }
        }
    }

    async fn switch(&mut self, state: State) -> io::Result<()> {
        if state == State::Refusing && self.open.is_some() {
            // Where a port can be shared (SO_REUSEPORT), it is never released, not even for a moment.
            let held = bind(self.port);
            self.open = None;
            self.held = Some(held.or_else(|_| bind(self.port))?);
        } else if state != State::Refusing && self.open.is_none() {
            let socket = self.held.take().map_or_else(|| bind(self.port), Ok)?;
            self.open = Some(socket.listen(1024)?);
        }
        if matches!(state, State::Refusing | State::Full) {
            self.sessions.shutdown().await; // returns when the last of their sockets is closed
            self.shared.unanswered.store(0, Relaxed);
        }
        self.shared.state.send_replace(state);
        Ok(())
    }
}

/// A socket that holds a port; 0 picks any free one. SO_REUSEPORT lets it take turns with another socket of this process,
/// whatever connections linger. With SO_REUSEADDR a stranger's socket could take a turn as well.
fn bind(port: u16) -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    #[cfg(unix)]
    socket.set_reuseport(true)?;
    socket.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))?;
    Ok(socket)
}

async fn accept(listener: Option<&TcpListener>) -> TcpStream {
    let Some(listener) = listener else {
        return pending().await;
    };
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                let _ = stream.set_nodelay(true); // short answers in several parts
                return stream;
            }
            // For example, out of file descriptors. That may pass; until then the loop must not spin.
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

/// One connection, from its first byte to its last.
async fn session(stream: TcpStream, shared: Arc<Shared>) {
    let mut state = shared.state.subscribe();
    let mut conversation = pin!(protocol::converse(stream, shared));
    // `Silent` means that the session is not polled, wherever it is. The state is checked first on each poll, so that nothing is
    // sent any more once a switch to `Silent` has returned.
    while state
        .wait_for(|state| *state != State::Silent)
        .await
        .is_ok()
    {
        tokio::select! {
            biased;
            _ = state.changed() => {}
            _ = &mut conversation => return,
        }
    }
}
