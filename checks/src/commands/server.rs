//! `cargo verify server 503`: the fake server that step 3's probe is checked with, to experiment with.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
};

use anyhow::Context;

use crate::harness::fake_server::{self, Answer, FakeServer};

/// The port unless another is asked for: the one in the commands of the messages.
pub const PORT: u16 = fake_server::PORT;

/// Answers on `port` of 127.0.0.1, and prints each request; ends with the input.
///
/// # Errors
/// When the port cannot be had, or stdin cannot be read.
pub fn run(answer: Answer, port: u16) -> anyhow::Result<()> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let server = FakeServer::start_on(address, answer, |request| println!("\n{request}"))
        .with_context(|| format!("port {port} cannot be had; --port 0 takes a free one"))?;
    println!("PORT={}\n", server.port());
    println!("{} (Ctrl-C or Ctrl-D: end)", answer.described());
    io::copy(&mut io::stdin().lock(), &mut io::sink())?;
    Ok(())
}
