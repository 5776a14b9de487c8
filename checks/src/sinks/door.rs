//! A port of this machine that is open until its owner goes.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use anyhow::Context;

/// How long a caller may be silent: a program that was killed in the middle of a sentence keeps no thread for ever.
const SILENCE: Duration = Duration::from_secs(10);

/// Listens on loopback. Closes with this value.
pub struct Door {
    address: SocketAddr,
    closed: Arc<AtomicBool>,
}

impl Door {
    /// Opens one on a free port. Each caller is given to `serve`, in a thread of its own.
    ///
    /// # Errors
    /// When no port can be had.
    pub fn open(serve: impl Fn(TcpStream) + Send + Sync + 'static) -> anyhow::Result<Door> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .context("no port of this machine is free")?;
        let address = listener.local_addr()?;
        let closed = Arc::new(AtomicBool::new(false));
        let (closing, serve) = (Arc::clone(&closed), Arc::new(serve));
        thread::spawn(move || {
            for caller in listener.incoming() {
                if closing.load(Ordering::Acquire) {
                    return;
                }
                let Ok(caller) = caller else { continue };
                let serve = Arc::clone(&serve);
                thread::spawn(move || {
                    let in_time = caller.set_read_timeout(Some(SILENCE));
                    if in_time.is_ok() {
                        serve(caller);
                    }
                });
            }
        });
        Ok(Door { address, closed })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.closed.store(true, Ordering::Release);
        // The last caller, so that the thread sees it.
        let _ = TcpStream::connect_timeout(&self.address, SILENCE);
    }
}
