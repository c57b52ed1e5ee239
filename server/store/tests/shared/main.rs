//! What instances share promises the same on every engine; and what each promises beside.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod append_leases;
mod cluster;
mod directory;
mod engine;
mod failover;
mod forgetting;
mod forms;
mod limits;
mod node;
mod outage;
mod pubsub;
mod sentinels;
mod server;
mod tls;
