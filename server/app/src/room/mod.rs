//! Live rooms: one task for each room that someone is in. The task owns what the room looks like
//! now, appends to its logs, and delivers each entry in order to every socket (DESIGN 5).

mod append;
mod board;
mod chat;
mod command;
mod deliver;
mod join;
mod outlet;
mod participants;
mod presence;
mod registry;
mod reply;
mod task;

pub use command::{Command, Entering, Signal, SignalBody, Speaker};
pub use outlet::{ConnectionId, Full, Outgoing, Outlet};
pub use registry::HotRooms;
pub use reply::Reply;
