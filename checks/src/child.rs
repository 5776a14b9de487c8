//! A process that we start, with all that it starts in its turn: its output comes to us, and it ends as a whole.

use std::{
    io,
    process::{Command, Stdio},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use process_wrap::std::{ChildWrapper, CommandWrap};

/// Shared by whoever follows it and whoever may have to end it.
pub type Child = Arc<Mutex<Box<dyn ChildWrapper>>>;

/// Starts `command`, with no input, and both its outputs to be read by us.
///
/// # Errors
/// Whatever keeps it from starting: `NotFound` if there is no such program.
pub fn start(mut command: Command) -> io::Result<Child> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut command = CommandWrap::from(command);
    // A group of its own: what it starts (docker runs its plugins as processes) must end with it, and Ctrl-C is to reach us
    // alone.
    #[cfg(unix)]
    command.wrap(process_wrap::std::ProcessGroup::leader());
    #[cfg(windows)]
    command.wrap(process_wrap::std::JobObject);
    Ok(Arc::new(Mutex::new(command.spawn()?)))
}

/// Ends it at once, with its group.
pub fn kill(child: &Child) {
    // The only error is that it has ended already.
    let _ = lock(child).kill();
}

pub fn lock(child: &Child) -> MutexGuard<'_, Box<dyn ChildWrapper>> {
    child.lock().unwrap_or_else(PoisonError::into_inner)
}
