//! What rate limits promise, on every engine; and what each promises beside.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod contract;
mod engine;
mod forgetting;
mod outage;
