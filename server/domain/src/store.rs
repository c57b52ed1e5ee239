//! The traits of the shelf. Every engine passes the same contract suite
//! (`server/store/tests/contract`).

use crate::{
    auth::{Identity, RefreshToken, User},
    avatars::Avatar,
    chat::ReadMarker,
    files::{Upload, Used},
    log::{Appended, Draft, Entry, LogName},
    rooms::{AddressHash, Ban, Member, Room},
    token_family::TokenFamily,
};
use async_trait::async_trait;
use std::sync::Arc;
use studyrooms_protocol::{
    Seq, Timestamp,
    board::{BoardVersion, Element},
    ids::{EventId, MessageId, RoomId, RoomRef, UserId, VersionId},
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

/// Whether a store takes writes.
#[async_trait]
pub trait WriteProbe: Send + Sync {
    /// Writes something durably, always in the same place.
    ///
    /// # Errors
    /// `Unavailable`, also when another write failed a moment ago.
    async fn probe_write(&self) -> Stored<()>;
}

/// People.
#[async_trait]
pub trait Users: Send + Sync {
    /// Adds a person; false, and nothing stored, when the e-mail address is taken.
    async fn add(&self, user: User) -> Stored<bool>;
    /// By id.
    async fn lookup(&self, user_id: &UserId) -> Stored<Option<User>>;
    /// By e-mail address, which is given in lower case.
    async fn lookup_by_email(&self, email: &str) -> Stored<Option<User>>;
    /// Several, in any order; those there are none of are left out.
    async fn lookup_all(&self, user_ids: &[UserId]) -> Stored<Vec<User>>;
    /// Changes name and time zone to those of `user`; what else they have stays. False when there
    /// is no such person.
    async fn update(&self, user: User) -> Stored<bool>;
    /// Gives a person another password, or none. Apart from `update`, so that who changes their name
    /// at that moment does not bring an old one back. False when there is no such person.
    async fn set_password(&self, user_id: &UserId, password_hash: Option<String>) -> Stored<bool>;
    /// Gives a person another picture, or none; apart from `update`, as a password is. False when there is no
    /// such person.
    async fn set_avatar(&self, user_id: &UserId, avatar: Option<Avatar>) -> Stored<bool>;
    /// Who signs in at a provider as `identity`.
    async fn lookup_by_identity(&self, identity: &Identity) -> Stored<Option<User>>;
    /// Lets a person sign in as `identity`; false, and nothing stored, when it is someone's already.
    async fn add_identity(&self, user_id: &UserId, identity: Identity) -> Stored<bool>;
}

/// Refresh tokens, by their families.
#[async_trait]
pub trait RefreshTokens: Send + Sync {
    /// Adds a family; false, and nothing stored, when there is one of its id. A person has `most` of them:
    /// those that were used least lately end.
    async fn add(&self, family: TokenFamily, most: usize) -> Stored<bool>;
    /// By the family's id.
    async fn lookup(&self, id: &str) -> Stored<Option<TokenFamily>>;
    /// Replaces a family where the one that is stored has the version before; false, and nothing changed, where
    /// it has another, or has ended.
    async fn replace_family(&self, family: TokenFamily) -> Stored<bool>;
    /// The tokens of one family that were kept one by one, by the hash of any of them; none when it is unknown.
    async fn kept_singly(&self, hash: &[u8]) -> Stored<Vec<RefreshToken>>;
    /// Ends a family: neither it nor tokens of it that were kept one by one are found again.
    async fn end_family(&self, id: &str) -> Stored<()>;
    /// Ends all families of a person.
    async fn end_all(&self, user_id: &UserId) -> Stored<()>;
    /// Forgets what has expired before `now`, and counts it.
    async fn sweep(&self, now: Timestamp) -> Stored<u64>;
}

/// Rooms and their members.
#[async_trait]
pub trait Rooms: Send + Sync {
    /// Adds a room together with its owner; false, and nothing stored, when the code is taken.
    async fn add(&self, room: Room, owner: Member) -> Stored<bool>;
    /// The one room of kind `direct` of these two people, in either order: the one there is, or
    /// `room`, which is added with both as its members. Calls at the same moment give the same room.
    async fn direct(&self, room: Room, pair: [Member; 2]) -> Stored<Room>;
    /// By id or code.
    async fn lookup(&self, room: &RoomRef) -> Stored<Option<Room>>;
    /// Does what an entry of the room log says to what is kept of the room beside it: the types of
    /// [`EntryBody::PROJECTED`]; nothing for others. The log is the truth, and this follows it: entries
    /// come in their order, and one that comes again, or late from another instance, takes back nothing of
    /// a later one. At every moment a group has exactly one owner, and who is banned is no member.
    ///
    /// [`EntryBody::PROJECTED`]: crate::log::EntryBody::PROJECTED
    async fn project(&self, entry: &Entry) -> Stored<()>;
    /// Up to where in the room log all was projected; none when nobody has noted it yet.
    async fn projected(&self, room_id: &RoomId) -> Stored<Option<Seq>>;
    /// Notes that all up to `seq` was projected; never goes back.
    async fn note_projected(&self, room_id: &RoomId, seq: Seq) -> Stored<()>;
    /// Takes a room away with all it has: members, bans, read markers, snapshots, both logs, and what
    /// workers keep of it; its uploads are doomed. What is cut short is not seen again either, and is
    /// finished by the same call or at the next start. False when there was none.
    async fn remove(&self, room_id: &RoomId) -> Stored<bool>;
    /// A person's place in a room; none for who is banned.
    async fn member(&self, room_id: &RoomId, user_id: &UserId) -> Stored<Option<Member>>;
    /// Adds a member, unless they are banned; false then. Someone who is one already keeps their role and
    /// date. Whatever bans them at the same moment, they are no member afterwards.
    async fn add_member(&self, member: Member) -> Stored<bool>;
    /// Takes out a member who joined at `until` or before; the owner stays.
    async fn end_membership(&self, room_id: &RoomId, user_id: &UserId, until: Timestamp) -> Stored<()>;
    /// A room's members, the first to join first: the `limit` that come after the place `after`, or the first.
    async fn members(&self, room_id: &RoomId, after: Option<&PersonPlace>, limit: usize) -> Stored<Vec<Member>>;
    /// Those members of a room who are moderators or its owner, in any order.
    async fn moderators(&self, room_id: &RoomId) -> Stored<Vec<Member>>;
    /// The ids of all rooms above `after`, in their order: all are read by going on from the last of a page.
    async fn page(&self, after: Option<&RoomId>, limit: usize) -> Stored<Vec<RoomId>>;
    /// A person's rooms, the one joined last first: the `limit` that come after the place `after`, or
    /// the first.
    async fn of_user(&self, user_id: &UserId, after: Option<&MemberPlace>, limit: usize) -> Stored<MemberRooms>;
    /// The members of these rooms other than `except`, in any order. For rooms of two: it reads all of them.
    async fn others(&self, room_ids: &[RoomId], except: &UserId) -> Stored<Vec<Member>>;
}

/// Messages of a room that are looked at to count those of others: who talks alone costs no more.
pub const COUNTED: usize = 1000;

/// A place in a room's list of people: when they joined or were banned, and who.
pub type PersonPlace = (Timestamp, UserId);

/// A place in the list of a person's rooms: when the room there was joined, and which it is.
pub type MemberPlace = (Timestamp, RoomId);

/// Some of a person's rooms.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MemberRooms {
    /// With the person's place in each.
    pub rooms: Vec<(Room, Member)>,
    /// Where the next ones begin; none when these are the last.
    pub next: Option<MemberPlace>,
}

