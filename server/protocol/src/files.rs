//! Files: signed addresses to upload to, and what is shown of an upload (SPEC 7).

use crate::{
    Seq, Timestamp,
    ids::{RoomId, RoomRef, UserId},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// A small picture of a file, made where the file is, and kept beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Thumbnail {
    /// In bytes, at most 256 KiB.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 262_144))]
    pub size: u64,
    /// `image/jpeg`, `image/png` or `image/webp`.
    #[cfg_attr(feature = "openapi", schema(pattern = "^image/(jpeg|png|webp)$"))]
    pub mime_type: String,
}

/// `POST /api/upload-url`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct AskUpload {
    /// The room's id or code.
    pub room_id: RoomRef,
    /// Shown, never used as a path; 1 to 255 characters.
    #[cfg_attr(
        feature = "openapi",
        schema(
            min_length = 1,
            max_length = 255,
            pattern = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"
        )
    )]
    pub name: String,
    /// In bytes: no other size can be uploaded.
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub size: u64,
    /// As `type/subtype`: no other type can be uploaded.
    #[cfg_attr(
        feature = "openapi",
        schema(pattern = r"^[a-z0-9][a-z0-9!$&^_.+-]{0,62}/[a-z0-9][a-z0-9!$&^_.+-]{0,62}$")
    )]
    pub mime_type: String,
    /// A small picture that is uploaded too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thumbnail: Option<Thumbnail>,
    /// In parts, that can be gone on with after a break.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_parts: Option<bool>,
}

/// A request that is signed: sent as it is, with these headers, it is let through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedRequest {
    /// `PUT`.
    pub method: String,
    /// Where to.
    pub url: String,
    /// All of them must be sent. The length, which is signed too, is sent by itself.
    pub headers: BTreeMap<String, String>,
}

/// How a file is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PartPlan {
    /// Bytes of each part but the last, which has what is left.
    pub size: u64,
    /// How many.
    pub count: u32,
}

/// Where to upload a file.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct UploadUrl {
    /// For ever.
    pub upload_id: String,
    /// The request that uploads all of it at once.
    #[serde(flatten)]
    pub request: SignedRequest,
    /// What names the file in messages; what is behind it, members of the room get.
    pub file_url: String,
    /// When the signatures end.
    #[cfg_attr(feature = "openapi", schema(value_type = u64))]
    pub expires_at: Timestamp,
    /// How it is cut, where parts were asked for; `POST /api/uploads/:id/parts` signs them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parts: Option<PartPlan>,
    /// The request that uploads the small picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thumbnail: Option<SignedRequest>,
}

/// An upload that is not announced yet, for who goes on with it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct UploadState {
    /// Which.
    pub upload_id: String,
    /// As asked for.
    pub name: String,
    /// As asked for.
    pub size: u64,
    /// As asked for.
    pub mime_type: String,
    /// What will name it.
    pub file_url: String,
    /// How it is cut; none where it comes at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parts: Option<PartPlan>,
    /// Numbers of the parts that are there, in order.
    pub stored: Vec<u32>,
    /// Whether all of it is there, and put together.
    pub complete: bool,
}

/// `POST /api/uploads/:id/parts`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AskParts {
    /// From 1; at most 100 at a time.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 100))]
    pub numbers: Vec<u32>,
}

/// The request that uploads a part.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedPart {
    /// Which.
    pub number: u32,
    /// Bytes.
    pub size: u64,
    /// The request.
    #[serde(flatten)]
    pub request: SignedRequest,
}

/// Where to upload parts.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PartUrls {
    /// As asked for.
    pub parts: Vec<SignedPart>,
    /// When the signatures end.
    #[cfg_attr(feature = "openapi", schema(value_type = u64))]
    pub expires_at: Timestamp,
}

/// How large a picture is, as its owner's program says. What shows it keeps so much room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PictureSize {
    /// Pixels, 1 to 65,535.
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub width: u16,
    /// Pixels, 1 to 65,535.
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub height: u16,
}

/// Event `file:uploadMeta`: shows the room what was uploaded. It must be as it was asked for.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct AnnounceFile {
    /// The room's id or code.
    pub room_id: RoomRef,
    /// As `POST /api/upload-url` gave it.
    pub upload_id: String,
    /// As `POST /api/upload-url` gave it.
    pub file_url: String,
    /// As it was asked for.
    pub name: String,
    /// As it was asked for.
    pub size: u64,
    /// As it was asked for, where it is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mime_type: Option<String>,
    /// Of a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<PictureSize>,
}

/// A file of a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct FileMeta {
    /// For ever.
    pub upload_id: String,
    /// Its room.
    pub room_id: RoomId,
    /// Members of the room get it from there.
    pub file_url: String,
    /// Shown, never used as a path.
    pub name: String,
    /// In bytes.
    pub size: u64,
    /// As it was uploaded; what may be shown in place, the server decides.
    pub mime_type: String,
    /// A small picture of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thumbnail_url: Option<String>,
    /// Of a picture, where it was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<PictureSize>,
    /// Who shared it.
    pub user_id: UserId,
    /// The name shown when it was shared.
    pub user_name: String,
    /// When it was shared.
    #[cfg_attr(feature = "openapi", schema(value_type = u64))]
    pub timestamp: Timestamp,
}

/// Ack of `file:uploadMeta`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FileAck {
    /// As everyone sees it.
    pub file_meta: FileMeta,
}

/// Event `file:shared`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FileShared {
    /// The room.
    pub room_id: RoomId,
    /// Its place in the room log.
    pub seq: Seq,
    /// The file.
    pub file_meta: FileMeta,
}

/// Event `file:deleted`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FileDeleted {
    /// The room.
    pub room_id: RoomId,
    /// Its place in the room log.
    pub seq: Seq,
    /// Which file.
    pub upload_id: String,
}

/// `GET /api/rooms/:id/files`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FileList {
    /// The newest first.
    pub files: Vec<FileMeta>,
}

/// `GET /api/files/:id/links`: addresses that work for a moment, without a token.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct FileLinks {
    /// To keep: never shown in place.
    pub download: String,
    /// To show in place; only of pictures and PDF.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inline: Option<String>,
    /// The small picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thumbnail: Option<String>,
    /// When they end.
    #[cfg_attr(feature = "openapi", schema(value_type = u64))]
    pub expires_at: Timestamp,
}
