//! Who gets in, who is thrown out, and who is frozen where they stand.

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

/// The port, and who has come in by it.
pub struct Listener {
    port: u16,
    shared: Arc<Shared>,
    /// The port is always held by one of the two.
    held: Option<TcpSocket>,
    open: Option<TcpListener>,
    sessions: JoinSet<()>,
}

impl Listener {
    /// Takes a free port, but does not listen yet.
    pub fn new(shared: Arc<Shared>) -> io::Result<Listener> {
        let held = bind(0)?;
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

    /// Takes orders and connections until it is told to stop.
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
                Some(_) = self.sessions.join_next() => {} // lets go of what has ended
            }
        }
    }

    async fn switch(&mut self, state: State) -> io::Result<()> {
        if state == State::Refusing && self.open.is_some() {
            // Where a port can be shared, it is not let go for a moment.
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

/// A socket that holds a port, 0 being any free one. SO_REUSEPORT lets it take turns with another
/// of ours, whatever connections linger. With SO_REUSEADDR a stranger could take a turn as well.
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
            // Out of file descriptors, say. That may pass; no spinning until it does.
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

/// One connection, from its first byte to its last.
async fn session(stream: TcpStream, shared: Arc<Shared>) {
    let mut state = shared.state.subscribe();
    let mut conversation = pin!(protocol::converse(stream, shared));
    // To be frozen is not to be run, wherever one is. The state is looked at first each time, so
    // that nothing is said any more once a switch to `Silent` has returned.
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
