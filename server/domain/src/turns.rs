//! Whose turn it is to append to a log that several instances append to (SPEC 1.6). Only a courtesy that
//! spares clashes: who appends without it, or when two believe to have it, loses nothing.

use crate::log::LogName;
use async_trait::async_trait;
use studyrooms_protocol::{Seq, ids::RoomId};

/// Where a log ended for whoever had the turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogEnd {
    /// The last position, which is durable.
    pub seq: Seq,
    /// Whether no entry up to there is left to be settled (`Logs::append`).
    pub is_settled: bool,
}

/// A turn that came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// What the one before left, unless that is long ago.
    pub end: Option<LogEnd>,
    /// Whether the one before was another instance.
    pub after_another: bool,
}

/// The turns of all logs.
#[async_trait]
pub trait Turns: Send + Sync {
    /// Waits for this instance's turn; none when it does not come soon. It lasts until it is passed on,
    /// and ends by itself after a while. An instance asks for one turn of a log at a time.
    async fn take(&self, room_id: &RoomId, log: LogName) -> Option<Turn>;
    /// Lets whoever has waited longest have the turn, and tells them where the log ends.
    async fn pass(&self, room_id: &RoomId, log: LogName, end: Option<LogEnd>);
}
