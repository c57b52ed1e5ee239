//! Chat in a live room: the newest messages, what moderators keep in view, how far people have
//! read, and the requests about them.

mod pins;
mod requests;
mod window;

pub(super) use pins::Pins;
pub(super) use window::ChatWindow;
