//! A live room over the embedded store, with faults put between the two.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod amending;
mod delivery;
mod files;
mod instances;
mod moderation;
mod returning;
mod scene;
mod study;
mod waking;
