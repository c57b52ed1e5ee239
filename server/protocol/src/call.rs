//! Signalling, media state and ICE servers (SPEC 9). Descriptions and candidates are
//! relayed as they come; the server does not look inside.

use crate::{
    Timestamp,
    ids::{RoomRef, SocketId, UserId},
    rooms::Role,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

/// What a socket sends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Media {
    /// A live microphone.
    pub audio: bool,
    /// A live camera.
    pub video: bool,
    /// A shared screen.
    pub screen: bool,
}

/// Event `media:state`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SetMedia {
    /// The room's id or code.
    pub room_id: RoomRef,
    /// A live microphone.
    pub audio: bool,
    /// A live camera.
    pub video: bool,
    /// A shared screen.
    pub screen: bool,
}

impl SetMedia {
    /// What is sent from now on.
    #[must_use]
    pub const fn media(&self) -> Media {
        Media { audio: self.audio, video: self.video, screen: self.screen }
    }
}

/// Events `signal:offer` and `signal:answer` as a client sends them.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SendDescription {
    /// Who shall get it; `to` is accepted too.
    #[serde(alias = "to")]
    pub to_socket_id: SocketId,
    /// A session description, or its `sdp` text alone.
    #[ts(type = "RTCSessionDescriptionInit")]
    pub sdp: Value,
}

/// Event `signal:ice` as a client sends it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SendCandidate {
    /// Who shall get it; `to` is accepted too.
    #[serde(alias = "to")]
    pub to_socket_id: SocketId,
    /// An ICE candidate; null for the end of candidates.
    #[ts(type = "RTCIceCandidateInit | null")]
    pub candidate: Value,
}

/// Who signals.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SignalUser {
    /// Who.
    pub user_id: UserId,
    /// As shown in the room both are in.
    pub name: String,
    /// As that room gave it.
    pub role: Role,
}

/// Events `signal:offer` and `signal:answer` as the one addressed gets them.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Description {
    /// Filled by the server, never by the sender.
    pub from_socket_id: SocketId,
    /// As it came.
    #[ts(type = "RTCSessionDescriptionInit")]
    pub sdp: Value,
    /// Who signals.
    pub user: SignalUser,
}

/// Event `signal:ice` as the one addressed gets it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Candidate {
    /// Filled by the server, never by the sender.
    pub from_socket_id: SocketId,
    /// As it came.
    #[ts(type = "RTCIceCandidateInit | null")]
    pub candidate: Value,
    /// Who signals.
    pub user: SignalUser,
}

/// One entry of `RTCConfiguration.iceServers`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(optional_fields)]
pub struct IceServer {
    /// `stun:`, `turn:` or `turns:` URLs.
    pub urls: Vec<String>,
    /// `expiry:userId`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// base64(HMAC-SHA1(secret, username)).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credential: Option<String>,
}

/// `GET /api/ice-servers`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct IceServers {
    /// For `RTCConfiguration`.
    pub ice_servers: Vec<IceServer>,
    /// When the credentials end.
    #[cfg_attr(feature = "openapi", schema(value_type = u64))]
    pub expires_at: Timestamp,
}
