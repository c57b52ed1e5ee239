//! A live room over the embedded store, with faults put between the two.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod amending;
mod board;
mod counted;
mod delivery;
mod files;
mod in_flight;
mod instances;
mod membership;
mod moderation;
mod opening;
mod races;
mod returning;
mod scene;
mod study;
mod waking;
