//! The board in a live room, and the requests about it.

mod live;
mod requests;

pub(super) use live::LiveBoard;
