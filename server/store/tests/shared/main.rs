//! What instances share promises the same on every engine; and what each promises beside.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod directory;
mod engine;
mod forgetting;
mod limits;
mod outage;
mod relay;
mod server;
mod turns;
