//! Who is in a room, and what they are doing there (SPEC 3).

use crate::{
    Timestamp,
    call::Media,
    control::MediaKind,
    ids::{RoomId, RoomRef, SocketId, UserId},
    rooms::Role,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One socket in a room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct Participant {
    /// Public; signalling is addressed to it.
    pub socket_id: SocketId,
    /// Whose socket it is.
    pub user_id: UserId,
    /// As shown in this room.
    pub name: String,
    /// Where their picture is; absent when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar_url: Option<String>,
    /// As the room gave it.
    pub role: Role,
    /// When this socket joined.
    pub joined_at: Timestamp,
    /// What it sends.
    pub media: Media,
    /// Whether the hand is up.
    pub hand_raised: bool,
    /// What a moderator has muted of this person.
    pub muted: Vec<MediaKind>,
    /// Whether the name looks like that of a moderator of this room, who is someone else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resembles_moderator: Option<bool>,
}

/// Event `user:joined`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UserJoined {
    /// The room.
    pub room_id: RoomId,
    /// The socket that came.
    pub socket_id: SocketId,
    /// Who came.
    pub user: Participant,
}

/// Event `user:updated`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UserUpdated {
    /// The room.
    pub room_id: RoomId,
    /// The socket it is about.
    pub socket_id: SocketId,
    /// As it is now.
    pub user: Participant,
}

/// Why a socket left a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum LeaveReason {
    /// It said so.
    Left,
    /// Its connection ended, and it did not come back in time.
    Lost,
    /// A moderator removed it.
    Kicked,
}

/// Event `user:left`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UserLeft {
    /// The room.
    pub room_id: RoomId,
    /// The socket that left.
    pub socket_id: SocketId,
    /// Whose it was.
    pub user_id: UserId,
    /// Why.
    pub reason: LeaveReason,
}

/// A person online, however many sockets they have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct OnlineUser {
    /// Who.
    pub user_id: UserId,
    /// As shown in this room.
    pub name: String,
    /// Where their picture is; absent when there is none, and of who waits at the door.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar_url: Option<String>,
}

/// Event `presence:update`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PresenceUpdate {
    /// The room.
    pub room_id: RoomId,
    /// Each person once, in order of coming.
    pub users_online: Vec<OnlineUser>,
}

/// Event `presence:typing` as a client sends it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SetTyping {
    /// The room's id or code.
    pub room_id: RoomRef,
    /// Ends by itself 5 s after the last `true`.
    pub is_typing: bool,
}

/// Event `presence:typing` as the others get it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Typing {
    /// The room.
    pub room_id: RoomId,
    /// Who types.
    pub user_id: UserId,
    /// On which socket.
    pub socket_id: SocketId,
    /// Whether they still do.
    pub is_typing: bool,
}

/// Event `hand:raise`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RaiseHand {
    /// The room's id or code.
    pub room_id: RoomRef,
    /// Up or down.
    pub raised: bool,
}

/// Event `reaction:send`: shown on the sender's tile for a moment, never stored.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SendReaction {
    /// The room's id or code.
    pub room_id: RoomRef,
    /// One emoji.
    pub emoji: String,
}

/// Event `reaction:sent`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReactionSent {
    /// The room.
    pub room_id: RoomId,
    /// Whose tile.
    pub socket_id: SocketId,
    /// Who.
    pub user_id: UserId,
    /// The emoji.
    pub emoji: String,
}
