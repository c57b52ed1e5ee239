//! Engines that keep nothing beyond the process: for one instance, and for what may be forgotten.

mod limits;

pub use limits::MemoryLimits;
