//! Moderation: muting, kicking, roles, settings and the waiting room (SPEC 4).

use crate::{
    Seq,
    ids::{RoomId, RoomRef, SocketId, UserId},
    presence::OnlineUser,
    rooms::{Role, Room, RoomSettingsPatch},
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One of the things a socket sends in a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum MediaKind {
    /// The microphone.
    #[default]
    Audio,
    /// The camera.
    Video,
    /// A shared screen.
    Screen,
}

/// Event `control:mute`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct Mute {
    /// A socket of the person to mute, in a room of the caller's.
    pub target_socket_id: SocketId,
    /// What they shall no longer send; `audio` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<MediaKind>,
    /// False takes the mute back: the person may send again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<bool>,
}

/// Event `control:muted`: the target stops sending, and every receiver drops the track.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Muted {
    /// The room.
    pub room_id: RoomId,
    /// Place in the room log.
    pub seq: Seq,
    /// The socket the moderator pointed at. The mute holds for every socket of its person.
    pub target_socket_id: SocketId,
    /// Who is muted.
    pub user_id: UserId,
    /// The moderator.
    pub by: UserId,
    /// What is muted.
    pub kind: MediaKind,
}

/// Event `control:kick`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct Kick {
    /// The room's id or code.
    pub room_id: RoomRef,
    /// Who must go.
    pub user_id: UserId,
    /// Whether they may not come back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ban: Option<bool>,
    /// Shown to them; at most 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// With `ban`: nobody new comes in from the addresses of their sockets for so many seconds, 60 to 604,800.
    /// Whoever is a member may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address_sec: Option<u32>,
}

/// Event `control:removeGuests`: all guests leave, and are taken out of the members. Who has the link may come in
/// again where the room takes guests.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct RemoveGuests {
    /// The room's id or code.
    pub room_id: RoomRef,
    /// Shown to them; at most 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Event `control:kicked`, to the room and to the one it is about.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct Kicked {
    /// The room.
    pub room_id: RoomId,
    /// Place in the room log.
    pub seq: Seq,
    /// Who must go.
    pub user_id: UserId,
    /// The moderator.
    pub by: UserId,
    /// Whether they may not come back.
    pub ban: bool,
    /// As the moderator put it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Event `control:unban`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Unban {
    /// The room's id or code.
    pub room_id: RoomRef,
    /// Who may come back.
    pub user_id: UserId,
}

/// Event `control:role`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SetRole {
    /// The room's id or code.
    pub room_id: RoomRef,
    /// A member.
    pub user_id: UserId,
    /// `member`, `mod`, or `owner`, which hands the room over: the giver becomes a moderator.
    pub role: Role,
}

/// Event `control:settings`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChangeSettings {
    /// The room's id or code.
    pub room_id: RoomRef,
    /// What changes.
    pub settings: RoomSettingsPatch,
}

/// Event `control:admit`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Admit {
    /// The room's id or code.
    pub room_id: RoomRef,
    /// Someone who waits.
    pub user_id: UserId,
    /// Let in, or sent away.
    pub admit: bool,
}

/// Event `control:waiting`, to moderators: who stands at the door, in order of coming.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Waiting {
    /// The room.
    pub room_id: RoomId,
    /// Each person once.
    pub users: Vec<OnlineUser>,
}

/// Event `room:updated`: title, settings or a role changed; also to one who waited and was let in.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct RoomUpdated {
    /// Place in the room log.
    pub seq: Seq,
    /// As it is now.
    pub room: Room,
}

/// Someone who may not come back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct BannedUser {
    /// Who.
    pub user_id: UserId,
    /// As in their profile.
    pub name: String,
    /// The moderator.
    pub by: UserId,
    /// As the moderator put it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Since when.
    #[cfg_attr(feature = "openapi", schema(value_type = u64))]
    pub at: crate::Timestamp,
}

/// `GET /api/rooms/:id/bans`, for moderators: the newest first.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BanList {
    /// One a person.
    pub bans: Vec<BannedUser>,
    /// To be passed as `after` for the next page; none when there is none.
    pub next: Option<String>,
}

/// An entry of the room log as moderators see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct AuditEntry {
    /// Place in the room log.
    #[cfg_attr(feature = "openapi", schema(value_type = u64))]
    pub seq: Seq,
    /// What kind of entry it is, like `kicked` or `settings`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Who did it.
    pub user_id: UserId,
    /// As in their profile now; none for one who is gone.
    pub name: Option<String>,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = u64))]
    pub timestamp: crate::Timestamp,
    /// What was done; its fields depend on the type.
    #[ts(type = "Record<string, unknown>")]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub payload: serde_json::Value,
}

/// `GET /api/rooms/:id/audit?before=&limit=`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditPage {
    /// Oldest to newest of the page.
    pub entries: Vec<AuditEntry>,
    /// What to pass as `before` for the next page.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<u64>))]
    pub next: Option<Seq>,
}
