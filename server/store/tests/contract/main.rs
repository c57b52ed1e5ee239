//! What every engine promises, one module a noun; each case runs on every engine.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod engine;
mod logs;
mod refresh_tokens;
mod rooms;
mod snapshots;
mod users;
