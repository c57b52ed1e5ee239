//! What a worker keeps of the room logs it follows. Every engine passes the same contract suite
//! (`server/store/tests/contract`).
//!
//! A worker may be killed between any two calls, and several may follow one room: each call can be
//! made again, and by others, and means what it meant the first time.

use crate::{
    stats::Worked,
    store::Stored,
    summaries::Day,
    webhooks::{Addressed, Delivery, Outcome},
};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use studyrooms_protocol::{
    Seq, Timestamp,
    ids::{RoomId, UserId},
};

/// The channel on which instances tell workers that a room log has grown.
pub const ROOM_LOG_CHANNEL: &str = "worker";

/// That a room log has grown. It may be lost: workers look at all logs now and then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RoomLogGrown {
    /// The room.
    pub room_id: RoomId,
    /// Where its log is at least.
    pub seq: Seq,
}

/// How far a consumer has followed a room log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Followed {
    /// Who follows.
    pub consumer: String,
    /// The room.
    pub room_id: RoomId,
    /// Everything up to here has been taken.
    pub seq: Seq,
}

/// How far the room logs were followed, by consumer.
#[async_trait]
pub trait Following: Send + Sync {
    /// Where the consumers of these rooms are; who is left out has taken nothing yet.
    async fn positions(&self, room_ids: &[RoomId]) -> Stored<Vec<Followed>>;
    /// Moves a consumer from `from` (0 at first) to `to`. False, and nothing moved, when it is elsewhere:
    /// another worker was quicker.
    async fn advance(&self, consumer: &str, room_id: &RoomId, from: Seq, to: Seq) -> Stored<bool>;
    /// Takes away all that workers keep of a room. Removing the room does so too; this is for a worker
    /// that was still at it then.
    async fn forget_room(&self, room_id: &RoomId) -> Stored<()>;
}

/// Webhook deliveries, until a while after they succeeded, or for good.
#[async_trait]
pub trait Deliveries: Send + Sync {
    /// Notes what is to be delivered, from `at` on. What is known already stays as it is.
    async fn enqueue(&self, deliveries: Vec<Addressed>, at: Timestamp) -> Stored<()>;
    /// Takes up to `limit` deliveries of an endpoint that are due, the longest due first, and keeps
    /// others from them until `until`. They bear the word `lease`, which is of this call alone.
    async fn lease(
        &self,
        endpoint: &str,
        lease: &str,
        now: Timestamp,
        until: Timestamp,
        limit: usize,
    ) -> Stored<Vec<Delivery>>;
    /// Says what became of a leased delivery. False, and nothing changed, when the lease is over and
    /// someone else has it.
    async fn settle(&self, id: &str, lease: &str, outcome: Outcome) -> Stored<bool>;
    /// When the next delivery of an endpoint is due; none when none waits.
    async fn next_due(&self, endpoint: &str) -> Stored<Option<Timestamp>>;
    /// Those that were given up, the oldest first.
    async fn dead(&self, limit: usize) -> Stored<Vec<Delivery>>;
    /// Lets these that were given up, or all of them, be tried anew from `now` on. How many.
    async fn revive(&self, ids: Option<&[String]>, now: Timestamp) -> Stored<u64>;
    /// Forgets these that were given up, or all of them. How many.
    async fn drop_dead(&self, ids: Option<&[String]>) -> Stored<u64>;
    /// Forgets what was delivered before `delivered`, and what was noted before `noted`, whatever became
    /// of it. How many.
    async fn forget_past(&self, delivered: Timestamp, noted: Timestamp) -> Stored<u64>;
}

/// Days of rooms, counted.
#[async_trait]
pub trait Summaries: Send + Sync {
    /// A day of a room, as far as it is counted.
    async fn day(&self, room_id: &RoomId, date: &str) -> Stored<Option<Day>>;
    /// Puts `day` in place of the one that was counted up to `before` (0: of none). False, and nothing
    /// changed, when it is another by now.
    async fn replace(&self, room_id: &RoomId, day: Day, before: Seq) -> Stored<bool>;
    /// Days before `before` (or the newest), oldest first of the `limit` nearest.
    async fn days_before(&self, room_id: &RoomId, before: Option<&str>, limit: usize) -> Stored<Vec<Day>>;
}

/// Who worked when, over all rooms.
#[async_trait]
pub trait FocusLedger: Send + Sync {
    /// Notes work. What is known of the same person, room and place stays as it is.
    async fn note(&self, work: Vec<Worked>) -> Stored<()>;
    /// The newest `limit` parts of a person's work, the oldest of them first.
    async fn work_of(&self, user_id: &UserId, limit: usize) -> Stored<Vec<Worked>>;
}
