//! The traits of the shelf. Every engine passes the same contract suite
//! (`server/store/tests/contract`).

use crate::{
    auth::{RefreshToken, User},
    log::{Appended, Draft, Entry, LogName},
    rooms::{Member, Room},
};
use async_trait::async_trait;
use studyrooms_protocol::{
    Seq, Timestamp,
    board::Element,
    ids::{RoomId, RoomRef, UserId},
};

/// Why a store could not do its work. What it did not answer for may or may not be stored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Out of reach, out of space, or too slow: the same call may succeed later.
    #[error("store unavailable: {0}")]
    Unavailable(String),
    /// What is stored cannot be read.
    #[error("store corrupt: {0}")]
    Corrupt(String),
}

/// What a store call gives.
pub type Stored<T> = Result<T, StoreError>;

/// People.
#[async_trait]
pub trait Users: Send + Sync {
    /// Adds a person; false, and nothing stored, when the e-mail address is taken.
    async fn add(&self, user: User) -> Stored<bool>;
    /// By id.
    async fn lookup(&self, user_id: &UserId) -> Stored<Option<User>>;
    /// By e-mail address, which is given in lower case.
    async fn lookup_by_email(&self, email: &str) -> Stored<Option<User>>;
}

/// Refresh tokens.
#[async_trait]
pub trait RefreshTokens: Send + Sync {
    /// Keeps a token.
    async fn add(&self, token: RefreshToken) -> Stored<()>;
    /// By the token's hash.
    async fn lookup(&self, hash: &[u8]) -> Stored<Option<RefreshToken>>;
    /// Notes the first use; a later one changes nothing.
    async fn mark_used(&self, hash: &[u8], at: Timestamp) -> Stored<()>;
    /// Ends a family: none of its tokens is found again.
    async fn end_family(&self, family: &str) -> Stored<()>;
    /// Forgets what has expired before `now`.
    async fn sweep(&self, now: Timestamp) -> Stored<u64>;
}

/// Rooms and their members.
#[async_trait]
pub trait Rooms: Send + Sync {
    /// Adds a room together with its owner; false, and nothing stored, when the code is taken.
    async fn add(&self, room: Room, owner: Member) -> Stored<bool>;
    /// By id or code.
    async fn lookup(&self, room: &RoomRef) -> Stored<Option<Room>>;
    /// A person's place in a room.
    async fn member(&self, room_id: &RoomId, user_id: &UserId) -> Stored<Option<Member>>;
    /// Adds a member. Someone who is one already keeps their role and date.
    async fn add_member(&self, member: Member) -> Stored<()>;
    /// Takes a member out; nothing happens when there is none.
    async fn remove_member(&self, room_id: &RoomId, user_id: &UserId) -> Stored<()>;
    /// A person's rooms, the one joined last first.
    async fn of_user(&self, user_id: &UserId) -> Stored<Vec<(Room, Member)>>;
}

/// The logs of all rooms.
#[async_trait]
pub trait Logs: Send + Sync {
    /// Appends all drafts in their order, durably and all together. A draft whose event is in the
    /// log already gives the entry that is there.
    async fn append(&self, room_id: &RoomId, log: LogName, drafts: Vec<Draft>) -> Stored<Vec<Appended>>;
    /// The newest position; 0 for a log without entries.
    async fn last_seq(&self, room_id: &RoomId, log: LogName) -> Stored<Seq>;
    /// Entries above `seq`, oldest first.
    async fn after(&self, room_id: &RoomId, log: LogName, seq: Seq, limit: usize) -> Stored<Vec<Entry>>;
    /// Entries of type `kind` below `before` (or the newest), oldest first of the `limit` nearest.
    async fn page_before(
        &self,
        room_id: &RoomId,
        log: LogName,
        kind: &str,
        before: Option<Seq>,
        limit: usize,
    ) -> Stored<Vec<Entry>>;
    /// Entries of type `kind` above `after`, oldest first.
    async fn page_after(
        &self,
        room_id: &RoomId,
        log: LogName,
        kind: &str,
        after: Seq,
        limit: usize,
    ) -> Stored<Vec<Entry>>;
}

/// A board folded up to a place in its log.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// The place.
    pub seq: Seq,
    /// In rising `z`.
    pub elements: Vec<Element>,
}

/// The newest snapshot of every board.
#[async_trait]
pub trait Snapshots: Send + Sync {
    /// Keeps a snapshot unless a newer one is there.
    async fn put(&self, room_id: &RoomId, snapshot: Snapshot, at: Timestamp) -> Stored<()>;
    /// The newest.
    async fn latest(&self, room_id: &RoomId) -> Stored<Option<Snapshot>>;
}
