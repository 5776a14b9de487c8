//! The hostile programs. Each ends by itself after a while, should nobody end it.

use std::{
    env, fs,
    io::{self, Read, Write},
    net::{TcpListener, TcpStream},
    os::{fd::OwnedFd, unix::process::CommandExt},
    process::{self, Command},
    thread,
    time::Duration,
};

/// The variable that says which of them this is.
pub const KIND: &str = "HOSTILE";

/// Longer than any verdict takes.
const LIFE: Duration = Duration::from_secs(120);

const MEGABYTE: usize = 1 << 20;

/// Becomes the program that the environment asks for, if it does.
pub fn become_what_is_asked() {
    let Ok(kind) = env::var(KIND) else {
        return;
    };
    thread::spawn(|| {
        thread::sleep(LIFE);
        process::exit(1);
    });
    let error = be(&kind);
    eprintln!("{kind}: {error:?}");
    process::exit(1);
}

fn be(kind: &str) -> io::Result<()> {
    match kind {
        "leaves children" => leave_children()?,
        "fills its folder" => fs::write("filled", vec![0; 300 * MEGABYTE])?,
        "prints a gigabyte" => print(&[b"x".repeat(99), b"\n".to_vec()].concat())?,
        "prints no line end" => print(&b"x".repeat(100))?,
        "dies at once" => return Ok(()),
        "dies in the middle" => return serve(|_| process::exit(0)),
        "holds its port after its end" => {
            let listener = listen()?;
            leave_to_a_child(listener.try_clone()?)?;
            return serve_on(&listener, |_| process::exit(0));
        }
        "hangs" => {
            return serve(|_| {
                thread::sleep(LIFE);
                Ok(())
            });
        }
        "answers garbage" => return serve(|caller| caller.write_all(&[0xff, 0, b'\n'].repeat(50))),
        "answers half" => return serve(answer_half),
        "answers without end" => return serve(answer_without_end),
        _ => {}
    }
    thread::sleep(LIFE);
    Ok(())
}

/// Some in its own group, some in groups of their own.
fn leave_children() -> io::Result<()> {
    for group in [None, Some(0)] {
        let mut sleep = Command::new("sleep");
        sleep.arg(LIFE.as_secs().to_string());
        group.map(|group| sleep.process_group(group));
        sleep.spawn()?;
    }
    Ok(())
}

/// The child has the socket as its input, and never looks at it.
fn leave_to_a_child(listener: TcpListener) -> io::Result<()> {
    let mut sleep = Command::new("sleep");
    sleep
        .arg(LIFE.as_secs().to_string())
        .stdin(OwnedFd::from(listener))
        .process_group(0);
    sleep.spawn().map(drop)
}

fn print(line: &[u8]) -> io::Result<()> {
    let megabyte = line.repeat(MEGABYTE / line.len());
    let mut out = io::stdout();
    (0..1024).try_for_each(|_| out.write_all(&megabyte))
}

fn listen() -> io::Result<TcpListener> {
    let value = |name| env::var(name).unwrap_or_default();
    TcpListener::bind(format!("{}:{}", value("HOST"), value("PORT")))
}

fn serve(answer: fn(&mut TcpStream) -> io::Result<()>) -> io::Result<()> {
    serve_on(&listen()?, answer)
}

fn serve_on(
    listener: &TcpListener,
    answer: fn(&mut TcpStream) -> io::Result<()>,
) -> io::Result<()> {
    for caller in listener.incoming() {
        let mut caller = caller?;
        thread::spawn(move || {
            // Who only looks whether somebody listens asks nothing.
            if matches!(caller.read(&mut [0; 1024]), Ok(1..)) {
                let _ = answer(&mut caller);
            }
        });
    }
    Ok(())
}

fn answer_half(caller: &mut TcpStream) -> io::Result<()> {
    caller.write_all(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{\"sta",
    )?;
    thread::sleep(LIFE);
    Ok(())
}

fn answer_without_end(caller: &mut TcpStream) -> io::Result<()> {
    caller.write_all(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n",
    )?;
    let megabyte = b"x".repeat(MEGABYTE);
    (0..1024).try_for_each(|_| caller.write_all(&megabyte))
}
