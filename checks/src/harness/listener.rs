//! A port of this machine that is open until its value is dropped.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use anyhow::Context;

/// How long a client may be silent: a program that was killed in the middle of a message must not block a thread for ever.
const SILENCE: Duration = Duration::from_secs(10);

/// Listens on loopback until it is dropped.
pub struct Listener {
    address: SocketAddr,
    closed: Arc<AtomicBool>,
    accepting: Option<JoinHandle<()>>,
}

impl Listener {
    /// Opens a listener on a free port. Each connection is passed to `serve`, in a thread of its own.
    ///
    /// # Errors
    /// When no port is available.
    pub fn open(serve: impl Fn(TcpStream) + Send + Sync + 'static) -> anyhow::Result<Listener> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .context("no port of this machine is free")?;
        Ok(Listener::on(listener, serve)?)
    }

    /// [`Listener::open`], on a port that is listened on already.
    ///
    /// # Errors
    /// When the port has no address any more.
    pub fn on(
        listener: TcpListener,
        serve: impl Fn(TcpStream) + Send + Sync + 'static,
    ) -> io::Result<Listener> {
        let address = listener.local_addr()?;
        let closed = Arc::new(AtomicBool::new(false));
        let (closing, serve) = (Arc::clone(&closed), Arc::new(serve));
        let accepting = thread::spawn(move || {
            for caller in listener.incoming() {
                if closing.load(Ordering::Acquire) {
                    return;
                }
                // A connection without a time limit could block its thread for ever.
                let Ok(caller) = caller.and_then(in_time) else {
                    continue;
                };
                let serve = Arc::clone(&serve);
                thread::spawn(move || serve(caller));
            }
        });
        Ok(Listener {
            address,
            closed,
            accepting: Some(accepting),
        })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

/// The same connection, with a time limit.
fn in_time(caller: TcpStream) -> io::Result<TcpStream> {
    caller.set_read_timeout(Some(SILENCE))?;
    Ok(caller)
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.closed.store(true, Ordering::Release);
        // The last connection, which makes the thread notice the end.
        let noticed = TcpStream::connect_timeout(&self.address, SILENCE).is_ok();
        // Once it has ended, the port can be used again.
        if let Some(accepting) = self.accepting.take().filter(|_| noticed) {
            let _ = accepting.join();
        }
    }
}
