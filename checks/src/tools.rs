//! External programs: Docker and Compose, and the monitoring servers Prometheus and Alertmanager. These modules know nothing of
//! the course.
//!
//! - [`docker`]: whether Docker can be used here; [`compose`]: the learner's stack, as a project of its own
//! - [`prometheus`], [`alertmanager`]: real servers, and the meaning of their files and formats
//! - [`source`]: where a program comes from; [`container`]: runs it from its image; [`server`]: a server while it runs
//! - [`system`]: which system this is, and how a program is installed on it

pub mod alertmanager;
pub mod compose;
pub mod container;
pub mod docker;
pub mod prometheus;
pub mod server;
pub mod source;
pub mod system;
