//! Those who watch a service, Prometheus and Alertmanager, and their tools: from the PATH, or from their images.
//!
//! - [`source`]: where a program comes from; [`container`]: how it is run from its image
//! - [`folder`]: the files that it is given; [`daemon`]: it, while it runs

pub mod container;
pub mod daemon;
pub mod folder;
pub mod source;

pub use daemon::Daemon;
pub use folder::{File, folder_of};
pub use source::Source;