/// Who may not come back.
#[async_trait]
pub trait Bans: Send + Sync {
    /// Keeps a ban as it was made elsewhere; one that is there already gives way. In a live room bans
    /// follow from the log ([`Rooms::project`]).
    async fn add(&self, ban: Ban) -> Stored<()>;
    /// Someone's ban from a room.
    async fn lookup(&self, room_id: &RoomId, user_id: &UserId) -> Stored<Option<Ban>>;
    /// A room's bans, the newest first: the `limit` that come after the place `after`, or the first.
    async fn of_room(&self, room_id: &RoomId, after: Option<&PersonPlace>, limit: usize) -> Stored<Vec<Ban>>;
    /// Lets nobody new come in from these addresses until `until`; a later end gives way to none.
    async fn add_addresses(&self, room_id: &RoomId, addresses: &[AddressHash], until: Timestamp) -> Stored<()>;
    /// Until when nobody new comes in from an address, when that is after `now`.
    async fn address_until(&self, room_id: &RoomId, address: &AddressHash, now: Timestamp)
    -> Stored<Option<Timestamp>>;
    /// Forgets the addresses whose time was over before `now`.
    async fn sweep_addresses(&self, now: Timestamp) -> Stored<u64>;
}

/// What happened in a log that the one who appends had not read when it judged its drafts.
pub trait Recheck: Send {
    /// These came in between, in order and without a hole; they may hold entries of one's own.
    fn missed(&mut self, entries: &[Entry]);
    /// Whether a draft may be written after all that was missed; it may be changed for that. Drafts are
    /// asked about in their order.
    fn stands(&mut self, draft: &mut Draft) -> bool;
}

