//! Connections from outside: how many there may be, who must go when there are too many, and how one ends
//! that stands still.

mod connections;
mod descriptors;
mod listener;
mod stream;

pub use connections::Capacity;
pub(crate) use connections::{Connection, Connections, network_of};
pub use descriptors::raise_descriptor_limit;
pub(crate) use listener::serve;
