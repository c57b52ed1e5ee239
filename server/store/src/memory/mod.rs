//! Engines that keep nothing beyond the process: for one instance, and for what may be forgotten.

mod directory;
mod limits;
mod pubsub;

pub use directory::MemoryDirectory;
pub use limits::MemoryLimits;
pub use pubsub::MemoryPubSub;
