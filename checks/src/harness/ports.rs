//! Free ports.

use std::{
    net::{Ipv4Addr, SocketAddr},
    process,
    sync::{
        OnceLock,
        atomic::{AtomicU16, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::bail;
use tokio::net::TcpSocket;

/// Ports below the range from which operating systems assign ports to clients, so that none is taken between the moment
/// when it is found free and the moment when the program listens on it.
const PORTS: std::ops::Range<u16> = 20_000..30_000;

/// A free address of this machine.
///
/// # Errors
/// When all ports of the range are taken.
pub fn free_address() -> anyhow::Result<SocketAddr> {
    static START: OnceLock<u16> = OnceLock::new();
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Two checks that run at the same time start their search at different ports.
    let micros = SystemTime::now()
        .duration_since(UNIX_EPOCH)?
        .subsec_micros();
    let start = START.get_or_init(|| process::id() as u16 ^ micros as u16);
    for _ in PORTS {
        let step = NEXT.fetch_add(1, Ordering::Relaxed);
        let port = PORTS.start + start.wrapping_add(step) % PORTS.len() as u16;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        if is_free(address) {
            return Ok(address);
        }
    }
    bail!("no port from {} to {} is free", PORTS.start, PORTS.end)
}

/// Bound, but never listening. A process that another thread forks at this very moment inherits the socket until it has executed
/// its program. A listening socket would keep the port from our program, and accept connections in its place.
fn is_free(address: SocketAddr) -> bool {
    let bound = TcpSocket::new_v4().and_then(|socket| {
        socket.set_reuseaddr(true)?;
        socket.bind(address)
    });
    bound.is_ok()
}
