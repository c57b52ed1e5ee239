//! Rooms, their settings and roles, joining and leaving (docs/PROTOCOL.md).

use crate::{
    Seq, Timestamp,
    board::BoardUpdate,
    call::IceServer,
    chat::{Message, Receipt},
    ids::{RoomId, RoomRef, SocketId, UserId},
    presence::{OnlineUser, Participant},
    tasks::Task,
    timer::TimerState,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a person is in a room, lowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Without an account.
    Guest,
    /// Joined once, and may come back.
    Member,
    /// Keeps order.
    Mod,
    /// Made the room.
    Owner,
}

/// Who may come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Access {
    /// Who has the link or the code and is signed in; becomes a member by joining.
    Link,
    /// Members only.
    Members,
    /// Others wait until a moderator admits them.
    Waiting,
}

/// Who may do something that a room can leave to all or keep for its moderators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Whom {
    /// Everyone in the room.
    Everyone,
    /// The owner and the moderators.
    Mods,
}

/// How a room behaves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RoomSettings {
    /// Who may come in.
    pub access: Access,
    /// Whether people without an account may.
    pub guests: bool,
    /// Participants at one time, 1 to 1000.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 1000))]
    pub capacity: u32,
    /// While true no one comes in but moderators.
    pub locked: bool,
    /// Who may draw on the board.
    pub who_draws: Whom,
    /// Who may run the timer.
    pub who_runs_timer: Whom,
    /// Whether people muted by a moderator may unmute themselves.
    pub self_unmute: bool,
    /// Whether the timer's phases mute and open the room.
    pub timer_drives_room: bool,
    /// Seconds a person waits between two messages; 0 for none, 3600 at most.
    #[cfg_attr(feature = "openapi", schema(maximum = 3600))]
    pub slow_mode_sec: u32,
}

/// Settings to change; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
#[ts(optional_fields)]
pub struct RoomSettingsPatch {
    /// See [`RoomSettings::access`].
    pub access: Option<Access>,
    /// See [`RoomSettings::guests`].
    pub guests: Option<bool>,
    /// See [`RoomSettings::capacity`].
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 1000))]
    pub capacity: Option<u32>,
    /// See [`RoomSettings::locked`].
    pub locked: Option<bool>,
    /// See [`RoomSettings::who_draws`].
    pub who_draws: Option<Whom>,
    /// See [`RoomSettings::who_runs_timer`].
    pub who_runs_timer: Option<Whom>,
    /// See [`RoomSettings::self_unmute`].
    pub self_unmute: Option<bool>,
    /// See [`RoomSettings::timer_drives_room`].
    pub timer_drives_room: Option<bool>,
    /// See [`RoomSettings::slow_mode_sec`].
    #[cfg_attr(feature = "openapi", schema(maximum = 3600))]
    pub slow_mode_sec: Option<u32>,
}

/// Whether a room is for a group or for two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum RoomKind {
    /// Any number of people.
    Group,
    /// Two people, for ever the same.
    Direct,
}

/// A room as its members see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Room {
    /// For ever.
    pub room_id: RoomId,
    /// Short, for people to pass on.
    pub code: String,
    /// 1 to 120 characters.
    pub title: String,
    /// Group or direct.
    pub kind: RoomKind,
    /// Who it belongs to.
    pub owner_id: UserId,
    /// How it behaves.
    pub settings: RoomSettings,
    /// When it was made.
    #[cfg_attr(feature = "openapi", schema(value_type = u64))]
    pub created_at: Timestamp,
}

/// `POST /api/rooms`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreateRoom {
    /// 1 to 120 characters.
    #[cfg_attr(
        feature = "openapi",
        schema(
            min_length = 1,
            max_length = 120,
            pattern = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"
        )
    )]
    pub title: String,
    /// What differs from the defaults.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub settings: Option<RoomSettingsPatch>,
}

/// The answer to [`CreateRoom`].
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RoomCreated {
    /// For ever.
    pub room_id: RoomId,
    /// Short, for people to pass on.
    pub code: String,
    /// The address that opens the room in a browser.
    pub join_link: String,
}

/// A room in the caller's list.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RoomListing {
    /// The room.
    pub room: Room,
    /// The caller's role there.
    pub role: Role,
    /// When the caller first joined.
    #[cfg_attr(feature = "openapi", schema(value_type = u64))]
    pub joined_at: Timestamp,
    /// Messages of others after the caller's read marker, counted up to 100.
    pub unread: u32,
    /// The other one, in a room of kind `direct`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub peer: Option<OnlineUser>,
}

/// `GET /api/rooms`: the caller's rooms, the one joined last first.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoomList {
    /// One a room.
    pub rooms: Vec<RoomListing>,
    /// To be passed as `after` for the next page; none when there is none.
    pub next: Option<String>,
}

/// `GET /api/rooms/:id`: what one may know before joining. `room` and `role` are there for
/// members only, so that outsiders learn no private facts.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RoomPreview {
    /// For ever.
    pub room_id: RoomId,
    /// Short, for people to pass on.
    pub code: String,
    /// The room's title.
    pub title: String,
    /// Who may come in.
    pub access: Access,
    /// Whether people without an account may.
    pub guests: bool,
    /// All of it, for members.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub room: Option<Room>,
    /// The caller's role, for members.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub role: Option<Role>,
}

