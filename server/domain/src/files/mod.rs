//! Uploads: from the signed address to the file shown in the room (SPEC 7).

mod names;
mod objects;
mod rules;
mod shared;

pub use names::{content_disposition, file_url, thumbnail_url, upload_named};
pub use objects::{Grant, ObjectFacts, Objects, Showing, StoredPart};
pub use rules::{
    IDLE_FOR_MS, LINK_FOR, Quotas, SIGNED_FOR, Used, agrees, all_there, as_announced, is_picture, meta, new_upload,
    no_file, plan, shows_inline, thumbnail_agrees, valid_parts, whole_parts, within,
};

pub use shared::SharedFiles;

use serde::{Deserialize, Serialize};
use studyrooms_protocol::{
    Timestamp,
    files::Thumbnail,
    ids::{RoomId, UserId},
};

/// What the key of the small picture ends with.
const THUMBNAIL: &str = "-small";

/// What was asked for, and so what may be announced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Upload {
    /// For ever.
    pub upload_id: String,
    /// The room it is for.
    pub room_id: RoomId,
    /// Who uploads.
    pub user_id: UserId,
    /// The object's key: random, without the user's text.
    pub key: String,
    /// As shown; never a path.
    pub name: String,
    /// In bytes.
    pub size: u64,
    /// As signed.
    pub mime_type: String,
    /// What the object store calls the upload while it comes in parts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub multipart: Option<String>,
    /// The small picture that was signed too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thumbnail: Option<Thumbnail>,
    /// When the address was signed.
    pub created_at: Timestamp,
    /// When it was shown in the room; none while it waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub announced_at: Option<Timestamp>,
}

impl Upload {
    /// The key of the small picture.
    #[must_use]
    pub fn thumbnail_key(&self) -> String {
        format!("{}{THUMBNAIL}", self.key)
    }

    /// The upload's own key, of the key of an object that belongs to it.
    #[must_use]
    pub fn key_of(object: &str) -> &str {
        object.strip_suffix(THUMBNAIL).unwrap_or(object)
    }
}
