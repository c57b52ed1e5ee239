//! The board in a live room, and the requests about it.

mod live;
mod requests;
mod snapshots;

pub(super) use live::LiveBoard;