/// How far people have read.
#[async_trait]
pub trait ReadMarkers: Send + Sync {
    /// Moves a marker forward to `seq`, never back, and gives where it stands now.
    async fn advance(&self, room_id: &RoomId, user_id: &UserId, seq: Seq) -> Stored<Seq>;
    /// A person's markers in these rooms, in order of the rooms' ids.
    async fn of_user(&self, user_id: &UserId, room_ids: &[RoomId]) -> Stored<Vec<ReadMarker>>;
    /// The markers of these people in a room, in order of their ids.
    async fn of_people(&self, room_id: &RoomId, user_ids: &[UserId]) -> Stored<Vec<ReadMarker>>;
    /// The `limit` markers of a room that stand furthest, the furthest first.
    async fn furthest(&self, room_id: &RoomId, limit: usize) -> Stored<Vec<ReadMarker>>;
}

/// Uploads, from the signed address to the file shown in the room (SPEC 7).
///
/// An upload that is *doomed* is not found any more, but its row stays until its object is gone: so
/// no object is left behind, whatever is cut short.
#[async_trait]
pub trait Uploads: Send + Sync {
    /// Keeps an upload; a doomed one of the same id gives way.
    async fn add(&self, upload: Upload) -> Stored<()>;
    /// By id.
    async fn lookup(&self, upload_id: &str) -> Stored<Option<Upload>>;
    /// By the key of its object.
    async fn by_key(&self, key: &str) -> Stored<Option<Upload>>;
    /// Notes that it was announced; true for the first time only, and false when there is none.
    async fn mark_announced(&self, upload_id: &str, at: Timestamp) -> Stored<bool>;
    /// Uploads of a room, the oldest first.
    async fn of_room(&self, room_id: &RoomId) -> Stored<Vec<Upload>>;
    /// How much a room and a person keep; what is doomed does not count.
    async fn used(&self, room_id: &RoomId, user_id: &UserId) -> Stored<Used>;
    /// Dooms an upload, announced or not. False when there is none.
    async fn doom(&self, upload_id: &str) -> Stored<bool>;
    /// Dooms all uploads that were made before `before` and never announced.
    async fn doom_unannounced(&self, before: Timestamp) -> Stored<u64>;
    /// Doomed uploads, the oldest first.
    async fn doomed(&self, limit: usize) -> Stored<Vec<Upload>>;
    /// Forgets a doomed upload, whose object is gone. Nothing happens when there is none.
    async fn forget(&self, upload_id: &str) -> Stored<()>;
}

