//! Moderation in a live room: the requests of moderators, and what their entries do.

mod effects;
mod requests;
mod waiting;

pub(super) use waiting::WaitingRoom;