/// `PATCH /api/rooms/:id`; what is absent stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct PatchRoom {
    /// 1 to 120 characters.
    #[cfg_attr(
        feature = "openapi",
        schema(
            min_length = 1,
            max_length = 120,
            pattern = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"
        )
    )]
    pub title: Option<String>,
    /// What changes.
    pub settings: Option<RoomSettingsPatch>,
    /// True gives the room another code: links with the old one lead nowhere.
    pub renew_code: Option<bool>,
}

/// The answer to [`PatchRoom`].
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoomPatched {
    /// As it is now.
    pub room: Room,
}

/// `POST /api/dms`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct StartDirect {
    /// The other one.
    pub user_id: UserId,
}

/// The answer to [`StartDirect`]: the one room of these two.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct DirectRoom {
    /// For ever.
    pub room_id: RoomId,
    /// All of it.
    pub room: Room,
    /// The other one.
    pub peer: OnlineUser,
}

/// `GET /api/rooms/:id/members`: the first to join first.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MemberList {
    /// One a person.
    pub members: Vec<RoomMember>,
    /// To be passed as `after` for the next page; none when there is none.
    pub next: Option<String>,
}

/// A member as other members see them.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct RoomMember {
    /// Who.
    pub user_id: UserId,
    /// As in their profile.
    pub name: String,
    /// Where their picture is; absent when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar_url: Option<String>,
    /// What they are here.
    pub role: Role,
    /// When they first joined.
    #[cfg_attr(feature = "openapi", schema(value_type = u64))]
    pub joined_at: Timestamp,
}

/// `POST /api/rooms/:id/join`: the caller is a member now.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoomJoined {
    /// The room.
    pub room: Room,
    /// The caller's role there.
    pub role: Role,
}

/// Event `joinRoom`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct JoinRoom {
    /// The room's id or code.
    pub room_id: RoomRef,
    /// The name to be shown in this room instead of the profile's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Ignored: a role is given by the room, never claimed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// The highest `seq` of the room log this client has: only what came later is sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chat_seq: Option<Seq>,
    /// The highest `seq` of the board log this client has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub board_seq: Option<Seq>,
}

/// Event `leaveRoom`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LeaveRoom {
    /// The room's id or code.
    pub room_id: RoomRef,
}

/// Event `joined`, and the ack of `joinRoom`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Joined {
    /// The room at `chatSeq` and `boardSeq`; exactly what follows comes as events.
    pub room_state: RoomState,
}

/// Who the receiver is in the room.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct You {
    /// The receiver's own public socket id.
    pub socket_id: SocketId,
    /// The receiver.
    pub user_id: UserId,
    /// As others see it.
    pub name: String,
    /// As the room gave it.
    pub role: Role,
}

/// All one needs to show a room; the board follows as `whiteboard:snapshot`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RoomState {
    /// The room.
    pub room: Room,
    /// The receiver.
    pub you: You,
    /// Everyone in the room, the receiver too, in order of coming.
    pub participants: Vec<Participant>,
    /// The newest page, oldest first; with `chatSeq` given and near enough, only what is later.
    pub messages: Vec<Message>,
    /// True when `messages` replaces what the client has; false when it follows on.
    pub reset: bool,
    /// Messages the client has already, which changed after its `chatSeq`; empty with `reset`.
    pub amended: Vec<Message>,
    /// What moderators keep in view, the oldest first.
    pub pinned: Vec<Message>,
    /// How far people have read.
    pub receipts: Vec<Receipt>,
    /// Position of the room log that this state is at.
    pub chat_seq: Seq,
    /// Position of the board log that the board parts and updates start from.
    pub board_seq: Seq,
    /// The study timer.
    pub timer: TimerState,
    /// The room's tasks, in order.
    pub tasks: Vec<Task>,
    /// STUN and TURN servers with the receiver's own short-lived credentials.
    pub ice_servers: Vec<IceServer>,
    /// The server's clock.
    pub server_time: Timestamp,
}

/// Event `room:sync`: what came after the positions that a client has.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct SyncRoom {
    /// The room's id or code.
    pub room_id: RoomRef,
    /// The highest `seq` of the room log this client has.
    pub chat_seq: Seq,
    /// The highest `seq` of the board log this client has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub board_seq: Option<Seq>,
}

/// The ack of `room:sync`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Synced {
    /// True when the client is too far behind: `messages` is the newest page then, and replaces
    /// what the client has.
    pub reset: bool,
    /// Position of the room log that this is at.
    pub chat_seq: Seq,
    /// What came after, oldest first.
    pub messages: Vec<Message>,
    /// Messages the client has already, which changed after its `chatSeq`; empty with `reset`.
    pub amended: Vec<Message>,
    /// As it is now.
    pub room: Room,
    /// As it is now.
    pub timer: TimerState,
    /// As they are now, in order.
    pub tasks: Vec<Task>,
    /// What moderators keep in view, the oldest first.
    pub pinned: Vec<Message>,
    /// Position of the board log that this is at.
    pub board_seq: Seq,
    /// True when all of the board follows, as `whiteboard:snapshot`: the client asked for it and
    /// is too far behind.
    pub board_reset: bool,
    /// What was drawn after `boardSeq`, oldest first; empty when the client did not ask for it.
    pub updates: Vec<BoardUpdate>,
    /// The server's clock.
    pub server_time: Timestamp,
}