/// The logs of all rooms.
#[async_trait]
pub trait Logs: Send + Sync {
    /// Appends drafts in their order, without ever leaving a hole; once answered, all are durable. A
    /// draft whose event is in the log already gives the entry that is there.
    ///
    /// Together with an entry `edited` or `deleted`, before the answer, what search finds of its
    /// message is set to the new text or to nothing; with `deleted` also the texts and attachments
    /// of the message's own entry and of all its `edited` entries are blanked (SPEC 1.9). What is
    /// cut short there is finished by the next call that appends to this log, or at the next start.
    ///
    /// # Errors
    /// The first of the drafts may be stored, or all of them, now or a little later: the same call
    /// with the same events is always safe, and finds them.
    async fn append(&self, room_id: &RoomId, log: LogName, drafts: Vec<Draft>) -> Stored<Vec<Appended>>;
    /// As [`Self::append`], for drafts that were judged by what the log says up to `known`. Where it goes on
    /// beyond, `recheck` is shown what was missed and decides on each draft that is not stored yet, before it
    /// is: so nothing is ever written behind an entry that forbids it. None for a draft that did not stand.
    async fn append_judged(
        &self,
        room_id: &RoomId,
        log: LogName,
        known: Seq,
        drafts: Vec<Draft>,
        recheck: &mut dyn Recheck,
    ) -> Stored<Vec<Option<Appended>>>;
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
    /// Entries of any of the types `kinds` below `before` (or the newest), oldest first of the
    /// `limit` nearest.
    async fn page_before(
        &self,
        room_id: &RoomId,
        log: LogName,
        kinds: &[&str],
        before: Option<Seq>,
        limit: usize,
    ) -> Stored<Vec<Entry>>;
    /// Entries of any of the types `kinds` above `after`, oldest first.
    async fn page_after(
        &self,
        room_id: &RoomId,
        log: LogName,
        kinds: &[&str],
        after: Seq,
        limit: usize,
    ) -> Stored<Vec<Entry>>;
    /// The entries of the room log that began these messages, oldest first.
    async fn messages(&self, room_id: &RoomId, message_ids: &[MessageId]) -> Stored<Vec<Entry>>;
    /// The entries of the room log that amend these messages ([`EntryBody::about`]), oldest first, as far
    /// as they still count: of several that replace each other it is the last, of what is taken back and
    /// of a message that is deleted it may be none. So it is as many as a message shows, however often it
    /// was changed.
    ///
    /// [`EntryBody::about`]: crate::log::EntryBody::about
    async fn amendments(&self, room_id: &RoomId, message_ids: &[MessageId]) -> Stored<Vec<Entry>>;
    /// How many messages of others than `except` each of these rooms has above the position beside it,
    /// counted up to `limit`, of the newest [`COUNTED`] there.
    async fn count_unread(&self, rooms: &[(RoomId, Seq)], except: &UserId, limit: usize) -> Stored<Vec<usize>>;
    /// Entries of messages, below `before` (or the newest), whose present text has for each of
    /// `words` a token that begins with it (`domain::chat::tokens`); oldest first of the `limit`
    /// nearest. What is deleted is not found. Without words nothing is.
    async fn search(&self, room_id: &RoomId, words: &[String], before: Option<Seq>, limit: usize)
    -> Stored<Vec<Entry>>;
    /// Versions of the board that the room log saved before the one named, or all; the newest first, and without
    /// their pictures.
    async fn versions(&self, room_id: &RoomId, before: Option<&VersionId>, limit: usize) -> Stored<Vec<BoardVersion>>;
    /// One version, without its picture.
    async fn version(&self, room_id: &RoomId, version_id: &VersionId) -> Stored<Option<BoardVersion>>;
    /// The picture of a version, as a data URL.
    async fn version_picture(&self, room_id: &RoomId, version_id: &VersionId) -> Stored<Option<String>>;
    /// Takes what was drawn out of the entries of a board log up to `upto`, which a stored snapshot has. They stay in
    /// their places as [`EntryBody::Compacted`], so positions have no hole and an event that is sent again is found;
    /// only those more than [`REMEMBERED`] positions before `upto` and older than `before` are removed, and never the
    /// newest entry. What is cut short is finished by the same call.
    ///
    /// [`EntryBody::Compacted`]: crate::log::EntryBody::Compacted
    async fn compact_board(&self, room_id: &RoomId, upto: Seq, before: Timestamp) -> Stored<()>;
    /// The position up to which a board log is compacted; 0 while it is whole.
    async fn compacted(&self, room_id: &RoomId) -> Stored<Seq>;
    /// Stores an entry in its own place, as the first of a log that has none; false, and nothing stored, when it has
    /// some.
    async fn begin(&self, room_id: &RoomId, log: LogName, entry: Entry) -> Stored<bool>;
}

/// Compacted entries of a board log whose places, people and events are still known.
pub const REMEMBERED: Seq = 50_000;

/// A board folded up to a place in its log.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// The place.
    pub seq: Seq,
    /// In rising `z`, shared with the board they are of.
    pub elements: Vec<Arc<Element>>,
    /// Bytes of the entries up to there that are not compacted, about; none when nobody counted them.
    pub log_bytes: Option<u64>,
}

/// The newest snapshot of every board, and those of saved versions.
#[async_trait]
pub trait Snapshots: Send + Sync {
    /// Keeps a snapshot unless a newer one is there.
    async fn put(&self, room_id: &RoomId, snapshot: Snapshot, at: Timestamp) -> Stored<()>;
    /// The newest.
    async fn latest(&self, room_id: &RoomId) -> Stored<Option<Snapshot>>;
    /// Keeps a snapshot as long as the room, apart from the newest; nothing happens where its place has one.
    async fn keep(&self, room_id: &RoomId, snapshot: Snapshot, at: Timestamp) -> Stored<()>;
    /// The one kept of this place.
    async fn kept(&self, room_id: &RoomId, seq: Seq) -> Stored<Option<Snapshot>>;
    /// The places of all that are kept, rising, with their bytes in the store.
    async fn kept_sizes(&self, room_id: &RoomId) -> Stored<Vec<(Seq, u64)>>;
}
