//! The traits of the shelf. Every engine passes the same contract suite
//! (`server/store/tests/contract`).

use crate::{
    auth::{RefreshToken, User},
    chat::ReadMarker,
    files::Upload,
    log::{Appended, Draft, Entry, LogName},
    rooms::{Ban, Member, Room},
};
use async_trait::async_trait;
use studyrooms_protocol::{
    Seq, Timestamp,
    board::Element,
    ids::{EventId, RoomId, RoomRef, UserId},
    rooms::Role,
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
    /// Changes title and settings to those of `room`; what else it has stays as it is. False when
    /// there is no such room.
    async fn update(&self, room: Room) -> Stored<bool>;
    /// Takes a room away with all it has: members, bans, read markers, uploads, snapshots and both
    /// logs. What is cut short is not seen again either, and is finished by the same call or at the
    /// next start. False when there was none.
    async fn remove(&self, room_id: &RoomId) -> Stored<bool>;
    /// A person's place in a room.
    async fn member(&self, room_id: &RoomId, user_id: &UserId) -> Stored<Option<Member>>;
    /// Adds a member. Someone who is one already keeps their role and date.
    async fn add_member(&self, member: Member) -> Stored<()>;
    /// Gives a member another role; false when there is no such member.
    async fn set_role(&self, room_id: &RoomId, user_id: &UserId, role: Role) -> Stored<bool>;
    /// A room's members, the first to join first.
    async fn members(&self, room_id: &RoomId) -> Stored<Vec<Member>>;
    /// Takes a member out; nothing happens when there is none.
    async fn remove_member(&self, room_id: &RoomId, user_id: &UserId) -> Stored<()>;
    /// A person's rooms, the one joined last first.
    async fn of_user(&self, user_id: &UserId) -> Stored<Vec<(Room, Member)>>;
}

/// Who may not come back.
#[async_trait]
pub trait Bans: Send + Sync {
    /// Bans someone; a ban that is there already gives way.
    async fn add(&self, ban: Ban) -> Stored<()>;
    /// Someone's ban from a room.
    async fn lookup(&self, room_id: &RoomId, user_id: &UserId) -> Stored<Option<Ban>>;
    /// A room's bans, the newest first.
    async fn of_room(&self, room_id: &RoomId) -> Stored<Vec<Ban>>;
    /// Lifts a ban; false when there is none.
    async fn remove(&self, room_id: &RoomId, user_id: &UserId) -> Stored<bool>;
}

/// How far people have read.
#[async_trait]
pub trait ReadMarkers: Send + Sync {
    /// Moves a marker forward to `seq`, never back, and gives where it stands now.
    async fn advance(&self, room_id: &RoomId, user_id: &UserId, seq: Seq) -> Stored<Seq>;
    /// A person's markers in all rooms, in order of the rooms' ids.
    async fn of_user(&self, user_id: &UserId) -> Stored<Vec<ReadMarker>>;
}

/// Uploads, from the signed address to the file shown in the room (DESIGN 9).
#[async_trait]
pub trait Uploads: Send + Sync {
    /// Keeps an upload.
    async fn add(&self, upload: Upload) -> Stored<()>;
    /// By id.
    async fn lookup(&self, upload_id: &str) -> Stored<Option<Upload>>;
    /// Notes that it was announced; true for the first time only, and false when there is none.
    async fn mark_announced(&self, upload_id: &str, at: Timestamp) -> Stored<bool>;
    /// Uploads of a room, the oldest first: their objects go with the room.
    async fn of_room(&self, room_id: &RoomId) -> Stored<Vec<Upload>>;
    /// Uploads made before `before` and never announced, the oldest first.
    async fn unannounced(&self, before: Timestamp, limit: usize) -> Stored<Vec<Upload>>;
    /// Forgets an upload unless it was announced. True when it is gone by this call: only then may
    /// its object be deleted.
    async fn remove(&self, upload_id: &str) -> Stored<bool>;
}

/// The logs of all rooms.
#[async_trait]
pub trait Logs: Send + Sync {
    /// Appends drafts in their order, without ever leaving a hole; once answered, all are durable. A
    /// draft whose event is in the log already gives the entry that is there.
    ///
    /// # Errors
    /// The first of the drafts may be stored, or all of them, now or a little later: the same call
    /// with the same events is always safe, and finds them.
    async fn append(&self, room_id: &RoomId, log: LogName, drafts: Vec<Draft>) -> Stored<Vec<Appended>>;
    /// The newest position; 0 for a log without entries.
    async fn last_seq(&self, room_id: &RoomId, log: LogName) -> Stored<Seq>;
    /// The entry of a person's event.
    async fn by_event(
        &self,
        room_id: &RoomId,
        log: LogName,
        user_id: &UserId,
        event_id: &EventId,
    ) -> Stored<Option<Entry>>;
    /// Entries above `seq`, oldest first: a whole log is read by going on from the last of a page.
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
