//! WORDS: every event, REST payload, id and error code of StudyRooms, with no rules and no I/O.
//!
//! One file per noun. [`events`] holds the table of socket events (docs/PROTOCOL.md); TypeScript is
//! generated from these types by `tests/typescript.rs` into `client/src/protocol`.

pub mod auth;
pub mod board;
pub mod call;
pub mod chat;
pub mod control;
pub mod error;
pub mod events;
pub mod files;
pub mod ids;
pub mod points;
pub mod presence;
pub mod rooms;
pub mod stats;
pub mod summaries;
pub mod tasks;
pub mod timer;

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type Timestamp = u64;

/// Position of an entry in a log: 1 for the first; 0 means "before the first" (SPEC 1.2).
pub type Seq = u64;
