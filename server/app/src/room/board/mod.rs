//! The board in a live room, and the requests about it.

mod feed;
mod live;
mod picture;
mod requests;
mod snapshots;
mod tail;

pub(super) use live::LiveBoard;
pub(crate) use live::PAGE;
pub use picture::BoardAt;
