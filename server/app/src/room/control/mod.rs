//! Moderation in a live room: the requests of moderators, and what their entries do.

mod effects;
mod projecting;
mod requests;
mod waiting;

pub(super) use projecting::Projecting;
pub(crate) use projecting::project_rest;
pub(super) use waiting::WaitingRoom;
