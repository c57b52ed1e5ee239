//! What every engine promises, one module a noun; each case runs on every engine.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod bans;
mod boards;
mod chat;
mod connecting;
mod crowd;
mod deliveries;
mod direct;
mod engine;
mod focus;
mod following;
mod logs;
mod lost_answers;
mod messages;
mod opening;
mod projection;
mod proxy;
mod read_markers;
mod refresh_tokens;
mod room_folds;
mod rooms;
mod search;
mod settling;
mod snapshots;
mod summaries;
mod uploads;
mod users;
