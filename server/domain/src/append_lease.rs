//! Leases to append to a log that several instances append to (SPEC 1.6). They only spare clashes: an instance
//! that appends without a lease, or two that believe to hold it, lose nothing.

use crate::log::LogName;
use async_trait::async_trait;
use studyrooms_protocol::{Seq, ids::RoomId};

/// Where a log ended for the holder of its lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogEnd {
    /// The last position, which is durable.
    pub seq: Seq,
    /// Whether no entry up to there is left to be settled (`Logs::append`).
    pub is_settled: bool,
}

/// A lease that was granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AppendLease {
    /// What the holder before left, unless that is long ago.
    pub end: Option<LogEnd>,
    /// Whether the holder before was another instance.
    pub after_another: bool,
}

/// The append leases of all logs, granted in the order they were asked for.
#[async_trait]
pub trait AppendLeases: Send + Sync {
    /// Waits for the lease of a log; none when it is not granted soon. It lasts until it is released, and
    /// expires after a while. An instance asks for one lease of a log at a time.
    async fn acquire(&self, room_id: &RoomId, log: LogName) -> Option<AppendLease>;
    /// Grants the lease to whoever has waited longest, and tells them where the log ends.
    async fn release(&self, room_id: &RoomId, log: LogName, end: Option<LogEnd>);
}
