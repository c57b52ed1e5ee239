//! Live rooms: one actor for each room that someone is in. The actor owns what the room looks like
//! now, appends to its logs, and delivers each entry in order to every socket (SPEC 1).

mod act;
mod append;
mod board;
mod broadcaster;
mod chat;
mod command;
mod control;
mod deliver;
mod directory;
mod files;
mod fold;
mod jobs;
mod join;
mod judged;
mod leaving;
mod live;
mod notifications;
mod outlet;
mod participants;
mod presence;
mod registry;
mod reply;
mod request;
mod reserve;
mod room_log;
mod subscription;
mod tasks;
mod timer;
mod unprojected;

pub use board::BoardAt;
pub(crate) use board::PAGE as BOARD_PAGE;
pub use broadcaster::Broadcaster;
pub use command::{Acting, Actor, Command, Entering, Knocking, Signal, SignalBody};
pub(crate) use control::project_rest;
pub use notifications::Coordination;
pub use outlet::{ConnectionId, Full, Outgoing, Outlet};
pub use registry::LiveRooms;
pub use reply::Reply;
pub use request::{Request, TimerRequest};
