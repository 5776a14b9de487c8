//! How wide the terminal is.

/// The columns of the terminal that `stream` is, as it is now. `None`: it is none, or does not say.
#[cfg(unix)]
pub fn columns(stream: impl std::os::fd::AsFd) -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(stream).ok()?;
    Some(usize::from(size.ws_col)).filter(|columns| *columns > 0)
}

#[cfg(not(unix))]
pub fn columns<T>(_stream: T) -> Option<usize> {
    None
}
